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
        #expect(batch.shared.map { words($0.bytes) } == ["a, b", "a, b", "a, b", "a, b"])
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
        for name in names { outbox.presence(name, isOnline: true, except: []) }
        let batch = outbox.finish()
        let shared = Dictionary(uniqueKeysWithValues: batch.shared.map { ($0.audience, words($0.bytes)) })
        #expect(shared == [.original: "login_broadcast, login_broadcast, login_broadcast", .extended: "presence a b c"])
    }

    @Test mutating func aThousandLoginsAreOneMessageToEachExtendedClient() throws {
        for number in 0..<1000 { outbox.presence(try #require(UserName("u\(number)")), isOnline: true, except: []) }
        let extended = try #require(outbox.finish().shared.first { $0.audience == .extended })
        #expect(extended.bytes.split(separator: UInt8(ascii: "\n")).count == 1)
    }
}
