/// The screen on which a person logs in: two fields, what was refused, and perhaps a fingerprint to confirm.
struct LoginForm: Sendable {
    enum Field: Equatable, Sendable { case name, password }

    var name = LineEditor(keepsHistory: false)
    /// Never drawn, not even its length.
    var password = LineEditor(keepsHistory: false)
    var field: Field
    /// Why the last attempt failed, or what is missing, in words.
    var fault: String?
    /// The password was tried: typing begins a new one, Enter tries it again.
    var isTried = false
    /// An unknown server's fingerprint that waits for yes or no.
    var fingerprint: String?

    /// A login with what the form holds is on its way.
    var isUnderWay = false
    /// What was typed meanwhile, for the screen behind the form. Never drawn here: it may be the password again.
    var ahead = LineEditor(keepsHistory: false)
    /// When the last key of it came, as uptime.
    var lastAhead: UInt64?

    init(name: String?) {
        self.name.set(name ?? "")
        field = self.name.isEmpty ? .name : .password
    }

    mutating func edit(_ key: Key) -> LineEditor.Action {
        switch field {
        case .name: return name.handle(key)
        case .password:
            if isTried, key != .enter {
                isTried = false
                password.clear()
            }
            return password.handle(key)
        }
    }
}
