import ChatProtocol
import Foundation
import Testing

/// A person whose server is killed again and again: connects, resumes where that is possible, logs in where it is not.
struct DurableSession {
    let name: String
    let port: UInt16
    private var token: ResumeToken?

    init(name: String, port: UInt16) {
        self.name = name
        self.port = port
    }

    /// A connection with a session on it, and whether the session is one taken up again.
    /// - Parameter after: the last direct message that is here already.
    mutating func enter(after: UInt64?) throws -> (client: RawClient, isResumed: Bool) {
        let client = try RawClient(port: port)
        if let token {
            try client.send(
                .resume(.init(token: token, after: after, dialect: Dialect(isExtended: true, wantsPresence: false))), id: 0)
            let (status, welcome) = try client.first("reply to resume") { message in
                if case .reply(.resume(let status, let welcome), _) = message { (status, welcome) } else { nil }
            }
            if status == .success {
                self.token = welcome?.token ?? token
                return (client, true)
            }
            self.token = nil
            guard status == .expired else { throw ConnectionEnded("resume: \(status)") }
        }
        let (status, welcome) = try client.logIn(name)
        switch status {
        case .success:
            token = welcome?.token
            return (client, false)
        case .alreadyLoggedIn, .busy:
            // Not for long; the caller tries again.
            throw ConnectionEnded("login: \(status)")
        default: throw Failure("login of \(name) after a restart: \(status)")
        }
    }

    /// Calls `body` with one connection after the other until it returns normally.
    mutating func stayConnected(by deadline: Deadline, after: () -> UInt64?, _ body: (RawClient, Bool) throws -> Void) throws {
        while true {
            do {
                let (client, isResumed) = try enter(after: after())
                defer { client.close() }
                return try body(client, isResumed)
            } catch let end as ConnectionEnded {
                try Task.checkCancellation()
                if deadline.hasPassed { throw Failure("\(name) does not get through any more: \(end)") }
                usleep(10_000)
            }
        }
    }
}
