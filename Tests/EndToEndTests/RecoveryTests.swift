import ChatProtocol
import Foundation
import Testing

/// Server gone, silent or restarted, client stopped, network cut: the client comes back by itself, what was typed meanwhile is sent once, and
/// the status line tells the truth all the while.
extension EndToEnd {
    @Suite struct RecoveryTests {
        private static let isLong = ProcessInfo.processInfo.environment["BANTER_LONG_TESTS"] != nil
        /// What the status line says while there is a session on a connection, whatever of it is cut off.
        private static let online = "yoda@"

        @Test func linesForAServerThatIsKilledAreSentOnce() throws {
            try withServer { server in
                let yoda = try PseudoTerminal.client("yoda", server)
                defer { yoda.end() }
                for number in 1...20 { try yoda.enter("/message hans before \(number)") }
                // In the middle of it: some of these are confirmed, some are on their way, some are not read yet.
                try yoda.waitFor("before 1")
                server.killNow()
                try Self.waitUntilOffline(yoda)
                let dead = Deadline.uptime()
                for number in 1...3 { try yoda.enter("/message hans dark \(number)") }
                try yoda.waitFor("dark 3")
                try yoda.waitUntil("that lines wait is said") { $0.contains { $0.contains("lines wait") } }
                try yoda.waitUntil("each line says that it waits") { lines in
                    lines.filter { $0.contains("dark ") && $0.contains("… queued") }.count == 3
                }
                #expect(!yoda.saidInStatus(Self.online, since: dead))
                try server.start()
                try yoda.waitFor(Self.online)
                try yoda.enter("/message hans after")
                let expected = (1...20).map { "before \($0)" } + (1...3).map { "dark \($0)" }
                #expect(try Self.received(by: "hans", server, until: "after") == expected)
                try yoda.waitFor("delivered")
                try expectFreshDrawing(on: yoda)
            }
        }

        @Test func silentServerIsNoticedAndLinesAreSentOnce() throws {
            try withServer { server in
                // The shortest keep-alive, to which the patience for an answer is added.
                let impatient = try LyingServer(before: server.port) {
                    $0.replacingOccurrences(of: "\"keepalive\":30", with: "\"keepalive\":1")
                }
                let limit = 1 + 10 + 5.0
                let yoda = try PseudoTerminal.client("yoda", server, port: impatient.port, more: ["--plaintext"])
                defer { yoda.end() }
                try yoda.enter("/message hans before")
                try yoda.waitFor("sent")
                server.send(SIGSTOP)
                for number in 1...3 { try yoda.enter("/message hans dark \(number)") }
                try Self.waitUntilOffline(yoda, within: limit)
                let noticed = Deadline.uptime()
                try yoda.waitUntil("that lines wait is said") { $0.contains { $0.contains("3 lines") } }
                try yoda.enter("/message hans dark 4")
                try yoda.waitFor("4 lines")
                #expect(!yoda.saidInStatus(Self.online, since: noticed))
                server.send(SIGCONT)
                try yoda.waitFor(Self.online)
                try yoda.enter("/message hans after")
                let expected = ["before"] + (1...4).map { "dark \($0)" }
                #expect(try Self.received(by: "hans", server, until: "after") == expected)
            }
        }

        @Test func stoppedClientMissesNothing() throws {
            try withServer { server in
                let yoda = try PseudoTerminal.client("yoda", server)
                defer { yoda.end() }
                try yoda.type("half typed")
                try yoda.waitUntil("the typed text") { Screen.input(in: $0) == "half typed" }
                yoda.send(SIGSTOP)
                if Self.isLong {
                    try yoda.read(for: 120)
                } else {
                    // The session's connection does not outlive this.
                    #expect(try server.stop() == .status(0))
                    try server.start()
                }
                let hans = try RawClient.extended("hans", port: server.port)
                for number in 1...3 { try hans.tell("yoda", "asleep \(number)") }
                let awake = Deadline.uptime()
                yoda.send(SIGCONT)
                try yoda.waitFor("asleep 3")
                try yoda.waitFor(Self.online)
                try yoda.waitUntil("what was typed") { Screen.input(in: $0) == "half typed" }
                for number in 1...3 {
                    let text = "asleep \(number)"
                    try yoda.waitUntil("“\(text)” once") { lines in lines.filter { $0.contains(text) }.count == 1 }
                }
                #expect(yoda.saidInStatus(Self.online, since: awake))
                try expectFreshDrawing(on: yoda)
            }
        }

        @Test(.enabled(if: isLong && Machines.isPossible, "set BANTER_LONG_TESTS, as root")) func cutNetworkIsNoticedAndComesBack() throws {
            try withTemporaryFolder { folder in
                let machines = try Machines(["server", "yoda", "hans"], folder: folder)
                var options = ServerProcess.Options()
                options.host = machines.address(of: "server")
                options.prefix = machines.on("server")
                options.more = ["--plaintext", "always"]
                try withServer(options) { server in
                    func client(_ name: String) throws -> PseudoTerminal {
                        try PseudoTerminal.client(name, server, more: ["--plaintext"], on: machines.on(name))
                    }
                    let (yoda, hans) = (try client("yoda"), try client("hans"))
                    defer { [yoda, hans].forEach { $0.end() } }
                    try yoda.enter("/message hans before")
                    try hans.waitFor("before")
                    try machines.separate(["server", "yoda"])
                    let cut = Deadline.uptime()
                    for number in 1...3 { try yoda.enter("/message hans dark \(number)") }
                    // Keep-alive 30 s and 10 s for an answer, from the last word.
                    try Self.waitUntilOffline(yoda, within: 45)
                    let noticed = Deadline.uptime()
                    try yoda.waitFor("3 lines wait")
                    try yoda.read(for: 60)
                    #expect(!yoda.saidInStatus(Self.online, since: noticed))
                    try machines.restore(["server", "yoda"])
                    try yoda.waitFor(Self.online, within: 45)
                    try hans.waitFor("dark 3")
                    try yoda.enter("/message hans after")
                    try hans.waitFor("after")
                    for text in ["before", "dark 1", "dark 2", "dark 3", "after"] {
                        #expect(
                            hans.screen.lines.filter { $0.contains(text) && !$0.contains("─") }.count == 1, "\(text) once\n\(hans.text)")
                    }
                    print("noticed after \((noticed - cut) / 1_000_000) ms")
                }
            }
        }

        private static func waitUntilOffline(
            _ terminal: PseudoTerminal, within seconds: Double = 5, at place: SourceLocation = #_sourceLocation
        ) throws {
            try terminal.waitUntil("the status line owns up", within: seconds, at: place) { lines in !lines.contains { $0.contains(online) }
            }
        }

        /// All direct messages for somebody up to one, each acknowledged.
        private static func received(by name: String, _ server: ServerProcess, until last: String) throws -> [String] {
            let client = try RawClient.extended(name, port: server.port)
            var texts: [String] = []
            while true {
                let (text, sequence) = try client.first("message after \(texts)") { message in
                    if case .event(.message(_, let text, let receipt)) = message { (text, receipt.sequence) } else { nil }
                }
                try client.send(.ack(through: sequence))
                if text == last { return texts }
                texts.append(text)
            }
        }
    }
}
