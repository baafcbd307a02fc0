import ChatPeer
import ChatProtocol

/// Where a private session stands, in words.
extension Model {
    /// For the status line.
    func privateContext(_ name: UserName, at now: Moment) -> ([String], Style) {
        let theme = options.theme
        let trust = privates?.trust(of: name) ?? .new
        let isChanged = if case .changed = trust { true } else { false }
        switch privates?.status(of: name) {
        case .open(let route):
            let lag = privateLagWords(name, at: now).map { " · " + $0 } ?? ""
            let words = "\(name) · private, \(LineTexts.way(route)), \(trust.words)"
            // Prompt and tab have the name.
            let short = ["private, \(LineTexts.way(route)), \(trust.words)", "private, \(trust.words)", "private"]
            if isChanged { return (["\(words)\(lag) · /acceptkey", "KEY CHANGED · /acceptkey", "KEY CHANGED"], theme.warning) }
            let more = trust.isVerified ? [] : ["\(words)\(lag) · /verify compares"]
            return (more + [words + lag, words] + short, theme.privateTitle)
        case .interrupted:
            return (["\(name) · private, the link broke: opening another", "the link broke: opening another", "link broke"], theme.warning)
        case .awaitingConsent:
            let words = "waits for \(name) to accept"
            return (["\(name) · private: \(words)", words, "not accepted yet"], theme.status)
        case .opening: return (["\(name) · private: opening…", "private: opening…"], theme.status)
        case .asked:
            let versions = [
                "\(name) asks for a private session · /startprivate accepts · /stopprivate declines",
                "asks for privacy · /startprivate accepts", "/startprivate accepts · /stopprivate declines", "/startprivate or not",
            ]
            return (versions, theme.warning)
        case .keyChanged:
            let versions = [
                "\(name) · KEY CHANGED: nothing is sent · /acceptkey", "KEY CHANGED: nothing sent · /acceptkey", "KEY CHANGED",
            ]
            return (versions, theme.warning)
        case nil:
            if isChanged { return (["\(name) · KEY CHANGED · /acceptkey", "KEY CHANGED · /acceptkey", "KEY CHANGED"], theme.warning) }
            let versions = [
                "\(name) · no private session · /startprivate opens one", "no session · /startprivate opens one", "no private session",
            ]
            return (versions, theme.status)
        }
    }

    /// A question that waits elsewhere for the user.
    var askingWords: [String]? {
        guard let user = privates?.asking, channel != .private(user) else { return nil }
        let words = "\(user) asks for a private session"
        let key = whereToFind(.private(user))
        return [
            "\(words) · \(key) goes there, /startprivate \(user) accepts", "\(words) · \(key) goes there", words, "\(user) asks: \(key)",
        ]
    }

    /// Whether the other side waits for the user's word.
    func isAsking(_ room: Room) -> Bool {
        guard case .private(let name) = room.channel else { return false }
        return privates?.status(of: name) == .asked
    }

    /// A sign at a tab whose other side has another key than before.
    func warning(of room: Room) -> String {
        guard case .private(let name) = room.channel, case .changed? = privates?.trust(of: name) else { return "" }
        return "!"
    }
}
