import ChatProtocol
import Foundation
import Testing

/// The server is told to end while everybody talks: they hear it, it is quick about it, and what it confirmed is there when it is back.
extension EndToEnd {
    @Suite struct ShutdownFaultTests {
        private static let rounds = FaultReport.size(3, long: 30)

        @Test func aServerThatEndsUnderLoadLosesNothing() async throws {
            try await withServer { server in
                var report = FaultReport("SIGTERM under load")
                var longest = 0.0
                let load = DurableLoad(limit: FaultReport.size(150, long: 600))
                let outcome = try await load.run(on: server) { ledger in
                    for _ in 0..<Self.rounds {
                        try DurableLoad.awaitProgress(of: ledger)
                        let witness = try RawClient.extended("palpatine", port: server.port)
                        longest = max(longest, try seconds { try #require(try server.stop(within: 14) == .status(0)) })
                        #expect(try witness.untilEnd().last == .event(.bye(.shutdown)))
                        try server.start()
                    }
                    try DurableLoad.awaitProgress(of: ledger)
                }
                #expect(longest < 10.5)
                outcome.check()
                report.note("times", Self.rounds)
                report.note("longest until it had ended", seconds: longest)
                outcome.describe(in: &report)
                report.print()
            }
        }

        @Test(.enabled(if: FaultReport.isLong, "set BANTER_LONG_TESTS")) func whoDoesNotReadHoldsItUpNoLongerThanItMay() throws {
            try withServer { server in
                var report = FaultReport("SIGTERM with a client that does not read")
                let deaf = try RawClient.extended("r2d2", port: server.port, receiveBuffer: 4096)
                let yoda = try RawClient.extended("yoda", port: server.port)
                // More than the kernel holds, and less than what it is cut off for.
                for _ in 0..<200 {
                    try yoda.send(.broadcast(text: String(repeating: "x", count: 16_000), key: nil), id: 1)
                    try yoda.first("reply") { if case .reply(.broadcast, _) = $0 { () } else { nil } }
                }
                #expect(try yoda.asksWhoElse() == ["r2d2"])
                let time = try seconds { try #require(try server.stop(within: 14) == .status(0)) }
                #expect(try yoda.untilEnd().last == .event(.bye(.shutdown)))
                #expect(time < 10)
                deaf.close()
                report.note("ended after", seconds: time)
                report.print()
            }
        }
    }
}
