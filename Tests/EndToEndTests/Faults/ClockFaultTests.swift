import ChatProtocol
import Foundation
import Testing

/// Somebody sets the server's clock while it runs: what is due comes when it is due, and nothing spins.
extension EndToEnd {
    @Suite(.enabled(if: FalseClock.isPossible, "needs a C compiler")) struct ClockFaultTests {
        private static let hour = 3600
        /// Seconds without a command after which a session ends, and for which a name is locked.
        private static let limit = 1

        @Test(arguments: [hour, -hour]) func deadlinesHoldWhenTheClockIsSet(_ change: Int) throws {
            try withTemporaryFolder { folder in
                var report = FaultReport("clock set \(change > 0 ? "forward" : "back") by an hour")
                let clock = try FalseClock(folder: folder)
                var options = ServerProcess.Options()
                options.timeout = Self.limit
                options.blockDuration = Self.limit
                options.prefix = clock.prefix
                let server = try ServerProcess(folder: folder, options: options)
                defer { server.end() }
                try server.start()

                try clock.set(change)
                let hans = try RawClient.extended("hans", port: server.port)
                let timeout = try seconds { try hans.first("time-out", within: 10) { $0 == .event(.timeout) ? () : nil } }
                report.note("session of \(Self.limit) s ended after", seconds: timeout)
                #expect(abs(timeout - Double(Self.limit)) < 0.9)

                // Set to the true time again, the server is in the past or the future of what it has noted.
                let luke = try RawClient.extended("luke", port: server.port)
                let sequence = try sequenceOfMessage(from: luke)
                for password in ["a", "b", "c"] { _ = try RawClient(port: server.port).logIn("vader", password) }
                try clock.set(0)
                #expect(try RawClient(port: server.port).logIn("vader").0 == .blocked)
                var attempt = Reply.LoginStatus.blocked
                let locked = try seconds {
                    try eventually("the name is free again", within: 10) {
                        attempt = try RawClient(port: server.port).logIn("vader").0
                        return attempt != .blocked
                    }
                }
                report.note("name locked for", seconds: locked)
                #expect(attempt == .success)
                #expect(abs(locked - Double(Self.limit)) < 0.9)
                let later = try RawClient.extended("leia", port: server.port)
                #expect(try sequenceOfMessage(from: later) == sequence + 1, "places in a stream do not go by the clock")

                let before = try server.processorTicks()
                let again = try RawClient.extended("hans", port: server.port)
                try clock.set(change)
                let second = try seconds { try again.first("time-out", within: 10) { $0 == .event(.timeout) ? () : nil } }
                report.note("clock set meanwhile, ended after", seconds: second)
                #expect(abs(second - Double(Self.limit)) < 0.9)
                let used = try server.processorTicks() - before
                report.note("processor time meanwhile", "\(used * 10) ms")
                #expect(used < 100, "\(used * 10) ms of processor time in \(Self.limit) s in which nothing happened")
                report.print()
            }
        }

        private func sequenceOfMessage(from client: RawClient) throws -> UInt64 {
            try client.send(.message(to: UserName("yoda"), text: "what time is it?", key: nil), id: 1)
            return try client.first("reply") { message in
                if case .reply(.message(.success, let receipt), _) = message { receipt?.sequence } else { nil }
            }
        }
    }
}
