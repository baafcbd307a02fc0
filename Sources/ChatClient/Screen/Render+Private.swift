import ChatPeer
import ChatProtocol

/// Where a private session stands, in words.
extension Model {
    /// For the status line.
    func privateContext(_ name: UserName, at now: Moment) -> (String, Style) {
        let theme = options.theme
        let trust = privates?.trust(of: name) ?? .new
        let isChanged = if case .changed = trust { true } else { false }
        switch privates?.status(of: name) {
        case .open(let route):
            let lag = privateLagWords(name, at: now).map { " · " + $0 } ?? ""
            let words = "\(name) · private, \(LineTexts.way(route)), \(trust.words)\(lag)"
            if isChanged { return (words + " · /acceptkey", theme.warning) }
            return (trust.isVerified ? words : words + " · /verify compares", theme.privateTitle)
        case .interrupted: return ("\(name) · private, the link broke: opening another", theme.warning)
        case .opening: return ("\(name) · private: opening…", theme.status)
        case .asked: return ("\(name) asks for a private session · /startprivate accepts · /stopprivate declines", theme.warning)
        case .keyChanged: return ("\(name) · KEY CHANGED: nothing is sent · /acceptkey", theme.warning)
        case nil:
            if isChanged { return ("\(name) · KEY CHANGED · /acceptkey", theme.warning) }
            return ("\(name) · no private session · /startprivate opens one", theme.status)
        }
    }

    /// A sign at a tab whose other side has another key than before.
    func warning(of room: Room) -> String {
        guard case .private(let name) = room.channel, case .changed? = privates?.trust(of: name) else { return "" }
        return "!"
    }
}
