import ChatProtocol
import ChatScenarios
import Testing

extension EndToEnd {
    /// A sample of the table of cases, played against the real server: every seventh of those that need no clock and no settings.
    @Suite struct LiveScenarioTests {
        static let sample = ScenarioTable.all.filter(\.runsLive).enumerated().compactMap { $0.offset % 7 == 0 ? $0.element : nil }

        @Test(arguments: sample)
        func ruleHolds(_ scenario: Scenario) async throws {
            try await withServer(.init(more: ["--store", "memory"])) { server in
                var world = LiveWorld(port: server.port)
                let mismatches = try await scenario.play(in: &world)
                #expect(mismatches.map(\.description) == [])
            }
        }
    }
}

/// The real server behind real sockets, with the real clock.
private struct LiveWorld: ScenarioWorld {
    private let port: UInt16
    private var clients: [String: Client] = [:]

    private struct Client {
        let raw: RawClient
        var received: [ServerMessage] = []
        var isClosed = false
        /// Changes of password that are not answered: hashing takes its time, and other answers overtake theirs.
        var hashing = 0
    }

    struct Unplayable: Error {}

    init(port: UInt16) { self.port = port }

    mutating func open(_ connection: String) throws {
        clients[connection] = Client(raw: try RawClient(port: port))
    }

    mutating func send(_ frame: [UInt8], on connection: String) throws {
        // With a newline, so that the server does not space its answers out as it does for the original's clients.
        _ = try clients[connection]?.raw.offer(frame + [UInt8(ascii: "\n")])
        let request = frame.withUnsafeBytes { try? RequestFrame(decoding: $0).request }
        if case .passwd? = request { clients[connection]?.hashing += 1 }
    }

    mutating func drop(_ connection: String) {
        clients.removeValue(forKey: connection)?.raw.close()
    }

    mutating func advance(milliseconds: Int) throws { throw Unplayable() }
    mutating func restart() throws { throw Unplayable() }

    /// The Hub takes things in the order of their coming, so when each connection's ping has been answered, and then once more
    /// for what the first answers set off, everything before them has had its effect.
    mutating func settle() throws {
        for round in 1...3 {
            let mark = RequestID.settling(round)
            for (name, client) in clients where !client.isClosed {
                _ = try client.raw.offer(RequestFrame(.ping, id: mark).encoded())
                var isAnswered = false
                while !isAnswered || (clients[name]?.hashing ?? 0) > 0 {
                    guard let message = try? client.raw.next(within: 10) else {
                        clients[name]?.isClosed = true
                        break
                    }
                    if message.isAnswerToPasswd { clients[name]?.hashing -= 1 }
                    if message.isAnswer(to: mark) { isAnswered = true } else { clients[name]?.received.append(message) }
                }
            }
        }
    }

    mutating func received(on connection: String) -> [ServerMessage] {
        defer { clients[connection]?.received = [] }
        return clients[connection]?.received ?? []
    }

    func isClosed(_ connection: String) -> Bool { clients[connection]?.isClosed ?? true }
}

extension RequestID {
    fileprivate static func settling(_ round: Int) -> RequestID { RequestID(Int64(990_000 + round)) }
}

extension ServerMessage {
    fileprivate var isAnswerToPasswd: Bool {
        switch self {
        case .reply(.passwd, _), .reply(.refused(action: "passwd", _), _): true
        default: false
        }
    }

    /// A ping before login is refused, which is as good an answer.
    fileprivate func isAnswer(to mark: RequestID) -> Bool {
        if case .reply(_, mark) = self { true } else { false }
    }
}
