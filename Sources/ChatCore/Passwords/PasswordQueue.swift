package import ChatProtocol

/// Jobs that wait for a thread. Each origin has a line of its own, and the lines take turns.
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
    private var lines: [Origin: [Job]] = [:]
    /// The origins that wait, the next one first.
    private var turns: [Origin] = []

    package init() {}

    package mutating func add(_ job: Job, at origin: Origin) {
        if lines[origin] == nil { turns.append(origin) }
        lines[origin, default: []].append(job)
        count += 1
    }

    package mutating func next() -> Job? {
        guard let origin = turns.first, let job = lines[origin]?.first else { return nil }
        turns.removeFirst()
        lines[origin]?.removeFirst()
        if lines[origin]?.isEmpty == true { lines[origin] = nil } else { turns.append(origin) }
        count -= 1
        return job
    }

    package mutating func remove(_ connection: ConnectionID) {
        for (origin, line) in lines {
            let kept = line.filter { $0.connection != connection }
            guard kept.count < line.count else { continue }
            count -= line.count - kept.count
            lines[origin] = kept.isEmpty ? nil : kept
            if kept.isEmpty { turns.removeAll { $0 == origin } }
            return
        }
    }
}
