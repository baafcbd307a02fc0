import ChatProtocol
import Foundation
import Testing

/// The server may open no more files: those who are connected notice nothing, nothing spins, and when files are to be had again so is the
/// server.
extension EndToEnd {
    @Suite struct DescriptorFaultTests {
        private static let duration = FaultReport.size(1.0, long: 30.0)

        @Test func withoutFilesSessionsGoOnAndNewOnesComeWhenThereAreSome() throws {
            try withServer { server in
                var report = FaultReport("no more files")
                let luke = try RawClient.extended("luke", port: server.port)
                let leia = try RawClient.extended("leia", port: server.port)
                let vader = try RawClient.extended("vader", port: server.port)
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.pid)/fd").count
                try limitFiles(of: server, "\(open)")

                let waiting = try (0..<50).map { _ in try RawClient(port: server.port) }
                let newcomer = try RawClient(port: server.port)
                try newcomer.send(
                    .login(.init(name: UserName("hans"), password: "falcon", dialect: Dialect(isExtended: true, wantsPresence: false))))
                let before = try server.processorTicks()
                let (_, times) = try PingPong.during([PingPong(("luke", luke), ("leia", leia))]) { _ in usleep(UInt32(Self.duration * 1e6))
                }
                let used = Double(try server.processorTicks() - before) / 100
                report.note("chat beside it", times[0])
                report.note("processor time", "\(Int(used * 1000)) ms in \(Int(Self.duration)) s")
                #expect(times[0].count > 10, "chat goes on")
                // What chat costs, and not the whole of a processor.
                #expect(used < Self.duration * 0.7)
                #expect(try newcomer.next(within: 0) == nil)
                #expect(try vader.tell("yoda", "still here") == .success)

                // One leaves: its file is free, and somebody new is let in.
                waiting.forEach { $0.close() }
                vader.close()
                let first = try seconds {
                    _ = try newcomer.first("reply to the login", within: 10) {
                        if case .reply(.login(.success, _), _) = $0 { () } else { nil }
                    }
                }
                report.note("somebody new, once there was a file, after", seconds: first)
                #expect(first < 5)
                try limitFiles(of: server, "\(open + 100)")
                let late = try seconds { _ = try RawClient.extended("yoda", port: server.port) }
                report.note("and with more of them after", seconds: late)
                #expect(late < 5)
                report.print()
            }
        }

        /// The soft limit, which a process may raise again.
        private func limitFiles(of server: ServerProcess, _ count: String) throws {
            let run = try CommandRun("prlimit", ["--pid", "\(server.pid)", "--nofile=\(count):"], folder: server.folder)
            guard run.exit == .status(0) else { throw Failure("prlimit: \(run.errors)") }
        }

        @Test func aServerWithFewFilesTakesFewerConnectionsAndKeepsNobodyOut() throws {
            var options = ServerProcess.Options()
            options.prefix = ["prlimit", "--nofile=200:200"]
            try withServer(options) { server in
                var report = FaultReport("a limit of 200 files, 500 silent connections")
                #expect(contents(of: server.logPath).contains("fewer connections"))
                let luke = try RawClient.extended("luke", port: server.port)
                // No more from each address than may stand.
                let sources = (0..<500).map { "127.2.0.\($0 / 60 + 1)" }
                let strangers = Strangers(port: server.port, sources: sources, talks: false)
                defer { strangers.end() }
                try eventually("the strangers are there") { strangers.current.opened >= sources.count }
                var longest = 0.0
                for _ in 0..<20 {
                    longest = max(longest, try seconds { try RawClient.extended("hans", port: server.port).send(.logout) })
                    usleep(50_000)
                }
                report.note("longest login", seconds: longest)
                report.note("strangers cut off", strangers.current.cutOff)
                #expect(longest < 5)
                #expect(try luke.tell("yoda", "undisturbed") == .success)
                report.print()
            }
        }
    }
}
