import ChatProtocol
import Foundation
import Testing

/// One in five of those who are online stops reading: they are cut off at the bound, and the others hardly notice.
extension EndToEnd {
    @Suite struct SlowReaderFaultTests {
        private static let count = FaultReport.size(100, long: 1000)
        private static let stopping = count / 5
        /// Milliseconds between two broadcasts: what two processors carry to all with time to spare.
        private static let pace = FaultReport.size(10, long: 60)
        private static let calm = FaultReport.size(60, long: 150)
        /// What may wait in the server for one client, and room for the programs' own needs.
        private static let bound = 1 << 20
        private static let slack = 64 << 20

        @Test func thoseWhoStopReadingAreCutOffAndTheOthersHardlyNotice() throws {
            try #require(raiseFileLimit() > Self.count + 100, "this process may not open enough files")
            var options = ServerProcess.Options()
            options.credentials = Accounts.numbered(Self.count) + "yoda wise\n"
            try withServer(options) { server in
                var report = FaultReport("\(Self.stopping) of \(Self.count) readers stop")
                let crowd = try ReadingCrowd(count: Self.count, stopping: Self.stopping, port: server.port)
                defer { crowd.end() }
                let yoda = try RawClient.extended("yoda", port: server.port)
                let text = String(repeating: "x", count: 16_000)

                for _ in 0..<Self.calm { try broadcast(text, by: yoda, to: crowd) }
                try eventually("everyone has everything") { crowd.hasAll }
                let before = crowd.takeTimes()
                let resident = try server.residentBytes()

                crowd.stopReading()
                var sent = 0
                while cutOff(by: server) < Self.stopping {
                    // The kernel's buffers of both sides, and the bound.
                    guard sent < 3000 else { throw Failure("only \(cutOff(by: server)) were cut off") }
                    sent += 1
                    try broadcast(text, by: yoda, to: crowd)
                }
                try eventually("everyone has everything") { crowd.hasAll }
                let during = crowd.takeTimes()
                let growth = try server.peakResidentBytes() - resident
                report.note("broadcasts until then", sent)
                report.note("cut off", cutOff(by: server))
                report.note("others before", before)
                report.note("others meanwhile", during)
                report.note("memory more", mebibytes: growth)
                #expect(cutOff(by: server) == Self.stopping, "nobody else")
                #expect(try yoda.asksWhoElse().count == Self.count - Self.stopping)
                #expect(growth < Self.stopping * Self.bound + Self.slack)
                // The short form shares the machine with whatever else runs there, and has few samples.
                let allowed = FaultReport.isLong ? 2 * before.percentile(0.99) : 5 * before.percentile(0.99) + 100
                #expect(during.percentile(0.99) < allowed, "before: \(before); meanwhile: \(during)")
                report.print()
            }
        }

        private func cutOff(by server: ServerProcess) -> Int {
            contents(of: server.logPath).split(separator: "\n").count { $0.contains("cut off a slow reader") }
        }

        private func broadcast(_ text: String, by sender: RawClient, to crowd: ReadingCrowd) throws {
            let next = Deadline.after(Double(Self.pace) / 1000)
            crowd.broadcasts()
            try sender.send(.broadcast(text: text, key: nil), id: 1)
            try sender.first("reply") { if case .reply(.broadcast, _) = $0 { () } else { nil } }
            while try !next.hasPassed && sender.next(within: Double(next.milliseconds) / 1000) != nil {}
        }
    }
}
