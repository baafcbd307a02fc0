import ChatProtocol

extension Scenario {
    /// Plays the scenario and tells the first step at which the world does not do as it says; nothing if there is none.
    package func play(in world: inout some ScenarioWorld) async throws -> [Mismatch] {
        var run = ScenarioRun(self)
        return try await run.play(in: &world)
    }
}

/// What a run knows of a connection.
private struct Client {
    /// What was asked for with the last login.
    var asked: (name: String, isExtended: Bool)?
    var user: String?
    var isExtended = false
    var token: ResumeToken?
    var historyPlace: HistoryPlace?
    /// The recipient of the last message sent, if its reply tells of this one only.
    var recipient: String?
}

private enum Seen {
    case message(ServerMessage)
    case closed

    func meets(_ expected: Expectation) -> Bool {
        switch (expected, self) {
        case (.message(let pattern), .message(let message)): pattern.matches(message)
        case (.closed, .closed): true
        default: false
        }
    }
}

private struct ScenarioRun {
    private let scenario: Scenario
    private var line: Int
    private var open: Set<String> = []
    /// Also of connections that are closed, for their tokens.
    private var clients: [String: Client] = [:]
    /// How each user was connected last.
    private var isExtended: [String: Bool] = [:]
    private var views: [String: [Seen]] = [:]
    /// When each message was sent, by stream and sequence number.
    private var times: [String: [UInt64: Timestamp]] = [:]
    private var mismatches: [Mismatch] = []

    /// Keep-alive pings must be answered while time passes: at least this often they are looked for.
    private static let slice = 5_000

    init(_ scenario: Scenario) {
        self.scenario = scenario
        line = scenario.place.line
    }

    mutating func play(in world: inout some ScenarioWorld) async throws -> [Mismatch] {
        if let fault = scenario.fault {
            line = fault.place.line
            mismatch(nil, expected: "a case that can be read", got: fault.reason)
            return mismatches
        }
        for preparation in scenario.setup {
            try await prepare(preparation, &world)
            views = [:]
            guard mismatches.isEmpty else { return mismatches }
        }
        for step in scenario.steps {
            line = step.line
            views = [:]
            try await perform(step.action, &world)
            compare(step)
            guard mismatches.isEmpty else { break }
        }
        return mismatches
    }

    private mutating func mismatch(_ connection: String?, expected: String, got: String) {
        let place = TablePlace(file: scenario.place.file, line: line)
        mismatches.append(
            Mismatch(scenario: scenario.description, place: place, connection: connection, expected: expected, got: got))
    }

    // MARK: Preparations

    private mutating func prepare(_ preparation: Scenario.Preparation, _ world: inout some ScenarioWorld) async throws {
        switch preparation {
        case .online(let login):
            try await require(.login(login, on: login.name, id: nil), &world, "\(login.name) logs in") {
                if case .reply(.login(.success, _), _) = $0 { true } else { false }
            }
        case .visit(let name): try await visit(name, &world) { _, _ in }
        case .block(let user, let others):
            try await visit(user, &world) { run, world in
                for other in others {
                    let frame: JSONObject = ["action": .string("block"), "user": .string(other)]
                    try await run.require(.send(frame.bytes, on: run.seat(of: user)), &world, "\(user) blocks \(other)") {
                        $0 == .reply(.block(.success), id: nil)
                    }
                }
            }
        case .write(let from, let to, let text):
            try await visit(from, &world) { run, world in
                let frame: JSONObject = ["action": .string("message"), "user": .string(to), "message": .string(text)]
                try await run.require(.send(frame.bytes, on: run.seat(of: from)), &world, "\(from) writes \(to)") {
                    if case .reply(.message(.success, _), _) = $0 { true } else { false }
                }
            }
        case .lockOut(let name):
            for _ in 1...3 {
                let login = Scenario.Login(name: name, password: "no password of anybody", dialect: .original, port: 0)
                try await require(.login(login, on: "intruder", id: nil), &world, "a wrong password is refused") {
                    if case .reply(.login(let status, _), _) = $0 { status != .success } else { false }
                }
                try await perform(.drop("intruder"), &world)
            }
        case .wait(let milliseconds): try await perform(.wait(milliseconds: milliseconds), &world)
        }
    }

    private func seat(of user: String) -> String { open.contains(user) ? user : "visitor" }

    /// Does something as `user`, who comes for it and leaves again unless online. Visitors acknowledge nothing, so what waits
    /// for them goes on waiting.
    private mutating func visit<World: ScenarioWorld>(
        _ user: String, _ world: inout World, _ deed: (inout ScenarioRun, inout World) async throws -> Void
    ) async throws {
        let comesForIt = !open.contains(user)
        if comesForIt {
            let password = Account.named(user)?.password ?? ""
            let dialect = Dialect(isExtended: true, wantsPresence: false)
            let login = Scenario.Login(name: user, password: password, dialect: dialect, port: 0)
            try await require(.login(login, on: "visitor", id: nil), &world, "\(user) logs in") {
                if case .reply(.login(.success, _), _) = $0 { true } else { false }
            }
        }
        try await deed(&self, &world)
        if comesForIt {
            let frame: JSONObject = ["action": .string("logout")]
            try await require(.send(frame.bytes, on: "visitor"), &world, "\(user) logs out") { $0 == .reply(.logout, id: nil) }
        }
    }

    private mutating func require(
        _ action: Scenario.Action, _ world: inout some ScenarioWorld, _ what: String, _ holds: (ServerMessage) -> Bool
    ) async throws {
        guard mismatches.isEmpty else { return }
        views = [:]
        try await perform(action, &world)
        let seen = action.connection.flatMap { views[$0] } ?? []
        let holds = seen.contains { if case .message(let message) = $0 { holds(message) } else { false } }
        if !holds { mismatch(action.connection, expected: "as preparation: \(what)", got: words(seen)) }
    }

    // MARK: Deeds

    private mutating func perform(_ action: Scenario.Action, _ world: inout some ScenarioWorld) async throws {
        if let connection = action.connection, !open.contains(connection) {
            try await world.open(connection)
            open.insert(connection)
            let before = clients[connection]
            clients[connection] = Client(token: before?.token)
        }
        switch action {
        case .open: break
        case .login(let login, let connection, let id):
            try await world.send(frame(of: login, id), on: connection)
            clients[connection]?.asked = (login.name, login.dialect.isExtended)
        case .resume(let of, let after, let dialect, let connection):
            let token = of.flatMap { clients[$0]?.token } ?? .blank
            try await world.send(frame(of: token, after, dialect), on: connection)
            clients[connection]?.asked = nil
        case .earlierHistory(var object, let connection):
            let place = clients[connection]?.historyPlace ?? HistoryPlace(received: 0, sent: 0)
            object.set("before", place.json)
            try await world.send(object.bytes, on: connection)
        case .send(let bytes, let connection):
            let object = try? JSONParser.object(in: bytes)
            let user = object?["key"] == nil ? object?["user"]?.string : nil
            clients[connection]?.recipient = object?["action"]?.string == "message" ? user : nil
            if object?["action"]?.string == "login" {
                clients[connection]?.asked = (object?["username"]?.string ?? "", object?["protocol"] != nil)
            }
            try await world.send(bytes, on: connection)
        case .drop(let connection):
            try await world.drop(connection)
            open.remove(connection)
            clients[connection]?.user = nil
        case .wait(let milliseconds):
            try await wait(milliseconds, &world)
            return
        case .restart:
            try await world.restart()
            open = []
            for name in clients.keys { clients[name]?.user = nil }
        }
        try await look(&world)
    }

    private func frame(of login: Scenario.Login, _ id: JSONValue?) -> [UInt8] {
        var object: JSONObject = [
            "action": .string("login"), "username": .string(login.name), "password": .string(login.password),
            "private_port": .int(Int64(login.port)),
        ]
        object.add(login.dialect)
        if login.isPeer { object.set("pin", .string(PeerPin.blank.text)) }
        if let id { object.set("id", id) }
        return object.bytes
    }

    private func frame(of token: ResumeToken, _ after: Int64?, _ dialect: Dialect) -> [UInt8] {
        var object: JSONObject = ["action": .string("resume"), "token": .string(token.text)]
        if let after { object.set("after", .int(after)) }
        object.add(dialect)
        return object.bytes
    }

    private mutating func wait(_ milliseconds: Int, _ world: inout some ScenarioWorld) async throws {
        for connection in open where clients[connection]?.user == nil {
            try await world.drop(connection)
            open.remove(connection)
        }
        var rest = milliseconds
        repeat {
            let hasPings = open.contains { clients[$0]?.isExtended == true }
            let part = hasPings ? min(rest, Self.slice) : rest
            rest -= part
            try await world.advance(milliseconds: part)
            try await look(&world)
        } while rest > 0
    }

    // MARK: Views

    /// Adds to the views what every connection has seen since the last look.
    private mutating func look(_ world: inout some ScenarioWorld) async throws {
        try await world.settle()
        for connection in open.sorted() {
            for message in try await world.received(on: connection) {
                if message == .event(.ping) {
                    let pong: JSONObject = ["action": .string("pong")]
                    try await world.send(pong.bytes, on: connection)
                    continue
                }
                note(message, on: connection)
                views[connection, default: []].append(.message(message))
            }
            if try await world.isClosed(connection) {
                open.remove(connection)
                clients[connection]?.user = nil
                views[connection, default: []].append(.closed)
            }
        }
    }

    private mutating func note(_ message: ServerMessage, on connection: String) {
        switch message {
        case .reply(.login(.success, let welcome), _): enter(welcome, on: connection)
        case .reply(.resume(.success, let welcome), _):
            clients[connection]?.asked = welcome.map { ($0.name.text, true) }
            enter(welcome, on: connection)
        case .reply(.message(.success, let receipt?), _):
            if let recipient = clients[connection]?.recipient { note(receipt, in: recipient, connection) }
        case .reply(.broadcast(_, _, nil, let receipt?), _): note(receipt, in: "everyone", connection)
        case .reply(.history(let page), _): clients[connection]?.historyPlace = page.before
        case .event(.message(_, _, let receipt)): note(receipt, in: clients[connection]?.user ?? "nobody", connection)
        case .event(.broadcast(_, _, let receipt)): note(receipt, in: "everyone", connection)
        default: break
        }
    }

    private mutating func enter(_ welcome: Reply.Welcome?, on connection: String) {
        guard let asked = clients[connection]?.asked else {
            mismatch(connection, expected: "a welcome with a name", got: "none")
            return
        }
        clients[connection]?.user = asked.name
        clients[connection]?.isExtended = asked.isExtended
        isExtended[asked.name] = asked.isExtended
        guard asked.isExtended else { return }
        guard let welcome else {
            mismatch(connection, expected: "a welcome at an extended login", got: "none")
            return
        }
        clients[connection]?.token = welcome.token
        if welcome.name.text != asked.name { mismatch(connection, expected: "username \(asked.name)", got: welcome.name.text) }
        if welcome.timeout != scenario.settings.timeout {
            mismatch(connection, expected: "timeout \(scenario.settings.timeout)", got: "\(welcome.timeout)")
        }
    }

    /// A message keeps the time at which it was sent, wherever it is shown.
    private mutating func note(_ receipt: Reply.Receipt, in stream: String, _ connection: String) {
        let known = times[stream]?[receipt.sequence]
        if let known, known != receipt.time {
            mismatch(
                connection, expected: "message #\(receipt.sequence) to \(stream) sent at \(known.milliseconds)",
                got: "\(receipt.time.milliseconds)")
        }
        times[stream, default: [:]][receipt.sequence] = receipt.time
    }

    private mutating func compare(_ step: Scenario.Step) {
        let expectations = Dictionary(step.views.map { ($0.connection, $0.expected) }, uniquingKeysWith: { first, _ in first })
        for connection in Set(views.keys).union(expectations.keys).sorted() {
            let expected = expectations[connection] ?? []
            guard clients[connection] != nil else {
                mismatch(connection, expected: "a connection of this case", got: "no connection was ever called so")
                continue
            }
            let seen = comparable(views[connection] ?? [])
            let isAlike = expected.count == seen.count && zip(expected, seen).allSatisfy { $1.meets($0) }
            if !isAlike { mismatch(connection, expected: words(expected), got: words(seen)) }
        }
    }

    /// Without what worlds may do differently: presence may come at once or bit by bit, and whether a client of the original
    /// protocol has a message is known sooner or later.
    private func comparable(_ seen: [Seen]) -> [Seen] {
        var comparable: [Seen] = []
        for thing in seen {
            switch thing {
            case .message(.event(.delivered(let to, _))) where isExtended[to.text] != true: break
            case .message(.event(.presence(let presence))):
                if !presence.isReset, case .message(.event(.presence(var before)))? = comparable.last, !before.isReset {
                    before.online += presence.online
                    before.offline += presence.offline
                    comparable[comparable.count - 1] = .message(.event(.presence(before)))
                } else {
                    comparable.append(thing)
                }
            default: comparable.append(thing)
            }
        }
        return comparable
    }

    private func words(_ seen: [Seen]) -> String {
        guard !seen.isEmpty else { return "nothing" }
        return seen.map { thing in
            switch thing {
            case .message(let message): message.line
            case .closed: "closed"
            }
        }.joined(separator: ", ")
    }

    private func words(_ expected: [Expectation]) -> String {
        expected.isEmpty ? "nothing" : expected.map(\.description).joined(separator: ", ")
    }
}

extension JSONObject {
    fileprivate mutating func add(_ dialect: Dialect) {
        if dialect.isExtended { set("protocol", .int(1)) }
        if !dialect.wantsPresence { set("presence", .string("none")) }
    }
}
