package import ChatProtocol

/// What one of the tools for scripts does once it is logged in, as a value: what happens goes in, what is to be done comes out.
///
/// ``ToolRun`` has what they share: logging in, losing the connection, patience, the end.
package protocol Tool: Sendable {
    /// Whether an answer is awaited, so that ``ToolRun`` loses its patience one day.
    var isWaiting: Bool { get }
    /// Grows with every answer: patience begins anew.
    var progress: Int { get }
    /// Whether a line of standard input would be taken now.
    var wantsLine: Bool { get }

    /// Before anything else; there is no connection yet.
    mutating func start() -> [ToolOutput]
    /// Logged in, for the first time or again.
    mutating func began(_ online: SessionPhase.Online, at now: Moment) -> [ToolOutput]
    /// The connection is gone, for a while at least. Told once for each loss.
    mutating func lost(_ reason: String, at now: Moment) -> [ToolOutput]
    /// What arrives: all news but phases.
    mutating func learned(_ news: SessionNews, at now: Moment) -> [ToolOutput]
    /// A line of standard input; comes only while ``wantsLine``.
    mutating func took(_ line: String) -> [ToolOutput]
    mutating func inputEnded() -> [ToolOutput]
    /// The server ended the session.
    mutating func dismissed(_ words: String, at now: Moment) -> [ToolOutput]
}

extension Tool {
    package var wantsLine: Bool { false }
    package mutating func start() -> [ToolOutput] { [] }
    package mutating func lost(_ reason: String, at now: Moment) -> [ToolOutput] { [] }
    package mutating func took(_ line: String) -> [ToolOutput] { [] }
    package mutating func inputEnded() -> [ToolOutput] { [] }
    package mutating func dismissed(_ words: String, at now: Moment) -> [ToolOutput] { [] }
}

package enum ToolOutput: Equatable, Sendable {
    /// A line for standard output.
    case print(String)
    /// A line for standard error.
    case notice(String)
    case session(SessionInput)
    /// For the session, when everything printed so far has been written.
    case afterOutput(SessionInput)
    /// Log out, then end with this.
    case finish(ToolExit)
    /// Write what is left, then end. Nothing follows.
    case exit(ToolExit)
}
