package import ChatProtocol

/// Jobs that wait for a thread. Each address has a line of its own, and the lines take turns.
package struct PasswordQueue: Sendable {
    package struct Job: Sendable {
        package var connection: ConnectionID
        package var run: @Sendable () -> Void

        package init(connection: ConnectionID, run: @escaping @Sendable () -> Void) {
            self.connection = connection
            self.run = run
        }
    }

    /// Threads at work.
    package var running = 0
    package private(set) var count = 0
    package var isEmpty: Bool { count == 0 }
    private var lines: [String: [Job]] = [:]
    /// The addresses that wait, the next one first.
    private var turns: [String] = []

    package init() {}

    package mutating func add(_ job: Job, at address: String) {
        if lines[address] == nil { turns.append(address) }
        lines[address, default: []].append(job)
        count += 1
    }

    package mutating func next() -> Job? {
        guard let address = turns.first, let job = lines[address]?.first else { return nil }
        turns.removeFirst()
        lines[address]?.removeFirst()
        if lines[address]?.isEmpty == true { lines[address] = nil } else { turns.append(address) }
        count -= 1
        return job
    }

    package mutating func remove(_ connection: ConnectionID) {
        for (address, line) in lines {
            let kept = line.filter { $0.connection != connection }
            guard kept.count < line.count else { continue }
            count -= line.count - kept.count
            lines[address] = kept.isEmpty ? nil : kept
            if kept.isEmpty { turns.removeAll { $0 == address } }
            return
        }
    }
}
