/// What people try who know other programs but not this one, and what they mean by it.
enum FirstTry: Equatable {
    case help, quit

    private static let cries: Set<String> = ["?", "h", ":h", ":help", "man", "usage", "--help", "-h"]
    private static let exits: Set<String> = ["exit", "q", ":q", ":q!", ":wq", ":x", ":qa", ":quit", "logoff", "disconnect"]

    init?(_ line: some StringProtocol) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count == 1 else { return nil }
        let word = words[0].lowercased()
        if Self.cries.contains(word) { self = .help } else if Self.exits.contains(word) { self = .quit } else { return nil }
    }

    /// - Parameters:
    ///   - help: the key for help.
    ///   - quit: the key that quits when it is pressed twice.
    func remedy(help: String, quit: String) -> String {
        switch self {
        case .help: "\(help) or /help shows all keys and commands"
        case .quit: "/quit leaves, as does \(quit) twice"
        }
    }
}
