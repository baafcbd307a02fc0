package import ChatProtocol
import Dispatch
import Glibc

/// Checks and makes password hashes on a few threads of its own, away from the Hub and the event loops.
///
/// At most `width` at a time, each of which takes 128 MiB at the default cost; at most `capacity` wait, and whoever comes
/// beyond that is told that it is busy. Addresses take turns, so that one that asks for many does not hold up the others, and
/// what a connection asked for is dropped when it closes.
package final class PasswordPool: Sendable {
    /// log2 of scrypt's N, for new hashes.
    package let cost: Int
    private let width: Int
    private let capacity: Int
    private let waiting = Locked(PasswordQueue())
    private let queue = DispatchQueue(label: "passwords", attributes: .concurrent)
    /// What names that nobody has are checked against, so that they take as long as any.
    private let nobody: PasswordHash

    package init(cost: Int, width: Int, capacity: Int = 1024) {
        self.cost = cost
        self.width = max(1, width)
        self.capacity = capacity
        nobody = PasswordHash(ofNothingAt: cost)
    }

    /// Checks `password`. A hash of another cost than today's is made anew when the password is right.
    package func check(
        _ password: String, against hash: String?, for id: ConnectionID, at address: String,
        done: @escaping @Sendable (PasswordVerdict) -> Void
    ) {
        submit(for: id, at: address, busy: { done(.busy) }) { [self] in done(verdict(on: password, against: hash)) }
    }

    /// What ``check(_:against:done:)`` does, at once: it takes as long whether anybody has the name or not.
    package func verdict(on password: String, against hash: String?) -> PasswordVerdict {
        // What can never have been set is wrong. (HMAC, on which scrypt rests, takes a key for the same with a NUL behind it.)
        guard let known = hash.flatMap({ PasswordHash($0) }), PasswordHash.isAcceptable(password) else {
            _ = nobody.matches(password)
            return .wrong
        }
        guard known.matches(password) else {
            // A hash from cheaper days must not be told by its speed.
            if known.cost < cost { _ = nobody.matches(password) }
            return .wrong
        }
        return known.cost == cost ? .right : .rightWithNewHash(PasswordHash(of: password, cost: cost).text)
    }

    /// Checks the old password and hashes the new one.
    package func change(
        _ old: String, to new: String, against hash: String, for id: ConnectionID, at address: String,
        done: @escaping @Sendable (PasswordVerdict) -> Void
    ) {
        let cost = cost
        submit(for: id, at: address, busy: { done(.busy) }) {
            guard let known = PasswordHash(hash), known.matches(old) else { return done(.wrong) }
            done(.rightWithNewHash(PasswordHash(of: new, cost: cost).text))
        }
    }

    /// Drops what a connection asked for and nobody has begun with; nothing is answered.
    package func cancel(_ id: ConnectionID) {
        waiting.withLock { $0.remove(id) }
    }

    private func submit(for id: ConnectionID, at address: String, busy: () -> Void, _ job: @escaping @Sendable () -> Void) {
        enum Verdict { case queued, start, full }
        let verdict = waiting.withLock { waiting -> Verdict in
            guard waiting.count < capacity else { return .full }
            waiting.add(PasswordQueue.Job(connection: id, run: job), at: Origin(address))
            guard waiting.running < width else { return .queued }
            waiting.running += 1
            return .start
        }
        switch verdict {
        case .full: busy()
        case .queued: break
        case .start: queue.async { [self] in drain() }
        }
    }

    private func drain() {
        // Linux has this for each thread (setpriority(2)): a chat goes before a login. The thread keeps it; nothing that is urgent runs on
        // Dispatch's threads.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 5)
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        waiting.withLock { waiting in
            if let job = waiting.next() { return job.run }
            waiting.running -= 1
            return nil
        }
    }
}
