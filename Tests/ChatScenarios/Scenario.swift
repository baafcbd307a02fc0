package import ChatProtocol

/// One rule, told as a small play: who is there, who does what, and what each of them sees of it.
package struct Scenario: Sendable, CustomStringConvertible {
    package let name: String
    package let topic: String
    package let place: TablePlace
    package var settings = Settings()
    /// Brings the world about; what is seen meanwhile is not looked at, but everything must succeed.
    package var setup: [Preparation] = []
    package var steps: [Step] = []
    /// Why the case cannot be read. A run of such a scenario is a mismatch.
    package var fault: TableFault?

    package var description: String { "\(topic): \(name)" }

    /// Time must pass at the scenario's word.
    package var needsClock: Bool {
        setup.contains { if case .wait = $0 { true } else { false } }
            || steps.contains { if case .wait = $0.action { true } else { false } }
    }

    /// The server must be stopped at once and started again on the same store.
    package var needsRestart: Bool {
        steps.contains { if case .restart = $0.action { true } else { false } }
    }

    package var needsSettings: Bool { settings != Settings() }

    /// Can be played against a real server as it comes, with the real clock.
    package var runsLive: Bool { !needsClock && !needsSettings && !needsRestart }

    /// What the server of a scenario is set to.
    package struct Settings: Equatable, Sendable {
        /// Seconds for which a name is locked after three failures.
        package var blockDuration = 60
        /// Seconds without a command after which a session ends; 0 for never.
        package var timeout = 0
        /// How many unread messages are kept for a user.
        package var mailbox = 10_000
        /// Seconds for which a lost session can be resumed.
        package var resumeWindow = 300
    }

    package enum Preparation: Sendable {
        /// Logs in on a connection that has the user's name.
        case online(Login)
        /// Comes and goes, for its effect on what is remembered.
        case visit(String)
        /// `user`, online or on a short visit, blocks the others.
        case block(user: String, others: [String])
        /// `from`, online or on a short visit, sends a message.
        case write(from: String, to: String, text: String)
        /// Three failures of a name, each on a connection of its own.
        case lockOut(String)
        case wait(milliseconds: Int)
    }

    package struct Login: Sendable {
        package var name: String
        package var password: String
        package var dialect: Dialect
        package var port: UInt16
        /// Says how others meet it for links of their own.
        package var isPeer = false
    }

    package struct Step: Sendable {
        package var line: Int
        package var action: Action
        /// What each connection sees. A connection that is not here sees nothing.
        package var views: [(connection: String, expected: [Expectation])]
    }

    package enum Action: Sendable {
        case login(Login, on: String, id: JSONValue?)
        /// With the token that the connection `of` was given last, or with one that nobody was given.
        case resume(of: String?, after: Int64?, dialect: Dialect, on: String)
        /// The page before the one that the connection got last.
        case earlierHistory(JSONObject, on: String)
        /// One frame, whatever it holds.
        case send([UInt8], on: String)
        /// The connection is lost.
        case drop(String)
        case open(String)
        case wait(milliseconds: Int)
        case restart

        var connection: String? {
            switch self {
            case .login(_, let on, _), .resume(_, _, _, let on), .earlierHistory(_, let on), .send(_, let on): on
            case .drop(let connection), .open(let connection): connection
            case .wait, .restart: nil
            }
        }
    }
}
