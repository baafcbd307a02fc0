import ChatProtocol
import ChatTransport
import Testing

/// The server's side of the relay, byte by byte, on real sockets.
@Suite(.timeLimit(.minutes(2)))
struct RelayTests {
    private static let ready = #"{"action":"relay","status":"READY"}"# + "\n"

    private static func tickets() -> (RelayTicket, RelayTicket) {
        var generator = SystemRandomNumberGenerator()
        return (.random(using: &generator), .random(using: &generator))
    }

    private static func request(_ ticket: RelayTicket) -> String { #"{"action":"relay","ticket":"\#(ticket.text)"}"# + "\n" }

    /// Runs `body` with two tickets that belong together.
    private func relay(
        _ change: (inout ListenerOptions) -> Void = { _ in }, _ body: (Bench, RelayTicket, RelayTicket) async throws -> Void
    ) async throws {
        try await Bench.run(change) { bench in
            let (first, second) = Self.tickets()
            bench.listener.admitRelay(first: first, second: second)
            try await body(bench, first, second)
        }
    }

    @Test func twoWithMatchingTicketsAreJoinedAndLeaveTheChat() async throws {
        try await relay { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            let firstID = try await bench.nextConnection()
            one.send(Self.request(first))
            #expect(try await bench.happenings.next() == .closed(firstID))
            let two = try PlainSocket(port: bench.port)
            let secondID = try await bench.nextConnection()
            two.send(Self.request(second))
            #expect(try await bench.happenings.next() == .closed(secondID))
            for line in [one.read(exactly: Self.ready.utf8.count), two.read(exactly: Self.ready.utf8.count)] {
                #expect(String(decoding: line, as: UTF8.self) == Self.ready)
            }
            one.send("from one")
            #expect(String(decoding: two.read(exactly: 8), as: UTF8.self) == "from one")
            two.send("from two {\"action\":\"whoelse\"}")
            #expect(String(decoding: one.read(exactly: 29), as: UTF8.self) == "from two {\"action\":\"whoelse\"}")
            #expect(!bench.happenings.all.contains { if case .received = $0 { true } else { false } })
            #expect(bench.listener.relayMetrics.sessions == 1)
            #expect(bench.listener.relayMetrics.bytes == 37)
        }
    }

    @Test func bytesThatCameTooEarlyGoOverWithoutTheNewlineOfTheRequest() async throws {
        try await relay { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first) + "early")
            let two = try PlainSocket(port: bench.port)
            two.send(String(Self.request(second).dropLast()))
            #expect(two.read(exactly: Self.ready.utf8.count + 5) == Array((Self.ready + "early").utf8))
            two.send("\nlate")
            #expect(one.read(exactly: Self.ready.utf8.count + 4) == Array((Self.ready + "late").utf8))
        }
    }

    @Test func theReplyCarriesTheIdOfTheRequest() async throws {
        try await relay { bench, first, _ in
            let socket = try PlainSocket(port: bench.port)
            socket.send(#"{"action":"relay","ticket":"\#(first.text)","id":7}"#)
            let other = try PlainSocket(port: bench.port)
            other.send(Self.request(Self.tickets().0))
            #expect(other.readToEnd() == #"{"action":"relay","status":"EXPIRED"}"# + "\n")
        }
        try await Bench.run { bench in
            let socket = try PlainSocket(port: bench.port)
            socket.send(#"{"action":"relay","ticket":"\#(Self.tickets().0.text)","id":7}"#)
            #expect(socket.readToEnd() == #"{"action":"relay","status":"EXPIRED","id":7}"# + "\n")
        }
    }

    @Test func aTicketIsGoodOnce() async throws {
        try await relay { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            #expect(one.read(exactly: Self.ready.utf8.count).count == Self.ready.utf8.count)
            for ticket in [first, second] {
                let replay = try PlainSocket(port: bench.port)
                replay.send(Self.request(ticket))
                #expect(replay.readToEnd().contains(#""status":"EXPIRED""#))
            }
            one.send("still")
            #expect(two.read(exactly: Self.ready.utf8.count + 5) == Array((Self.ready + "still").utf8))
        }
    }

    @Test func aTicketOfTheWaitingSideIsNotGoodForTheOther() async throws {
        try await relay { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            one.send(Self.request(first))
            #expect(try await bench.happenings.next() == .closed(id))
            let thief = try PlainSocket(port: bench.port)
            thief.send(Self.request(first))
            #expect(thief.readToEnd().contains(#""status":"EXPIRED""#))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            #expect(two.read() == Self.ready)
        }
    }

    @Test func anOldTicketIsRefused() async throws {
        try await relay({ $0.relay.ticketLife = .zero }) { bench, first, _ in
            let socket = try PlainSocket(port: bench.port)
            socket.send(Self.request(first))
            #expect(socket.readToEnd().contains(#""status":"EXPIRED""#))
        }
    }

    @Test func theOldestTicketsAreForgottenWhenThereAreTooMany() async throws {
        try await relay({ $0.relay.tickets = 2 }) { bench, first, _ in
            for _ in 0..<2 {
                let (one, two) = Self.tickets()
                bench.listener.admitRelay(first: one, second: two)
            }
            let socket = try PlainSocket(port: bench.port)
            socket.send(Self.request(first))
            #expect(socket.readToEnd().contains(#""status":"EXPIRED""#))
        }
    }

    @Test func whoWaitsInVainIsToldAndSoIsWhoComesAfter() async throws {
        try await relay({ $0.relay.patience = .milliseconds(50) }) { bench, first, second in
            for ticket in [first, second] {
                let socket = try PlainSocket(port: bench.port)
                socket.send(Self.request(ticket))
                #expect(socket.readToEnd().contains(#""status":"ALONE""#))
            }
        }
    }

    @Test func moreSessionsThanAllowedAreTurnedAway() async throws {
        try await relay({ $0.relay.sessions = 1 }) { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            #expect(one.read() == Self.ready)
            let (third, _) = Self.tickets()
            bench.listener.admitRelay(first: third, second: Self.tickets().0)
            let refused = try PlainSocket(port: bench.port)
            refused.send(Self.request(third))
            #expect(refused.readToEnd().contains(#""status":"BUSY""#))
            _ = two
        }
    }

    @Test func theEndOfOneSideIsTheEndOfTheOtherAfterTheLastByte() async throws {
        try await relay { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            #expect(two.read(exactly: Self.ready.utf8.count).count == Self.ready.utf8.count)
            one.send(String(repeating: "x", count: 1_000_000))
            one.finish()
            #expect(two.readToEnd().utf8.count == 1_000_000)
            // Half of the connection is closed; the other half still carries.
            two.send("and back")
            two.finish()
            #expect(one.readToEnd() == Self.ready + "and back")
        }
    }

    @Test func aSlowReaderHoldsTheSenderBack() async throws {
        let size = 32 << 20
        try await relay({ $0.relay.bytesPerSecond = 1e12 }) { bench, first, second in
            let (listener, port) = (bench.listener, bench.port)
            let two = try PlainSocket(port: port, receiveBuffer: 4096)
            two.send(Self.request(second))
            // The group waits for the sender.
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let one = try PlainSocket(port: port)
                    one.send(Self.request(first))
                    guard one.read() == Self.ready else { throw Timeout() }
                    let piece = [UInt8](repeating: 0x78, count: 1 << 20)
                    for _ in 0..<32 where !one.send(piece) { throw Timeout() }
                    one.finish()
                    _ = one.readToEnd()
                }
                #expect(two.read(exactly: Self.ready.utf8.count).count == Self.ready.utf8.count)
                var got = 0
                while got < size {
                    let count = two.read(exactly: min(256 * 1024, size - got)).count
                    guard count > 0 else { throw Timeout() }
                    got += count
                    // What is on the way fits into the sockets' buffers and the window.
                    #expect(Int(listener.relayMetrics.bytes) - got < 16 << 20)
                }
                two.finish()
                try await group.waitForAll()
            }
        }
    }

    @Test func aPairCarriesNoMoreThanItsRate() async throws {
        try await relay({ $0.relay.bytesPerSecond = 1_000_000 }) { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            let start = ContinuousClock.now
            one.send([UInt8](repeating: 7, count: 750_000))
            let count = Self.ready.utf8.count + 750_000
            #expect(two.read(exactly: count).count == count)
            // A quarter of a second's worth at once, the rest at the rate; what was read last goes over before its debt is paid.
            #expect(ContinuousClock.now - start >= .milliseconds(200))
        }
    }

    @Test(arguments: [true, false])
    func aPairEndsWhenItsTimeIsUp(idle: Bool) async throws {
        try await relay({ options in
            if idle { options.relay.idle = .milliseconds(50) } else { options.relay.lifetime = .milliseconds(50) }
        }) { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            one.send(Self.request(first))
            let two = try PlainSocket(port: bench.port)
            two.send(Self.request(second))
            #expect(one.readToEnd() == Self.ready)
            #expect(two.readToEnd() == Self.ready)
            #expect(bench.listener.relayMetrics.total == 1)
        }
    }

    @Test func whoIsAtTheRelayDoesNotMakeRoomForNewcomers() async throws {
        try await relay({ $0.connectionsBeforeLogin = 1 }) { bench, first, second in
            let one = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            one.send(Self.request(first))
            #expect(try await bench.happenings.next() == .closed(id))
            let newcomer = try PlainSocket(port: bench.port)
            _ = try await bench.nextConnection()
            let two = try PlainSocket(port: bench.port)
            #expect(newcomer.readToEnd().contains("TOO_MANY_CONNECTIONS"))
            two.send(Self.request(second))
            #expect(one.read() == Self.ready)
        }
    }

    @Test func aRequestForTheRelayThatIsNotTheFirstStaysInTheChat() async throws {
        try await relay { bench, first, _ in
            let socket = try PlainSocket(port: bench.port)
            let id = try await bench.nextConnection()
            socket.send(#"{"action":"ping"}"# + Self.request(first))
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.ping)), id))
            #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.relay(first))), id))
        }
    }
}
