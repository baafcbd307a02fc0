package import ChatProtocol

/// What is remembered of somebody whom this client has met on one server.
package struct KnownPerson: Equatable, Sendable {
    package var user: UserName
    package var pin: PeerPin
    /// When this key was first seen, or accepted in place of another.
    package var since: Timestamp
    /// Whether the safety number was compared for this key.
    package var isVerified: Bool

    package init(user: UserName, pin: PeerPin, since: Timestamp, isVerified: Bool = false) {
        self.user = user
        self.pin = pin
        self.since = since
        self.isVerified = isVerified
    }
}

/// The text form: `server user pin milliseconds verified`, with `met` instead of `verified` for those who are not.
extension KnownPerson {
    func line(server: String) -> String {
        "\(server) \(user) \(pin) \(since.milliseconds) \(isVerified ? Self.verified : Self.met)"
    }

    /// Returns `nil` for a line that is about another server, or that this build does not understand.
    init?(line: some StringProtocol, server: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 5, words[0] == server, let user = UserName(words[1]), let pin = PeerPin(String(words[2])),
            let since = Int64(words[3]), words[4] == Self.verified || words[4] == Self.met
        else { return nil }
        self.init(user: user, pin: pin, since: Timestamp(milliseconds: since), isVerified: words[4] == Self.verified)
    }

    private static let verified = "verified"
    private static let met = "met"
}
