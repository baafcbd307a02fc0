import ChatProtocol
import ChatTransport
import Synchronization
import Testing

/// Links from client to client over real sockets: who is let in, which way a link goes, and how it ends.
@Suite(.timeLimit(.minutes(2)))
struct PeerHostTests {
    /// Nobody listens there.
    private static var closed: [Candidate] { Candidate(address: "127.0.0.1", port: 1024).map { [$0] } ?? [] }

    private func pin(_ digit: Character) throws -> PeerPin { try #require(PeerPin(String(repeating: digit, count: 64))) }

    // MARK: Links

    @Test func aDirectLinkGoesBothWays() async throws {
        try await PeerBench.run { bench in
            let (toHans, toLuke) = bench.introductions()
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            let (atHans, luke, route) = try await bench.hans.nextLink()
            #expect(luke.user == bench.luke.name && luke.pin == bench.luke.identity.pin && luke.isInitiator && luke.purpose == .chat)
            #expect(route == .direct(address: "127.0.0.1:\(bench.luke.host.port)"))
            let (atLuke, hans, _) = try await bench.luke.nextLink()
            #expect(hans.user == bench.hans.name && hans.pin == bench.hans.identity.pin && !hans.isInitiator && hans.purpose == .chat)
            bench.hans.host.send(.text(number: 1, "hello"), on: atHans)
            #expect(try await bench.luke.nextMessage() == .text(number: 1, "hello"))
            bench.luke.host.send(.ack(through: 1), on: atLuke)
            #expect(try await bench.hans.nextMessage() == .ack(through: 1))
        }
    }

    @Test func aDirectLinkOutlivesTheServer() async throws {
        try await PeerBench.run { bench in
            let link = try await bench.link()
            await bench.server.listener.stopAccepting()
            bench.luke.host.send(.ping, on: link.luke)
            #expect(try await bench.hans.nextMessage() == .ping)
        }
    }

    @Test func whoComesBeforeTheAnnouncementWaitsForIt() async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            let (toHans, toLuke) = bench.introductions()
            bench.hans.host.dial(toHans)
            bench.luke.host.expect(toLuke)
            guard case .direct = try await bench.luke.nextLink().route else { throw Timeout() }
        }
    }

    @Test func theFirstVerifiedWayWinsAndTheOthersAreClosed() async throws {
        try await PeerBench.run { bench in
            // A machine that takes the connection and says nothing, and two more ways to luke.
            let deaf = try DeafListener()
            let addresses = [("127.0.0.1", deaf.port), ("127.0.0.1", bench.luke.host.port), ("127.0.0.2", bench.luke.host.port)]
            _ = try await bench.link(candidates: addresses.compactMap { Candidate(address: $0, port: $1) })
            let isClosed = deaf.waitsForTheEnd()
            #expect(isClosed)
            for side in [bench.hans, bench.luke] {
                #expect(side.reports.all.count { if case .linkUp = $0 { true } else { false } } == 1)
            }
        }
    }

    @Test func anAnnouncementIsGoodForOneLink() async throws {
        try await PeerBench.run({ $0.announcement = .milliseconds(50) }) { bench in
            let (toHans, toLuke) = bench.introductions(isAtRelay: false)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            _ = try await bench.luke.nextLink()
            _ = try await bench.hans.nextLink()
            bench.hans.host.dial(toHans)
            guard case .failed(let peer, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(peer.user == bench.luke.name)
            #expect(reason.contains("the other side refused this client's key"))
        }
    }

    @Test func aCancelledMeetingSaysNothing() async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            let (toHans, _) = bench.introductions(candidates: Self.closed)
            bench.hans.host.dial(toHans)
            bench.hans.host.cancel(bench.luke.name, purpose: .chat)
            _ = try await bench.link()
            #expect(bench.hans.reports.all.count == 1)
        }
    }

    // MARK: Security

    @Test func aServerThatNamesTheWrongPinIsFoundOut() async throws {
        try await PeerBench.run { bench in
            var (toHans, toLuke) = bench.introductions()
            toHans.offer.pin = try pin("a")
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            guard case .wrongPin(let peer, let presented) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(peer.user == bench.luke.name)
            #expect(presented == bench.luke.identity.pin)
            #expect(!bench.hans.hasMetAnybody && !bench.luke.hasMetAnybody)
        }
    }

    @Test func somebodyElsesKeyIsRefusedByTheSideThatWaits() async throws {
        try await PeerBench.run({ $0.announcement = .milliseconds(50) }) { bench in
            var (toHans, toLuke) = bench.introductions()
            toLuke.offer.pin = try pin("a")
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            guard case .failed(let peer, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(peer.user == bench.luke.name)
            #expect(reason.contains("refused this client's key"))
            guard case .wrongPin(let hans, let presented) = try await bench.luke.reports.next() else { throw Timeout() }
            #expect(hans.user == bench.hans.name)
            #expect(presented == bench.hans.identity.pin)
            #expect(!bench.hans.hasMetAnybody && !bench.luke.hasMetAnybody)
        }
    }

    @Test func whoWasNotAnnouncedIsRefused() async throws {
        try await PeerBench.run({ $0.announcement = .milliseconds(50) }) { bench in
            let (toHans, _) = bench.introductions(isAtRelay: false)
            bench.hans.host.dial(toHans)
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.contains("the server does not accept the ticket"))
            #expect(bench.luke.reports.all.isEmpty)
        }
    }

    @Test func anAnnouncementEnds() async throws {
        try await PeerBench.run({
            $0.expectFor = .milliseconds(50)
            $0.announcement = .milliseconds(50)
        }) { bench in
            let (toHans, toLuke) = bench.introductions(isAtRelay: false)
            bench.luke.host.expect(toLuke)
            guard case .failed(let peer, _) = try await bench.luke.reports.next() else { throw Timeout() }
            #expect(peer.user == bench.hans.name && !peer.isInitiator)
            bench.hans.host.dial(toHans)
            guard case .failed = try await bench.hans.reports.next() else { throw Timeout() }
        }
    }

    @Test func ownKeyOfTheClientIsNobodyElse() async throws {
        try await PeerBench.run { bench in
            var (toHans, _) = bench.introductions(candidates: bench.hans.loopback)
            toHans.offer.pin = bench.hans.identity.pin
            bench.hans.host.dial(toHans)
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.contains("own key"))
        }
    }

    @Test func whoSaysNothingOrNonsenseIsCutOff() async throws {
        try await PeerBench.run({ $0.greetWithin = .milliseconds(50) }) { bench in
            let silent = try PlainSocket(port: Int(bench.luke.host.port))
            #expect(silent.readToEnd() == "")
            let loud = try PlainSocket(port: Int(bench.luke.host.port))
            loud.send(#"{"action":"hello","protocol":1,"purpose":"chat"}"# + "\n")
            _ = loud.readToEnd()
            #expect(bench.luke.reports.all.isEmpty)
        }
    }

    @Test func theOldestSilentConnectionMakesRoom() async throws {
        try await PeerBench.run({ $0.incoming = 2 }) { bench in
            let port = Int(bench.luke.host.port)
            let first = try PlainSocket(port: port)
            let second = try PlainSocket(port: port)
            let third = try PlainSocket(port: port)
            #expect(first.readToEnd() == "")
            for isOpen in [second.send(" "), third.send(" ")] { #expect(isOpen) }
        }
    }

    /// The server must not get a client to dial its own machine under another spelling of the address.
    @Test(arguments: ["::ffff:127.0.0.1", "::127.0.0.1"])
    func addressesInsideOthersAreNotDialed(address: String) async throws {
        try await PeerBench.run { bench in
            let hidden = try #require(Candidate(address: address, port: bench.luke.host.port))
            let (toHans, toLuke) = bench.introductions(candidates: [hidden], isAtRelay: false)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.hasPrefix("no direct way (no address is known)"))
        }
    }

    // MARK: The relay

    @Test func withoutADirectWayTheLinkGoesThroughTheRelay() async throws {
        try await PeerBench.run { bench in
            let unreachable = Candidate(address: "192.0.2.1", port: 4000).map { [$0] } ?? []
            let (toHans, toLuke) = bench.introductions(candidates: Self.closed + unreachable)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            let (atHans, _, route) = try await bench.hans.nextLink()
            #expect(route == .relayed)
            let (atLuke, hans, same) = try await bench.luke.nextLink()
            #expect(same == .relayed && hans.pin == bench.hans.identity.pin)
            bench.hans.host.send(.text(number: 1, "hello"), on: atHans)
            #expect(try await bench.luke.nextMessage() == .text(number: 1, "hello"))
            let long = String(repeating: "x", count: 16_000)
            for number in UInt64(1)...20 { bench.luke.host.send(.text(number: number, long), on: atLuke) }
            for number in UInt64(1)...20 { #expect(try await bench.hans.nextMessage() == .text(number: number, long)) }
            #expect(bench.server.listener.relayMetrics.sessions == 1)
            bench.hans.host.send(.bye(.leaving), on: atHans)
            bench.hans.host.close(atHans)
            #expect(try await bench.luke.nextMessage() == .bye(.leaving))
            guard case .linkDown(atLuke, _) = try await bench.luke.reports.next() else { throw Timeout() }
        }
    }

    @Test func aReplayedTicketLeadsNowhere() async throws {
        try await PeerBench.run { bench in
            let (toHans, toLuke) = bench.introductions(candidates: Self.closed)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            _ = try await bench.hans.nextLink()
            bench.hans.host.dial(toHans)
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.contains("used or too old"))
        }
    }

    @Test func theWrongKeyIsRefusedInsideTheRelayToo() async throws {
        try await PeerBench.run { bench in
            var (toHans, toLuke) = bench.introductions(candidates: Self.closed)
            toHans.offer.pin = try pin("b")
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            guard case .wrongPin(_, let presented) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(presented == bench.luke.identity.pin)
            #expect(!bench.luke.hasMetAnybody)
        }
    }

    @Test func aServerThatIsGoneIsSaidInWords() async throws {
        try await PeerBench.run { bench in
            let (toHans, _) = bench.introductions(candidates: Self.closed)
            await bench.server.listener.stopAccepting()
            bench.hans.host.dial(toHans)
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.contains("nobody answers at 127.0.0.1 port 1024"))
            #expect(reason.contains("relay (nobody answers at 127.0.0.1 port \(bench.server.port))"))
        }
    }

    // MARK: Bounds and ends

    @Test func theEndOfALinkIsReportedAtTheOtherSideAlone() async throws {
        try await PeerBench.run { bench in
            let link = try await bench.link()
            bench.hans.host.send(.bye(.stopped), on: link.hans)
            bench.hans.host.close(link.hans)
            #expect(try await bench.luke.nextMessage() == .bye(.stopped))
            guard case .linkDown(link.luke, let reason) = try await bench.luke.reports.next() else { throw Timeout() }
            #expect(reason == "the other side closed the connection")
            _ = try await bench.link()
            #expect(!bench.hans.reports.all.contains { if case .linkDown = $0 { true } else { false } })
        }
    }

    @Test func aLinkOnWhichNothingIsTakenIsReadNoFurther() async throws {
        let accepts = Atomic(true)
        try await PeerBench.run(accepts: { accepts.load(ordering: .sequentiallyConsistent) }) { bench in
            let link = try await bench.link()
            accepts.store(false, ordering: .sequentiallyConsistent)
            for _ in 0..<3 { bench.hans.host.send(.ping, on: link.hans) }
            #expect(try await bench.luke.nextMessage() == .ping)
            #expect(bench.luke.reports.all.count { if case .received = $0 { true } else { false } } == 1)
            accepts.store(true, ordering: .sequentiallyConsistent)
            bench.luke.host.resumeReading(purpose: .chat)
            for _ in 0..<2 { #expect(try await bench.luke.nextMessage() == .ping) }
        }
    }

    @Test func whoDoesNotReadLosesTheLink() async throws {
        let accepts = Atomic(true)
        try await PeerBench.run(accepts: { accepts.load(ordering: .sequentiallyConsistent) }) { bench in
            let link = try await bench.link()
            accepts.store(false, ordering: .sequentiallyConsistent)
            let long = String(repeating: "x", count: 16_000)
            for number in UInt64(1)...2000 { bench.hans.host.send(.text(number: number, long), on: link.hans) }
            let isFull = try await bench.hans.reports.next { if case .linkUp = $0 { false } else { true } }
            guard case .writability(link.hans, isWritable: false) = isFull else { throw Timeout() }
            let down = try await bench.hans.reports.next { if case .linkDown = $0 { true } else { false } }
            guard case .linkDown(link.hans, let reason) = down else { throw Timeout() }
            #expect(reason == "the other side does not take what is sent")
        }
    }

    @Test func onlySoManyMeetingsBeginAtATime() async throws {
        try await PeerBench.run({
            $0.meetings = 1
            $0.relayAfter = .seconds(30)
        }) { bench in
            let (toHans, _) = bench.introductions(candidates: Self.closed)
            for _ in 0..<2 { bench.hans.host.dial(toHans) }
            guard case .failed(_, let reason) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(reason.contains("too many"))
        }
    }

    @Test func loopbackIsNamedOnlyWhenAskedFor() async throws {
        try await PeerBench.run { bench in
            let without = bench.hans.host.localCandidates(includingLoopback: false)
            let with = bench.hans.host.localCandidates(includingLoopback: true)
            #expect(without.allSatisfy { !$0.isLoopback && $0.port == bench.hans.host.port && !$0.address.hasPrefix("fe80") })
            #expect(with.contains { $0.address == "127.0.0.1" })
            #expect(with.count <= Candidate.most)
        }
    }
}
