import ChatProtocol

/// What the server has confirmed, as the senders saw it.
final class Ledger: Sendable {
    private struct State {
        /// The text that each place in each recipient's stream was confirmed to hold.
        var confirmed: [String: [UInt64: String]] = [:]
        var count = 0
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
