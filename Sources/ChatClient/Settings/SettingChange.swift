/// One line of the settings that has a meaning: a value that was checked, or a key and what it does.
package enum SettingChange: Equatable, Sendable {
    case value(SettingKey, String)
    /// `nil` takes the key's meaning away.
    case binding(Key, UserAction?)

    /// Reads `KEY = VALUE`, `KEY VALUE` or `bind KEY ACTION`.
    init(_ line: some StringProtocol) throws(SettingFault) {
        let line = Substring(line)
        let words = line.split(whereSeparator: \.isBlank)
        if words.first == "bind" {
            guard let action = words.last, words.count == 3 || words.count == 4 else {
                throw SettingFault("bind KEY ACTION, such as: bind Ctrl-O switcher")
            }
            let name = words[1..<words.count - 1].joined(separator: " ")
            guard let key = Key(name: name) else {
                throw SettingFault("\(Sanitizer.line(name)) is no key that can be bound: Ctrl-X, Alt-X, F5, Alt-Up…, or two of them")
            }
            if action == "none" {
                self = .binding(key, nil)
                return
            }
            guard let action = UserAction(name: String(action)) else {
                throw SettingFault("\(Sanitizer.line(String(action))) is no action: " + UserAction.names.joined(separator: " ") + " none")
            }
            self = .binding(key, action)
            return
        }
        let name = line.drop(while: \.isBlank).prefix { !$0.isBlank && $0 != "=" }
        guard let key = SettingKey(rawValue: String(name)) else {
            let names = SettingKey.allCases.map(\.rawValue).joined(separator: " ")
            throw SettingFault("There is no setting \(Sanitizer.line(String(name))): \(names) bind")
        }
        var value = line[name.endIndex...].drop(while: \.isBlank)
        if value.first == "=" { value = value.dropFirst().drop(while: \.isBlank) }
        while let last = value.last, last.isBlank { value = value.dropLast() }
        let isKnown = key.values?.contains(String(value)) ?? !value.isEmpty
        guard isKnown else { throw SettingFault("\(key.rawValue) is " + (key.values?.joined(separator: ", ") ?? "a folder")) }
        self = .value(key, String(value))
    }

    /// What it sets; `nil` for a binding.
    var key: SettingKey? { if case .value(let key, _) = self { key } else { nil } }

    /// As the file has it.
    var line: String {
        switch self {
        case .value(let key, let value): "\(key.rawValue) = \(value)"
        case .binding(let key, let action): "bind \(key.name) \(action?.name ?? "none")"
        }
    }

    /// Whether both are about the same, so that the later one holds.
    func replaces(_ other: SettingChange) -> Bool {
        switch (self, other) {
        case (.value(let key, _), .value(let other, _)): key == other
        case (.binding(let key, _), .binding(let other, _)): key == other
        default: false
        }
    }
}

/// Why a line sets nothing, in words.
package struct SettingFault: Error, Equatable {
    let words: String
    init(_ words: String) { self.words = words }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" }
}
