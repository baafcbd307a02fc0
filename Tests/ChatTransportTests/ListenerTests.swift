import ChatProtocol
import ChatTransport
import Testing

/// The bounds of a connection, on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct ListenerTests {
    private static let ping = #"{"action":"ping"}"#

    @Test func framesComeWithAndWithoutNewlines() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(#"{"action":"ping"}{"action":"pong"}"# + "\n" + #"{"action":"whoelse"}"#)
            for request in [Request.ping, .pong, .whoelse] {
                #expect(try await bench.happenings.next() == .received(.request(RequestFrame(request)), id))
            }
        }
    }

    @Test func deliveriesArriveAndTheirMarksAreReported() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            bench.send("hello\n", to: id, marks: [.init(end: 6, sequence: 7)])
            #expect(socket.read() == "hello\n")
            #expect(try await bench.happenings.next() == .written(id, 7))
        }
    }

    @Test func anAudienceSharesABufferExceptThoseWithTheirOwn() async throws {
        try await Bench.run { bench in
            let one = try PlainSocket(port: bench.port)
            let first = try await bench.nextConnection()
            let two = try PlainSocket(port: bench.port)
            let second = try await bench.nextConnection()
            let three = try PlainSocket(port: bench.port)
            let third = try await bench.nextConnection()
            for id in [first, second] { bench.join(id, .original) }
            bench.join(third, .extended)
            var batch = DeliveryBatch()
            batch.shared = [.init(audience: .original, bytes: Array("shared\n".utf8))]
            batch.individual = [.init(connection: second, bytes: Array("own\n".utf8))]
            bench.listener.deliver(batch)
            bench.send("only\n", to: third)
            #expect(one.read() == "shared\n")
            #expect(two.read() == "own\n")
            #expect(three.read() == "only\n")
        }
    }

    @Test func whatCameDuringAWriteIsReportedBeforeTheWriteIs() async throws {
        try await Bench.run({ $0.eventLoops = 1 }) { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            bench.join(id, .original)
            var batch = DeliveryBatch()
            batch.shared = [.init(audience: .original, bytes: Array("shared\n".utf8))]
            bench.listener.deliver(
                batch,
                readsFirst: {
                    // The loop is busy with this: what is sent now waits in the socket.
                    socket.send(Array("{\"action\":\"ping\"}\n".utf8))
                    return true
                }, whenWritten: { bench.happenings.add(.written(id, 99)) })
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.ping)), id))
            #expect(try await bench.happenings.next() == .written(id, 99))
        }
    }

    @Test func theLastWordsArriveThoughTheClientIsStillSending() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            let junk = Array(repeating: UInt8(ascii: " "), count: 100_000)
            bench.send("bye\n", to: id, closes: true)
            socket.send(junk)
            #expect(socket.readToEnd() == "bye\n")
            #expect(try await bench.happenings.next { $0 == .closed(id) } == .closed(id))
        }
    }

    @Test func aFrameBeforeLoginIsShort() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(#"{"action":""# + String(repeating: "x", count: 5_000))
            #expect(socket.readToEnd().contains(#""status":"FRAME_TOO_LONG""#))
            #expect(try await bench.happenings.next() == .closed(id))
        }
    }

    @Test func aFrameAfterLoginIsLonger() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            bench.join(id, .original)
            bench.send("in\n", to: id)
            #expect(socket.read() == "in\n")
            let text = String(repeating: "x", count: 60_000)
            socket.send(#"{"action":"broadcast","message":"\#(text)"}"#)
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.broadcast(text: text, key: nil))), id))
            socket.send(#"{"action":"broadcast","message":"\#(text)\#(text)"#)
            #expect(socket.readToEnd().contains("FRAME_TOO_LONG"))
        }
    }

    @Test func plaintextCanBeRefused() async throws {
        try await Bench.run({ $0.plaintext = .never }) { bench in
            let socket = try PlainSocket(port: bench.port)
            socket.send(Self.ping)
            #expect(socket.readToEnd().contains("PLAINTEXT_REFUSED"))
            #expect(!bench.happenings.all.contains { if case .received = $0 { true } else { false } })
        }
    }

    @Test func aFloodIsReadNoFasterThanTheLimit() async throws {
        try await Bench.run({
            $0.flood?.burst = 3
            $0.flood?.perSecond = 50
        }) { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            let start = ContinuousClock.now
            socket.send(String(repeating: Self.ping, count: 13))
            for _ in 0..<13 { #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.ping)), id)) }
            #expect(ContinuousClock.now - start >= .milliseconds(190))
        }
    }

    @Test func whoDoesNotReadIsCutOffAndNobodyElse() async throws {
        try await Bench.run { bench in
            let slow = try PlainSocket(port: bench.port, receiveBuffer: 4096)
            let slowID = try await bench.nextConnection()
            let quick = try PlainSocket(port: bench.port)
            let quickID = try await bench.nextConnection()
            for id in [slowID, quickID] { bench.join(id, .original) }
            let line = String(repeating: "x", count: 63_999) + "\n"
            var turns = 0
            while !bench.happenings.all.contains(.closed(slowID)) {
                turns += 1
                try #require(turns < 2000)
                var batch = DeliveryBatch()
                batch.shared = [.init(audience: .original, bytes: Array(line.utf8))]
                bench.listener.deliver(batch)
                var got = 0
                while got < line.utf8.count { got += quick.read().utf8.count }
            }
            bench.send("still here\n", to: quickID)
            #expect(quick.read() == "still here\n")
            _ = slow.read()
        }
    }

    @Test func aClientThatDoesNotReadIsNotReadEither() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port, receiveBuffer: 4096)
            let id = try await bench.nextConnection()
            // Fills the socket and then some: above the soft bound, below the hard one.
            let text = String(repeating: "x", count: 4_000_000)
            bench.send(String(text.prefix(900_000)), to: id, marks: [.init(end: 900_000, sequence: 1)])
            socket.send(Self.ping)
            var got = 0
            while got < 900_000 { got += socket.read().utf8.count }
            #expect(try await bench.happenings.next { $0 == .received(.request(RequestFrame(.ping)), id) } != .closed(id))
        }
    }

    /// What a socket does not take at once goes on through the channel, and what is sent after it waits behind it.
    @Test func whatASocketTakesInPartsArrivesInOrder() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port, receiveBuffer: 4096)
            let id = try await bench.nextConnection()
            let parts = (0..<80).map { String(repeating: Character(Unicode.Scalar(UInt8(ascii: "!") + UInt8($0))), count: 10_000) }
            for (number, part) in parts.enumerated() { bench.send(part, to: id, marks: [.init(end: 10_000, sequence: UInt64(number))]) }
            #expect(String(decoding: socket.read(exactly: 800_000), as: UTF8.self) == parts.joined())
            for number in parts.indices { #expect(try await bench.happenings.next() == .written(id, UInt64(number))) }
        }
    }

    @Test func aFullMailboxStopsReadingUntilThereIsRoom() async throws {
        let gate = Gate()
        try await Bench.run(accepts: { gate.accepts }) { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            gate.accepts = false
            socket.send(Self.ping)
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.ping)), id))
            socket.send(#"{"action":"pong"}"#)
            gate.accepts = true
            bench.listener.resumeReading()
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.pong)), id))
        }
    }

    @Test func theLongestSilentConnectionMakesRoom() async throws {
        try await Bench.run({ $0.connectionsBeforeLogin = 2 }) { bench in
            let silent = try PlainSocket(port: bench.port)
            let silentID = try await bench.nextConnection()
            let talking = try PlainSocket(port: bench.port)
            _ = try await bench.nextConnection()
            let newcomer = try PlainSocket(port: bench.port)
            _ = try await bench.nextConnection()
            #expect(silent.readToEnd().contains("TOO_MANY_CONNECTIONS"))
            #expect(try await bench.happenings.next() == .closed(silentID))
            for socket in [talking.send(Self.ping), newcomer.send(Self.ping)] { #expect(socket) }
        }
    }

    @Test func onlySoManyConnectionsAreAccepted() async throws {
        try await Bench.run({ $0.connections = 1 }) { bench in
            let first = try PlainSocket(port: bench.port)
            bench.join(try await bench.nextConnection(), .original)
            first.send(Self.ping)
            _ = try await bench.happenings.next()
            let second = try PlainSocket(port: bench.port)
            #expect(second.readToEnd().contains("TOO_MANY_CONNECTIONS"))
        }
    }

    @Test func anOriginalClientFindsOneObjectWithEachRead() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(Self.ping)
            _ = try await bench.happenings.next()
            bench.send("{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n", to: id)
            for line in ["{\"a\":1}\n", "{\"b\":2}\n", "{\"c\":3}\n"] { #expect(socket.read() == line) }
        }
    }

    @Test func whatIsSpacedOutIsMarkedPieceByPiece() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(Self.ping)
            _ = try await bench.happenings.next()
            bench.send("{\"a\":1}\n{\"b\":2}\n", to: id, marks: [.init(end: 8, sequence: 5), .init(end: 16, sequence: 6)])
            for mark in [UInt64(5), 6] { #expect(try await bench.happenings.next() == .written(id, mark)) }
        }
    }

    @Test func aClientThatTurnsToNewlinesIsNotToldLaterThingsFirst() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(Self.ping)
            _ = try await bench.happenings.next()
            let lines = (1...60).map { "{\"n\":\($0)}\n" }.joined()
            bench.send(lines, to: id)
            socket.send(Self.ping + "\n")
            _ = try await bench.happenings.next()
            bench.send("last\n", to: id)
            var text = ""
            while !text.hasSuffix("last\n") {
                let more = socket.read()
                try #require(!more.isEmpty)
                text += more
            }
            #expect(text == lines + "last\n")
        }
    }

    @Test func afterAFewFramesThatAreNoneNothingMoreIsTaken() async throws {
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(String(repeating: "x\n", count: 1000))
            for _ in 0..<5 { #expect(try await bench.happenings.next() == .received(.bad(BadRequest("not a JSON object")), id)) }
            bench.send("bye\n", to: id, closes: true)
            #expect(socket.readToEnd() == "bye\n")
            #expect(try await bench.happenings.next() == .closed(id))
        }
    }
}

import Synchronization

/// A mailbox that is full or not, as the test says.
private final class Gate: Sendable {
    private let state = Atomic(true)
    var accepts: Bool {
        get { state.load(ordering: .sequentiallyConsistent) }
        set { state.store(newValue, ordering: .sequentiallyConsistent) }
    }
}
