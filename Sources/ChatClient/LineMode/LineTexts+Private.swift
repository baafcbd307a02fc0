import ChatPeer
import ChatProtocol

/// The texts of private sessions. Scripts rely on those that are printed.
extension LineTexts {
    static let privateOff = "Error. This client takes no private sessions"
    static func privateStarted(_ user: UserName) -> String { "Start private messaging with \(user)" }
    static func privateNotEnabled(_ user: String) -> String { "Error. Private messaging to \(user) not enabled" }
    static func privateStopped(by user: UserName) -> String { "\(user) has stopped private messaging" }

    /// Why there is no session, on standard output and as a refusal.
    static func privateRefused(_ user: UserName, _ end: PeerEnd) -> String {
        switch end {
        case .refused(.userNotExist): invalidUser
        case .refused(.userSelf): "Error. Cannot start private messaging with self"
        case .refused(.userBlocked): "Error. \(user) has blocked you"
        case .refused(.userOffline): "Error. \(user) is offline"
        case .refused(.unsupported): "Error. \(user) uses a client without encrypted private messaging"
        case .refused(.noServer): "Error. There is no connection to the server, which is needed to start private messaging"
        case .refused(.unclear): "Error. The server does not bring clients together for private messaging"
        case .unreachable(let reason): "Error. \(user) cannot be reached (\(Sanitizer.line(reason)))"
        case .linkDead(let reason): "Error. The link to \(user) broke (\(Sanitizer.line(reason)))"
        case .declinedByThem: "Error. \(user) declined private messaging"
        case .stoppedByThem: "Error. \(user) has stopped private messaging"
        case .leftByThem: "Error. \(user) has left"
        case .wrongPin: "Error. Somebody answered in place of \(user), with another key than the server named. Nothing was sent"
        case .keyChanged: "Error. The key of \(user) has changed since you verified it. Nothing was sent"
        case .broken(let reason): "Error. The client of \(user) does not keep to the protocol (\(Sanitizer.line(reason)))"
        case .tooMany: "Error. There are too many private sessions"
        case .stoppedByMe, .leftByMe, .declinedByMe: "Error. Private messaging with \(user) was given up"
        }
    }

    /// Why a session that was open is no more.
    static func privateOver(_ user: UserName, _ end: PeerEnd) -> String {
        switch end {
        case .stoppedByThem: privateStopped(by: user)
        case .leftByThem: "Private messaging with \(user) is over: \(user) has left"
        case .linkDead(let reason): "Private messaging with \(user) is over: the link broke (\(Sanitizer.line(reason)))"
        case .broken(let reason):
            "Private messaging with \(user) is over: the other client does not keep to the protocol (\(Sanitizer.line(reason)))"
        default: "Private messaging with \(user) is over"
        }
    }

    static func privateFailed(_ user: UserName, _ failure: LineFailure) -> String {
        switch failure {
        case .noSession: privateNotEnabled(user.text)
        case .empty: empty
        case .tooLong: tooLong
        case .queueFull: "Error. Too many private messages wait for \(user)"
        case .notDelivered: "Error. Your private message to \(user) was not delivered"
        case .keyChanged: privateRefused(user, .keyChanged)
        }
    }

    // MARK: Keys

    static func safetyNumber(_ user: UserName, _ number: SafetyNumber) -> [String] {
        ["Safety number with \(user):"] + number.lines(perLine: 6).map { "    \($0)" }
    }
    static func noKey(_ user: String) -> String { "Error. The key of \(user) is not known yet: start private messaging first" }
    static func noChangedKey(_ user: String) -> String { "Error. The key of \(user) has not changed" }
    static func trust(_ user: UserName, _ judgement: TrustJudgement) -> String {
        switch judgement {
        case .known(isVerified: true): "\(user) is verified"
        case .known(isVerified: false): "The key of \(user) is accepted, but not verified"
        case .new: "The key of \(user) is forgotten"
        case .changed: "Error. The key of \(user) has changed; accept it first: acceptkey \(user)"
        }
    }

    // MARK: Notices, on standard error

    static func privateOpen(_ user: UserName, _ route: PeerRoute, _ judgement: TrustJudgement, isMine: Bool) -> String {
        let trust =
            switch judgement {
            case .new: "met for the first time"
            case .known(isVerified: true): "verified"
            case .known(isVerified: false): "not verified"
            case .changed: "CHANGED KEY"
            }
        let what = isMine ? "Private messaging with \(user)" : "\(user) has started private messaging with you"
        return "\(what): \(way(route)), \(trust)"
    }
    static func privateResumed(_ user: UserName, _ route: PeerRoute) -> String {
        "Private messaging with \(user) goes on: \(way(route))"
    }
    static func way(_ route: PeerRoute) -> String {
        switch route {
        case .direct: "direct"
        case .relayed: "relayed"
        }
    }
    static func privateInterrupted(_ user: UserName) -> String {
        "The private link to \(user) broke. Opening another; messages wait meanwhile."
    }
    static func privateAsked(_ user: UserName, _ judgement: TrustJudgement) -> String {
        "\(user)\(judgement.isVerified ? " (verified)" : "") asks for private messaging. "
            + "Accept with: startprivate \(user) - decline with: stopprivate \(user)"
    }
    static func privateTurnedAway(_ user: UserName) -> String {
        "\(user) asked for private messaging and was declined: only verified people may."
    }
    static func keyChanged(_ user: UserName, wasVerified: Bool) -> String {
        let remedy = "Only if you know why, accept it with: acceptkey \(user)"
        return wasVerified
            ? "WARNING: the key of \(user) has changed since you verified it. There is no private messaging until you accept it. \(remedy)"
            : "WARNING: the key of \(user) is not the one of before: this may be somebody else. \(remedy)"
    }
    static func stillWaiting(_ user: UserName) -> String { "Still waiting for \(user). You will be told." }
    static func privateEnded(_ user: UserName) -> String { "Private messaging with \(user) is stopped." }
}
