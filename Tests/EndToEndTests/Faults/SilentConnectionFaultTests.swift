import ChatProtocol
import Foundation
import Testing

/// Thousands of connections that say nothing, or one byte a second: whoever has an account gets in at once all the same.
extension EndToEnd {
    @Suite struct SilentConnectionFaultTests {
        private static let count = FaultReport.size(600, long: 5000)
        private static let duration = FaultReport.size(1.0, long: 30.0)
        /// What a real user may wait, with a password of the usual cost in the long form.
        private static let limit = FaultReport.size(5.0, long: 1.0)

        @Test(arguments: [false, true]) func aRealUserGetsInAtOnce(_ talks: Bool) throws {
            try #require(raiseFileLimit() > 2 * Self.count, "this process may not open enough files")
            var options = ServerProcess.Options()
            if FaultReport.isLong { options.more = ["--password-cost", "17"] }
            try withServer(options) { server in
                var report = FaultReport("\(Self.count) connections that \(talks ? "say a byte a second" : "are silent")")
                let resident = try server.residentBytes()
                // Half of them from the user's own address, the others from many, no more from each than may stand.
                let sources = (0..<Self.count).map { index in
                    index < Self.count / 2 ? "127.0.0.1" : "127.1.\(index / 60 / 250).\(index / 60 % 250 + 1)"
                }
                let strangers = Strangers(port: server.port, sources: sources, talks: talks)
                defer { strangers.end() }
                try eventually("the strangers are there") { strangers.current.opened >= Self.count }

                var times: [Double] = []
                let deadline = Deadline.after(Self.duration)
                repeat {
                    times.append(
                        try seconds {
                            let hans = try RawClient.extended("hans", port: server.port)
                            try #require(try hans.tell("yoda", "in spite of them") == .success)
                            try hans.send(.logout)
                            _ = try hans.untilEnd()
                        })
                    usleep(50_000)
                } while !deadline.hasPassed
                let sorted = PingPong.Times(times.map { $0 * 1000 })
                let counts = strangers.current
                report.note("opened", counts.opened)
                report.note("cut off", counts.cutOff)
                report.note("held at the end", counts.held)
                report.note("a login, a message and a logout", sorted)
                report.note("memory more", mebibytes: try server.peakResidentBytes() - resident)
                #expect(sorted.percentile(1) < Self.limit * 1000, "\(sorted)")
                report.print()
            }
        }
    }
}
