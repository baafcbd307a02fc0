/// What IRC clients have and this one does not, or does with a key: for these no word of ours is near.
enum ForeignCommand: Equatable {
    /// Opens a conversation.
    case query
    /// Goes to another one.
    case goTo
    /// There is nothing like it.
    case absent

    private static let moves: Set<String> = ["join", "j", "buffer", "window", "win", "channel", "room", "switch"]
    private static let absentees: Set<String> = [
        "me", "action", "away", "back", "afk", "whois", "whowas", "nick", "topic", "kick", "ban", "op", "deop", "mode", "invite", "ctcp",
        "notice", "server", "connect", "alias", "exec", "script",
    ]

    init?(_ name: some StringProtocol) {
        let word = name.lowercased()
        switch word {
        case "query": self = .query
        case _ where Self.moves.contains(word): self = .goTo
        case _ where Self.absentees.contains(word): self = .absent
        default: return nil
        }
    }

    /// - Parameters:
    ///   - name: as it was typed.
    ///   - switcher: the key that goes to a conversation by its name.
    ///   - first: the key that goes to the first one.
    func remedy(name: String, switcher: String, first: String) -> (words: String, short: String) {
        switch self {
        case .query: ("/msg NAME opens a conversation", "/msg NAME")
        case .goTo: ("\(switcher) goes to a conversation or a person, \(first) to the first", "\(switcher) goes there")
        case .absent: ("There is no such thing as /\(name) here", "No such thing here")
        }
    }
}
