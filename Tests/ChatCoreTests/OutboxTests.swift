import ChatCore
import ChatProtocol
import Testing

/// Who shares a buffer with whom, and that everyone sees one order of things.
struct OutboxTests {
    private var outbox = Outbox()
    private let hans: UserName
    private let receipt = Reply.Receipt(sequence: 1, time: Timestamp(milliseconds: 2))

    init() throws {
        hans = try #require(UserName("hans"))
        for (number, audience) in [(1, Audience.original), (2, .original), (3, .extended), (4, .extendedWithoutPresence)] {
            outbox.join(ConnectionID(rawValue: UInt64(number)), audience)
        }
        _ = outbox.finish()
    }

    private func connection(_ number: UInt64) -> ConnectionID { ConnectionID(rawValue: number) }
    private func broadcast(_ text: String) -> Event { .broadcast(from: hans, text: text, receipt) }

    private func view(_ number: UInt64, _ batch: DeliveryBatch) -> String? {
        batch.individual.first { $0.connection == connection(number) }.map { words($0.bytes) }
    }

    /// The texts, or the actions, of the lines.
    private func words(_ bytes: [UInt8]) -> String {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard let object = try? JSONParser.object(in: Array(line)) else { return "?" }
            if let text = object["message"]?.string, !text.isEmpty { return text }
            let names = (object["online"]?.array ?? []).compactMap(\.string)
            return (object["action"]?.string ?? "?") + names.map { " " + $0 }.joined()
        }.joined(separator: ", ")
    }

    @Test mutating func everybodyElseSharesOneBuffer() {
        outbox.broadcast(broadcast("a"), except: [connection(1)])
        outbox.broadcast(broadcast("b"), except: [connection(1)])
        let batch = outbox.finish()
        #expect(batch.shared.map { words($0.bytes) } == ["a, b", "a, b", "a, b"])
        #expect(batch.individual.map(\.connection) == [connection(1)])
        #expect(view(1, batch) == "")
    }

    @Test mutating func anOwnViewKeepsTheOrder() {
        outbox.broadcast(broadcast("a"), except: [])
        outbox.send(.reply(.pong, id: nil), to: connection(2))
        outbox.broadcast(broadcast("b"), except: [])
        outbox.broadcast(broadcast("hidden"), except: [connection(2)])
        outbox.send(.event(.ping), to: connection(2))
        let batch = outbox.finish()
        #expect(view(2, batch) == "a, pong, b, ping")
        #expect(batch.shared.first.map { words($0.bytes) } == "a, b, hidden")
    }

    @Test mutating func whoJoinsHearsWhatComesAfterwards() {
        outbox.broadcast(broadcast("before"), except: [])
        outbox.join(connection(5), .original)
        outbox.broadcast(broadcast("after"), except: [])
        let batch = outbox.finish()
        #expect(view(5, batch) == "after")
        #expect(batch.joining == [.init(connection: connection(5), audience: .original)])
    }

    @Test mutating func whoLeavesHearsWhatCameBefore() {
        outbox.broadcast(broadcast("before"), except: [])
        outbox.leave(connection(1))
        outbox.broadcast(broadcast("after"), except: [])
        outbox.close(connection(1))
        let batch = outbox.finish()
        #expect(view(1, batch) == "before")
        #expect(batch.individual.first?.closes == true)
    }

    @Test mutating func presenceComesAsEachAudienceWantsIt() throws {
        let names = try ["a", "b", "c"].map { try #require(UserName($0)) }
        for name in names { outbox.presence(name, isOnline: true, except: [], at: 0) }
        let batch = outbox.finish()
        let shared = Dictionary(uniqueKeysWithValues: batch.shared.map { ($0.audience, words($0.bytes)) })
        #expect(shared == [.original: "login_broadcast, login_broadcast, login_broadcast", .extended: "presence a b c"])
    }

    @Test mutating func aThousandLoginsAreOneMessageToEachExtendedClient() throws {
        for number in 0..<1000 { outbox.presence(try #require(UserName("u\(number)")), isOnline: true, except: [], at: 0) }
        let extended = try #require(outbox.finish().shared.first { $0.audience == .extended })
        #expect(extended.bytes.split(separator: UInt8(ascii: "\n")).count == 1)
    }
}

/// Comings and goings while many are online, and the list that they are told with at login.
struct PresenceRushTests {
    private var outbox = Outbox()
    private let first: UInt64 = 1
    private let patience = Moment.second / 5

    /// 120 are there: the first with the original's protocol, the others with today's.
    init() {
        for number in first...120 { outbox.join(ConnectionID(rawValue: number), number == 1 ? .original : .extended) }
        _ = outbox.finish()
    }

    private func name(_ text: String) throws -> UserName { try #require(UserName(text)) }
    private func id(_ number: UInt64) -> ConnectionID { ConnectionID(rawValue: number) }

    private mutating func goes(_ text: String, _ isOnline: Bool, except: [UInt64] = []) throws {
        outbox.presence(try name(text), isOnline: isOnline, except: except.map(id), at: 1000)
    }

    /// What each audience, and each connection apart from them, is told when the time has come.
    private mutating func told(at uptime: UInt64? = nil) -> [String: String] {
        outbox.release(at: uptime ?? 1000 + patience)
        let batch = outbox.finish()
        var told = Dictionary(uniqueKeysWithValues: batch.shared.map { ("\($0.audience)", Self.words($0.bytes)) })
        for own in batch.individual { told["\(own.connection.rawValue)"] = Self.words(own.bytes) }
        return told
    }

    private static func words(_ bytes: [UInt8]) -> String {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard let object = try? JSONParser.object(in: Array(line)) else { return "?" }
            if let from = object["from"]?.string { return (object["action"] == .string("login_broadcast") ? "in " : "out ") + from }
            let came = (object["online"]?.array ?? []).compactMap(\.string).map { "+" + $0 }
            let went = (object["offline"]?.array ?? []).compactMap(\.string).map { "-" + $0 }
            return (came + went).joined(separator: " ")
        }.joined(separator: ", ")
    }

    @Test mutating func changesAreToldTogetherAndNotBeforeTheirTime() throws {
        try goes("a", true)
        #expect(outbox.due == 1000 + patience)
        #expect(told(at: 1000 + patience - 1) == [:])
        try goes("b", true)
        try goes("z", false)
        #expect(told() == ["original": "in a, in b, out z", "extended": "+a +b -z"])
        #expect(outbox.due == nil)
        #expect(told() == [:])
    }

    @Test mutating func whoComesAndGoesMeanwhileIsNoNewsButToTheOriginal() throws {
        try goes("a", true)
        try goes("b", true)
        try goes("a", false)
        try goes("z", false)
        try goes("z", true)
        #expect(told() == ["original": "in a, in b, out a, out z, in z", "extended": "+b"])
    }

    @Test mutating func whoComesMeanwhileIsToldOfThoseWhoComeLater() throws {
        try goes("a", true)
        outbox.join(id(200), .extended)
        _ = outbox.finish()
        try goes("b", true)
        try goes("a", false)
        #expect(told() == ["original": "in a, in b, out a", "extended": "+b", "200": "+b -a"])
    }

    @Test mutating func whoIsBlockedIsNotTold() throws {
        try goes("a", true)
        try goes("b", true, except: [7])
        #expect(told() == ["original": "in a, in b", "extended": "+a +b", "7": "+a"])
    }

    /// What is said of somebody to one alone is the last word.
    @Test mutating func aBlockIsToldAfterWhatWasGathered() throws {
        try goes("a", true)
        outbox.send(.event(.presence(.init(offline: [try name("a")]))), to: id(7))
        #expect(told(at: 1000) == ["7": "+a, -a"])
        try goes("b", true)
        #expect(told() == ["original": "in a, in b", "extended": "+a +b", "7": "+b"])
    }

    @Test mutating func whoHasLeftIsToldNothing() throws {
        try goes("a", true)
        outbox.join(id(200), .extended)
        outbox.leave(id(200))
        _ = outbox.finish()
        #expect(told() == ["original": "in a", "extended": "+a"])
    }

    @Test mutating func manyChangesComeInEventsOfAThousandNames() throws {
        for number in 0..<2500 { try goes("u\(number)", true) }
        outbox.release(at: 1000 + patience)
        let extended = try #require(outbox.finish().shared.first { $0.audience == .extended })
        #expect(extended.bytes.split(separator: UInt8(ascii: "\n")).count == 3)
    }

    /// Whoever came and went, and whether the list was encoded before or not.
    @Test mutating func theListNamesEverybodyElse() throws {
        var online: Set<String> = []
        var random = Seeded(state: 7)
        for step in 0..<3000 {
            let text = "u\(Int.random(in: 0..<1500, using: &random))"
            let comes = !online.contains(text)
            if comes { online.insert(text) } else { online.remove(text) }
            try goes(text, comes)
            guard step % 50 == 0 || step > 2950, let me = online.randomElement(using: &random) else { continue }
            outbox.sendPresenceList(for: try name(me), to: id(300))
            outbox.release(at: 1000 + patience)
            let list = try #require(outbox.finish().individual.first { $0.connection == id(300) })
            let lines = list.bytes.split(separator: UInt8(ascii: "\n")).map { try? JSONParser.object(in: Array($0)) }
            let names = lines.flatMap { ($0?["online"]?.array ?? []).compactMap(\.string) }
            #expect(names.sorted() == online.subtracting([me]).sorted())
            #expect(lines.map { $0?["reset"] == .bool(true) } == [true] + Array(repeating: false, count: lines.count - 1))
            #expect(lines.allSatisfy { $0?["list"] == .bool(true) })
        }
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
