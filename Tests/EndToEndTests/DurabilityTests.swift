import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct DurabilityTests {
        private static let kills = FaultReport.size(20, long: 100)

        @Test func confirmedMessagesSurviveKillsAndComeOnce() async throws {
            let given = ProcessInfo.processInfo.environment["BANTER_TEST_SEED"].flatMap { UInt64($0) }
            let seed = given ?? UInt64.random(in: 0 ... .max)
            do { try await killUnderLoad(SeededGenerator(seed: seed)) } catch { throw Failure("with BANTER_TEST_SEED=\(seed): \(error)") }
        }

        private func killUnderLoad(_ seeded: SeededGenerator) async throws {
            var generator = seeded
            try await withServer { server in
                var report = FaultReport("kill -9 of the server")
                let outcome = try await DurableLoad(limit: FaultReport.size(150, long: 900)).run(on: server) { ledger in
                    for round in 1...Self.kills { try kill(server, round, ledger, &generator) }
                }
                #expect(outcome.ledger.count >= 100, "hardly a load: \(outcome.ledger.count) messages")
                outcome.check()
                report.note("kills", Self.kills)
                outcome.describe(in: &report)
                report.print()
            }
        }

        /// Kills the server at a random moment, under full load or while everyone is coming back, and starts it again.
        private func kill(_ server: ServerProcess, _ round: Int, _ ledger: Ledger, _ generator: inout SeededGenerator) throws {
            if round.isMultiple(of: 2) { try DurableLoad.awaitProgress(of: ledger) }
            try ledger.check()
            // The moment itself, not a wait for something.
            usleep(UInt32.random(in: 0...200_000, using: &generator))
            server.killNow()
            try server.start()
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
