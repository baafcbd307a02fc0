import ChatProtocol
import Foundation
import Testing

/// Logins without end, with right passwords and with wrong ones: hashing takes no more memory than it may, and those who chat do not notice.
extension EndToEnd {
    @Suite struct LoginFloodFaultTests {
        /// In seconds: more than a hundred exchanges, so that one which the machine itself has held up is no verdict.
        private static let duration = FaultReport.size(2.5, long: 20.0)
        /// A hash takes 2^cost KiB: 2 MiB in the short form, 128 MiB with the cost that servers really have.
        private static let cost = FaultReport.size(11, long: 17)
        private static let connections = FaultReport.size(16, long: 60)

        @Test(arguments: [false, true]) func chatDoesNotNoticeAFloodOfLogins(_ isRight: Bool) throws {
            var options = ServerProcess.Options()
            options.credentials = Accounts.numbered(FaultReport.size(4, long: 20)) + "luke lightsaber\nleia blasterpistol\nyoda wise\n"
            options.more = ["--password-cost", "\(Self.cost)"]
            try withServer(options) { server in
                var report = FaultReport("a flood of logins with \(isRight ? "right" : "wrong") passwords")
                let pair = PingPong(
                    ("luke", try RawClient.extended("luke", port: server.port)), ("leia", try RawClient.extended("leia", port: server.port))
                )
                let (_, before) = try PingPong.during([pair]) { _ in usleep(UInt32(Self.duration * 1e6)) }
                let resident = try server.residentBytes()

                let flood = LoginFlood(
                    port: server.port, connections: Self.connections, isRight: isRight, accounts: FaultReport.size(4, long: 20))
                defer { flood.end() }
                try eventually("the flood has begun") { flood.answers > 0 }
                var login = 0.0
                let (_, during) = try PingPong.during([pair]) { _ in
                    usleep(UInt32(Self.duration * 1e6))
                    // From an address of their own people do not wait behind the flood.
                    login = try seconds {
                        let yoda = try RawClient(port: server.port, from: "127.0.0.2")
                        #expect(try yoda.logIn("yoda").0 == .success)
                    }
                }
                let growth = try server.peakResidentBytes() - resident
                report.note("answered", flood.answers)
                report.note("told that it is busy", flood.busy)
                report.note("chat before", before[0])
                report.note("chat meanwhile", during[0])
                report.note("a login from elsewhere", seconds: login)
                report.note("memory more", mebibytes: growth)
                let cores = ProcessInfo.processInfo.activeProcessorCount
                #expect(growth < cores << (Self.cost + 10) + 48 << 20 + sanitizedMemory)
                #expect(login < 10)
                #expect(during[0].percentile(0.99) < 5 * before[0].percentile(0.99) + 50, "before: \(before[0]); meanwhile: \(during[0])")
                report.print()
            }
        }
    }
}

/// Connections that log in again and again, as fast as they are answered.
private final class LoginFlood: Sendable {
    private struct Counts {
        var answers = 0
        var busy = 0
    }

    private let counts = Locked(Counts())
    private let isOver = Flag(false)
    private let group = DispatchGroup()

    init(port: UInt16, connections: Int, isRight: Bool, accounts: Int) {
        for number in 0..<connections {
            group.enter()
            Thread.detachNewThread { [self] in
                defer { group.leave() }
                var round = 0
                while !isOver.isSet {
                    guard let client = try? RawClient(port: port) else { continue }
                    // Three wrong ones end the connection, and a name that nobody has costs a hash without being locked at once.
                    for attempt in 0..<3 where !isOver.isSet {
                        round += 1
                        let name = isRight ? "user\(number % accounts)" : "nobody-\(number)-\(round)"
                        guard let status = try? client.logIn(name, isRight ? "secret" : "wrong \(attempt)").0 else { break }
                        counts.withLock { counts in
                            counts.answers += 1
                            if status == .busy { counts.busy += 1 }
                        }
                        if status == .success { break }
                    }
                }
            }
        }
    }

    var answers: Int { counts.withLock { $0.answers } }
    var busy: Int { counts.withLock { $0.busy } }

    func end() {
        isOver.isSet = true
        group.wait()
    }
}
