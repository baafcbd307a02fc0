import ChatProtocol
import Foundation
import Testing

/// Clients are killed without any warning and start again: nothing that was confirmed stays unseen, and no client shows anything twice.
extension EndToEnd {
    @Suite struct KilledClientFaultTests {
        private static let names = ["obiwan", "r2d2"]
        private static let kills = FaultReport.size(5, long: 100)

        @Test func whoIsKilledSeesTheRestWhenItIsBack() async throws {
            try await withServer { server in
                var report = FaultReport("kill -9 of \(Self.names.count) clients")
                let seen = Locked<[String: [[String]]]>([:])
                var load = DurableLoad(limit: FaultReport.size(150, long: 900))
                load.others = Self.names
                let outcome = try await load.run(on: server) { ledger in
                    let group = DispatchGroup()
                    let failures = Locked<[any Error]>([])
                    let handed = Unchecked(server)
                    for (index, name) in Self.names.enumerated() {
                        group.enter()
                        Thread.detachNewThread {
                            defer { group.leave() }
                            do {
                                var recipient = KilledRecipient(name: name, server: handed.value)
                                var generator = SeededGenerator(seed: UInt64(index))
                                for _ in 0..<Self.kills { try recipient.live(until: Int.random(in: 1...200, using: &generator)) }
                                let lives = recipient.lives
                                seen.withLock { $0[name] = lives }
                            } catch { failures.withLock { $0.append(error) } }
                        }
                    }
                    group.wait()
                    if let failure = failures.withLock({ $0.first }) { throw failure }
                }
                outcome.check()
                // Nobody sends any more; what is left is shown by one that is not killed.
                var (lost, twice, disorder, repeated) = (0, 0, 0, 0)
                for name in Self.names {
                    var recipient = KilledRecipient(name: name, server: server, lives: seen.withLock { $0[name] ?? [] })
                    let confirmed = Set(outcome.ledger.confirmed(for: name).values)
                    try recipient.live(untilAllOf: confirmed)
                    lost += confirmed.subtracting(recipient.lives.joined()).count
                    twice += recipient.lives.reduce(0) { $0 + $1.count - Set($1).count }
                    disorder += recipient.lives.reduce(0) { $0 + DurableLoad.inversions($1) }
                    repeated += recipient.lives.reduce(0) { $0 + $1.count } - Set(recipient.lives.joined()).count
                }
                #expect(lost == 0)
                #expect(twice == 0)
                #expect(disorder == 0)
                report.note("kills", Self.kills * Self.names.count)
                report.note("confirmed", outcome.ledger.count)
                report.note("lost", lost)
                report.note("shown twice by one client", twice)
                report.note("out of order", disorder)
                report.note("shown again after a kill", repeated)
                report.print()
            }
        }
    }
}

/// A real client that is killed and started again, and what each of its lives has shown.
private struct KilledRecipient {
    let name: String
    let server: ServerProcess
    private(set) var lives: [[String]]

    init(name: String, server: ServerProcess, lives: [[String]] = []) {
        self.name = name
        self.server = server
        self.lives = lives
    }

    /// One life, which ends when so many messages were shown, or after some seconds without enough of them.
    mutating func live(until count: Int) throws {
        try live { client in
            var shown = 0
            try? client.expect("messages", within: 3) { line in
                if Self.text(in: line) != nil { shown += 1 }
                return shown >= count
            }
        }
    }

    mutating func live(untilAllOf texts: Set<String>) throws {
        let missing = texts.subtracting(lives.joined())
        try live { client in
            var rest = missing
            guard !rest.isEmpty else { return }
            try client.expect("the \(rest.count) messages that are left", within: 60) { line in
                if let text = Self.text(in: line) { rest.remove(text) }
                return rest.isEmpty
            }
        }
    }

    private mutating func live(_ body: (PipeClient) throws -> Void) throws {
        let client = try logIn()
        let result = Result { try body(client) }
        client.killNow()
        _ = try client.remaining()
        lives.append(client.transcript.compactMap(Self.text))
        try result.get()
    }

    /// The session before this one ends when the server sees that its connection has; until then nobody gets in.
    private func logIn() throws -> PipeClient {
        let deadline = Deadline.after(Deadline.patience)
        while true {
            let client = try PipeClient(port: server.port, folder: server.folder)
            try client.write(name, Accounts.password(of: name))
            do {
                try client.expect("an answer to the login", within: 5) { line in
                    if line.contains("already logged in") { throw ConnectionEnded("too early") }
                    return line.hasPrefix("Welcome")
                }
                return client
            } catch {
                if deadline.hasPassed { throw Failure("\(name) does not get in: \(error)") }
            }
        }
    }

    /// `hans 17` in `hans: hans 17 (12:30)`.
    private static func text(in line: String) -> String? {
        let words = line.split(separator: " ")
        guard words.count >= 3, words[0] == words[1] + ":", Int(words[2]) != nil else { return nil }
        return "\(words[1]) \(words[2])"
    }
}
