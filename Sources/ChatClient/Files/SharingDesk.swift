package import ChatPeer
import ChatProtocol

/// Joins the files' side to the session with the server: passes its questions on, and what the server says about them back.
package struct SharingDesk: Sendable {
    private var asked: [Ticket: SharingTicket] = [:]
    private var isOnline = false

    package init() {}

    /// The request that carries out `SharingOutput.ask` or `introduce`; `nil` for anything else. `ticket` is one that stands for nothing
    /// else.
    package mutating func ask(_ output: SharingOutput, _ ticket: Ticket) -> SessionInput? {
        switch output {
        case .ask(let question, let request):
            asked[ticket] = question
            return .request(.swarm(request), ticket)
        case .introduce(let user, let question):
            asked[ticket] = question
            return .request(.startprivate(user, for: .bulk), ticket)
        case .dial, .expect, .send, .close, .disk, .tell: return nil
        }
    }

    /// What `news` means for the files, if anything. Nobody else waits for the replies among them.
    package mutating func meaning(of news: SessionNews) -> SharingInput? {
        switch news {
        case .phase(.online(let online)):
            isOnline = true
            return .online(as: online.name)
        case .phase:
            guard isOnline else { return nil }
            isOnline = false
            return .offline
        case .privateRequest(let introduction): return introduction.purpose == .bulk ? .request(introduction) : nil
        case .reply(let reply, let ticket): return asked.removeValue(forKey: ticket).map { Self.meaning(of: reply, for: $0) }
        case .failed(let ticket, let failure):
            return asked.removeValue(forKey: ticket).map { .failed($0, reason: failure.words) }
        case .message, .broadcast, .presence, .delivered, .complaint, .nonsense: return nil
        }
    }

    private static func meaning(of reply: Reply, for question: SharingTicket) -> SharingInput {
        switch reply {
        case .swarm(let reply): .answered(question, reply)
        case .startprivate(.peer(let introduction)): .introduced(question, introduction)
        case .startprivate(.userOffline): .failed(question, reason: "not online")
        case .startprivate(.userBlocked): .failed(question, reason: "you are blocked")
        case .startprivate: .failed(question, reason: "not possible with that client")
        case .refused(_, let refusal): .failed(question, reason: refusal.words)
        case .unknownAction: .failed(question, reason: "this server keeps no index of files")
        default: .failed(question, reason: "the server's answer makes no sense")
        }
    }
}

/// Who may fetch files from this client, of those whom the user has not blocked.
package enum ServeSetting: String, Sendable, CaseIterable {
    case everyone
    /// Those whose keys are verified.
    case verified
    case nobody

    /// Who can fetch a file that is offered.
    var reach: String {
        switch self {
        case .everyone: "Everyone here can fetch it"
        case .verified: "Those whom you have verified can fetch it"
        case .nobody: "Nobody can fetch it before serve is set to everyone or verified"
        }
    }

    package func rule(_ book: TrustBook?) -> ServeRule {
        switch self {
        case .everyone: .everyone
        case .verified:
            .only(Dictionary(uniqueKeysWithValues: (book?.everyone ?? []).filter(\.isVerified).map { ($0.user, $0.pin) }))
        case .nobody: .nobody
        }
    }
}
