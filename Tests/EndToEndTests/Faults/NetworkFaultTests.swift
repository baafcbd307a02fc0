import ChatProtocol
import Foundation
import Testing

/// The network between a client and the server goes silent, or loses and delays: both sides notice in time, and nothing is lost or doubled.
extension EndToEnd {
    @Suite(.enabled(if: Machines.isPossible, "needs root, network namespaces and tcpdump")) struct NetworkFaultTests {
        /// Seconds of silence after which the server asks, and in which it then wants an answer.
        private static let keepAlive = FaultReport.size(1, long: 30)
        private static let grace = FaultReport.size(1, long: 10)

        private func withMachines(_ body: (Machines, ServerProcess) throws -> Void) throws {
            try withTemporaryFolder { folder in
                let machines = try Machines(["server", "hans", "luke"], folder: folder)
                var options = ServerProcess.Options()
                options.host = machines.address(of: "server")
                options.prefix = machines.on("server")
                options.more = ["--plaintext", "always", "--keep-alive", "\(Self.keepAlive)"]
                try withServer(options) { try body(machines, $0) }
            }
        }

        @Test func silenceIsNoticedInTimeAndNothingIsLostOrDoubled() throws {
            try withMachines { machines, server in
                var report = FaultReport("a network that goes silent")
                let hans = try Talker("hans", machines, server)
                let luke = try Talker("luke", machines, server)
                try hans.awaitsPresence(of: "luke", isOnline: true)
                try hans.send("before", to: "luke")
                try luke.awaits("before")

                // His last word is on its way when the line goes silent; it never gets to the server, nor does the server's to him.
                try machines.silence("server", "luke")
                try luke.post("into the void", to: "hans", key: "void")
                let noticed = try seconds {
                    try hans.send("while nobody listens", to: "luke")
                    try hans.awaitsPresence(of: "luke", isOnline: false)
                }
                report.note("offline after", seconds: noticed)
                #expect(noticed < Double(Self.keepAlive + Self.grace) + 2)

                try machines.restore(["server", "luke"])
                let back = try seconds {
                    try luke.resume()
                    try hans.awaitsPresence(of: "luke", isOnline: true)
                }
                report.note("resumed, and seen to be, after", seconds: back)
                #expect(back < 2)
                try luke.awaits("while nobody listens")
                // Twice for good measure: the key makes it one.
                for _ in 1...2 { try luke.confirm("into the void", to: "hans", key: "void") }
                try luke.send("the end", to: "hans")
                try hans.send("the end", to: "luke")
                try hans.awaits("into the void")
                try hans.awaits("the end")
                try luke.awaits("the end")
                #expect(hans.inbox == ["into the void", "the end"])
                #expect(luke.inbox == ["before", "while nobody listens", "the end"])
                report.note("lost", 0)
                report.note("duplicated", hans.inbox.count + luke.inbox.count - 5)
                report.print()
            }
        }

        /// What the client waits for an answer is not the server's to say, so this takes its time.
        @Test(.enabled(if: FaultReport.isLong, "set BANTER_LONG_TESTS")) func theRealClientNoticesAndComesBack() throws {
            try withMachines { machines, server in
                var report = FaultReport("the real client on a network that goes silent")
                let hans = try Talker("hans", machines, server)
                let client = try client("luke", machines, server)
                try hans.awaitsPresence(of: "luke", isOnline: true)
                try machines.silence("server", "luke")
                try client.write("message hans into the void")
                let noticed = try seconds {
                    try eventually("the client notices", within: 60) {
                        try hans.receive()
                        return client.errors.contains("Connection lost")
                    }
                }
                report.note("noticed by the client after", seconds: noticed)
                try hans.send("while nobody listens", to: "luke")
                try machines.restore(["server", "luke"])
                let back = try seconds {
                    try eventually("the client is back", within: 60) {
                        try hans.receive()
                        return client.errors.contains("Connected again.")
                    }
                }
                report.note("back after", seconds: back)
                try client.expect("hans's message") { $0.hasPrefix("hans: while nobody listens") }
                try hans.awaits("into the void")
                try hans.send("the end", to: "luke")
                try client.expect("the end") { $0.hasPrefix("hans: the end") }
                #expect(client.transcript.count { $0.contains("while nobody listens") } == 1)
                #expect(hans.inbox == ["into the void"])
                report.print()
            }
        }

        @Test func aBadLineDelaysAndLosesNothing() throws {
            try withMachines { machines, server in
                let count = FaultReport.size(50, long: 1000)
                var report = FaultReport("a line of 128 kbit/s that drops what waits")
                let hans = try Talker("hans", machines, server)
                let luke = try Talker("luke", machines, server)
                // The server's line: what it sends is what gets lost.
                try machines.spoilLine(of: "server", kilobits: 128, queue: "6k")
                let times = Locked<[Double]>([])
                for number in 1...count {
                    // Bursts of ten, more than the queue takes.
                    let start = Deadline.uptime()
                    try hans.post("\(number) " + String(repeating: "x", count: 400), to: "luke", key: "key-\(number)")
                    if number % 10 == 0 {
                        while luke.inbox.count < number { try luke.receive() }
                        times.withLock { $0.append(Double(Deadline.uptime() - start) / 1e6) }
                    }
                }
                let numbers = luke.inbox.map { Int($0.prefix { $0.isNumber }) }
                #expect(numbers == (1...count).map { $0 })
                report.note("sent", count)
                report.note("arrived in order", numbers == (1...count).map { $0 } ? "all" : "not all")
                report.note("packets lost", try machines.lost(by: "server"))
                report.note("until a burst of ten is there", PingPong.Times(times.withLock { $0 }))
                #expect(try machines.lost(by: "server") > 0, "the line is not bad at all")
                try machines.mendLine(of: "server")
                report.print()
            }
        }

        private func client(_ name: String, _ machines: Machines, _ server: ServerProcess) throws -> PipeClient {
            let folder = "\(server.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: "\(folder)/client", withIntermediateDirectories: true)
            guard let fingerprint = server.readyLine.split(separator: " ").first(where: { $0.hasPrefix("SHA256:") }) else {
                throw Failure("no fingerprint in \(server.readyLine)")
            }
            let trust = try CommandRun(
                Binaries.banter(), ["trust", "--data", "\(folder)/client", server.host, "\(server.port)", "\(fingerprint)"], folder: folder)
            guard trust.exit == .status(0) else { throw Failure("banter trust: \(trust.errors)") }
            let client = try PipeClient(host: server.host, port: server.port, folder: folder, on: machines.on(name))
            try client.write(name, Accounts.password(of: name))
            try client.expectWelcome()
            return client
        }
    }
}

/// Somebody on a machine of their own who takes a lost session up again, and keeps what came.
private final class Talker {
    let name: String
    /// Texts of direct messages, each once, in the order in which they came.
    private(set) var inbox: [String] = []
    private let machines: Machines
    private let server: ServerProcess
    private var client: RawClient
    private var token: ResumeToken?
    private var last: UInt64?
    private var online: [String: Bool] = [:]

    init(_ name: String, _ machines: Machines, _ server: ServerProcess) throws {
        self.name = name
        self.machines = machines
        self.server = server
        client = try Self.connect(name, machines, server)
        let login = Request.Login(
            name: UserName(name), password: Accounts.password(of: name), dialect: Dialect(isExtended: true, wantsPresence: true))
        try client.send(.login(login), id: 0)
        token = try client.first("reply to the login") { message in
            if case .reply(.login(.success, let welcome), _) = message { welcome } else { nil }
        }.token
    }

    private static func connect(_ name: String, _ machines: Machines, _ server: ServerProcess) throws -> RawClient {
        let (host, port) = (server.host, server.port)
        return try machines.enter(name) { Unchecked(try RawClient(host: host, port: port)) }.value
    }

    /// A new connection; the old one is left as a broken network leaves it.
    func resume() throws {
        client.close()
        client = try Self.connect(name, machines, server)
        let token = try #require(token)
        let dialect = Dialect(isExtended: true, wantsPresence: true)
        try client.send(.resume(.init(token: token, after: last, dialect: dialect)), id: 0)
        let status = try client.first("reply to resume") { message in
            if case .reply(.resume(let status, _), _) = message { status } else { nil }
        }
        guard status == .success else { throw Failure("resume: \(status)") }
    }

    func send(_ text: String, to other: String) throws { try confirm(text, to: other, key: "\(name)-\(text.hashValue)") }

    /// Sends and waits for nothing.
    func post(_ text: String, to other: String, key: String) throws {
        try client.send(.message(to: UserName(other), text: text, key: MessageKey(key)), id: 7)
    }

    /// Sends, and waits until it is confirmed.
    func confirm(_ text: String, to other: String, key: String) throws {
        try post(text, to: other, key: key)
        let deadline = Deadline.after(Deadline.patience)
        while !deadline.hasPassed {
            if case .reply(.message(let status, _), _)? = try receive() {
                guard status == .success else { throw Failure("“\(text)”: \(status)") }
                return
            }
        }
        throw Failure("“\(text)” is not confirmed")
    }

    func awaits(_ text: String) throws {
        let deadline = Deadline.after(Deadline.patience)
        while !inbox.contains(text) {
            if deadline.hasPassed { throw Failure("\(name) never got “\(text)”, but \(inbox)") }
            try receive()
        }
    }

    func awaitsPresence(of other: String, isOnline: Bool) throws {
        let deadline = Deadline.after(60)
        while online[other] != isOnline {
            if deadline.hasPassed { throw Failure("\(name) never saw \(other) \(isOnline ? "come" : "go")") }
            try receive()
        }
    }

    @discardableResult
    func receive() throws -> ServerMessage? {
        let message = try client.next(within: 0.2)
        switch message {
        case .event(.message(_, let text, let receipt)):
            guard receipt.sequence > last ?? 0 else { break }
            last = receipt.sequence
            inbox.append(text)
            try client.send(.ack(through: receipt.sequence))
        case .event(.presence(let presence)):
            if presence.isReset { online = [:] }
            for name in presence.online { online[name.text] = true }
            for name in presence.offline { online[name.text] = false }
        case .event(.ping): try client.send(.pong)
        default: break
        }
        return message
    }
}
