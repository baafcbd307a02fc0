package import ChatPeer
package import ChatProtocol

/// Joins private sessions to the session with the server: asks it to bring two clients together, and passes on what it says about that.
package struct Introductions: Sendable {
    private var asked: [Ticket: UserName] = [:]

    package init() {}

    /// The request that carries out `PeerOutput.ask`. `ticket` is one that stands for nothing else.
    package mutating func ask(_ user: UserName, _ ticket: Ticket) -> SessionInput {
        asked[ticket] = user
        return .request(.startprivate(user), ticket)
    }

    /// What `news` means for the private sessions, if anything. Of replies and failures, those that answer ``ask(_:_:)``: nobody else
    /// waits for them.
    package mutating func meaning(of news: SessionNews) -> PeerInput? {
        switch news {
        case .phase(.online(let online)): .loggedIn(as: online.name)
        // A link for files is no private session.
        case .privateRequest(let introduction): introduction.purpose == .chat ? .request(introduction) : nil
        case .reply(let reply, let ticket): asked.removeValue(forKey: ticket).map { Self.meaning(of: reply, for: $0) }
        case .failed(let ticket, _): asked.removeValue(forKey: ticket).map { .refused($0, .noServer) }
        case .phase, .message, .broadcast, .presence, .delivered, .complaint, .nonsense: nil
        }
    }

    private static func meaning(of reply: Reply, for user: UserName) -> PeerInput {
        guard case .startprivate(let rendezvous) = reply else { return .refused(user, .unclear) }
        switch rendezvous {
        case .peer(let introduction): return .introduced(introduction, asked: user)
        case .userNotExist: return .refused(user, .userNotExist)
        case .userSelf: return .refused(user, .userSelf)
        case .userBlocked: return .refused(user, .userBlocked)
        case .userOffline: return .refused(user, .userOffline)
        // An address without a key would be plain text.
        case .unsupported, .success: return .refused(user, .unsupported)
        }
    }
}
