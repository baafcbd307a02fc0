import ChatProtocol

/// What the server has confirmed, as the senders saw it.
final class Ledger: Sendable {
    private struct State {
        /// The text that each place in each recipient's stream was confirmed to hold.
        var confirmed: [String: [UInt64: String]] = [:]
        var count = 0
        /// When each text was sent for the first time (uptime), until it has come.
        var underWay: [String: UInt64] = [:]
        /// Milliseconds from there to the recipient.
        var delays: [Double] = []
        var refusals = 0
        var failure: (any Error)?
    }

    private let state = Locked(State())

    /// Returns the text that is there already, if any: a second text for one place is an error of the server.
    func confirm(_ text: String, to recipient: String, at sequence: UInt64) -> String? {
        state.withLock { state in
            let old = state.confirmed[recipient, default: [:]].updateValue(text, forKey: sequence)
            if old == nil { state.count += 1 }
            return old
        }
    }

    func sent(_ text: String) {
        state.withLock { state in state.underWay[text] = state.underWay[text] ?? Deadline.uptime() }
    }

    func received(_ text: String) {
        state.withLock { state in
            guard let begin = state.underWay.removeValue(forKey: text) else { return }
            state.delays.append(Double(Deadline.uptime() - begin) / 1e6)
        }
    }

    /// The server could not store a message.
    func refused() { state.withLock { $0.refusals += 1 } }

    var refusals: Int { state.withLock { $0.refusals } }

    /// How long messages took, also over a time in which there was no server.
    var delays: PingPong.Times { state.withLock { PingPong.Times($0.delays) } }

    /// Runs one side's part and remembers why it failed, so that nobody waits for what cannot come any more.
    func watch<Result>(_ part: () throws -> Result) throws -> Result {
        do { return try part() } catch {
            state.withLock { state in state.failure = state.failure ?? error }
            throw error
        }
    }

    /// Throws what the first side to fail threw.
    func check() throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    var count: Int { state.withLock { $0.count } }

    func confirmed(for recipient: String) -> [UInt64: String] {
        state.withLock { $0.confirmed[recipient] ?? [:] }
    }

    func count(for recipient: String) -> Int {
        state.withLock { $0.confirmed[recipient]?.count ?? 0 }
    }
}
