import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct DurabilityTests {
        private static let kills = 20
        private static let senders = ["hans", "yoda", "luke"]
        private static let recipients = ["vader", "leia", "chewy"]

        @Test func confirmedMessagesSurviveKillsAndComeOnce() async throws {
            let given = ProcessInfo.processInfo.environment["BANTER_TEST_SEED"].flatMap { UInt64($0) }
            let seed = given ?? UInt64.random(in: 0 ... .max)
            do { try await killUnderLoad(SeededGenerator(seed: seed)) } catch { throw Failure("with BANTER_TEST_SEED=\(seed): \(error)") }
        }

        private func killUnderLoad(_ seeded: SeededGenerator) async throws {
            var generator = seeded
            try await withServer { server in
                let (port, ledger) = (server.port, Ledger())
                let (isStopping, isComplete) = (Flag(false), Flag(false))
                let deadline = Deadline.after(150)
                var inboxes: [String: [(sequence: UInt64, text: String)]] = [:]

                try await withThrowingTaskGroup(of: (String, [(sequence: UInt64, text: String)]).self) { recipients in
                    for name in Self.recipients {
                        recipients.addTask {
                            let recipient = DurableRecipient(name: name, port: port)
                            return (name, try ledger.watch { try recipient.run(ledger, isComplete: isComplete, deadline: deadline) })
                        }
                    }
                    // However this ends, the others do too.
                    defer { isComplete.isSet = true }
                    try await withThrowingTaskGroup(of: Void.self) { senders in
                        for name in Self.senders {
                            senders.addTask {
                                let sender = DurableSender(name: name, port: port, recipients: Self.recipients)
                                try ledger.watch { try sender.run(ledger, isStopping: isStopping, deadline: deadline) }
                            }
                        }
                        defer { isStopping.isSet = true }
                        for round in 1...Self.kills { try kill(server, round, ledger, &generator) }
                        isStopping.isSet = true
                        try await senders.waitForAll()
                    }
                    isComplete.isSet = true
                    for try await (name, inbox) in recipients { inboxes[name] = inbox }
                }
                #expect(ledger.count >= 100, "hardly a load: \(ledger.count) messages")
                for (name, inbox) in inboxes { check(inbox, of: name, ledger.confirmed(for: name)) }
            }
        }

        /// Kills the server at a random moment, under full load or while everyone is coming back, and starts it again.
        private func kill(_ server: ServerProcess, _ round: Int, _ ledger: Ledger, _ generator: inout SeededGenerator) throws {
            if round.isMultiple(of: 2) {
                let before = ledger.count
                try eventually("messages are confirmed again") {
                    try ledger.check()
                    return ledger.count > before
                }
            }
            try ledger.check()
            // The moment itself, not a wait for something.
            usleep(UInt32.random(in: 0...200_000, using: &generator))
            server.killNow()
            try server.start()
        }

        private func check(_ inbox: [(sequence: UInt64, text: String)], of name: String, _ confirmed: [UInt64: String]) {
            #expect(inbox.count == Set(inbox.map(\.text)).count, "\(name) got a message twice")
            let bySequence = Dictionary(uniqueKeysWithValues: inbox.map { ($0.sequence, $0.text) })
            let lost = confirmed.filter { bySequence[$0.key] != $0.value }
            #expect(lost.count == 0, "\(name) never got \(lost.values.sorted().prefix(10))")
            for sender in Self.senders {
                let numbers = inbox.map { $0.text.split(separator: " ") }.filter { $0[0] == sender }.map { Int($0[1]) ?? 0 }
                let isInOrder = zip(numbers, numbers.dropFirst()).allSatisfy(<)
                #expect(isInOrder, "\(name) got messages of \(sender) out of order")
            }
        }
    }
}

/// Random numbers that can be had again (SplitMix64, Steele et al. 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
