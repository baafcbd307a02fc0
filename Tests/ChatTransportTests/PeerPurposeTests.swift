import ChatProtocol
import ChatTransport
import Testing

/// What a link is for is told by the server to both sides, and by the hello of each to the other.
@Suite(.timeLimit(.minutes(2)))
struct PeerPurposeTests {
    typealias Purpose = PeerMessage.Purpose

    @Test(arguments: Purpose.allCases, Purpose.allCases)
    func eachHelloFindsItsAnnouncement(announcedFirst: Purpose, dialedFirst: Purpose) async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            let chat = bench.introductions()
            let bulk = bench.introductions(purpose: .bulk)
            for (_, toLuke) in announcedFirst == .chat ? [chat, bulk] : [bulk, chat] { bench.luke.host.expect(toLuke) }
            for (toHans, _) in dialedFirst == .chat ? [chat, bulk] : [bulk, chat] {
                bench.hans.host.dial(toHans)
                let luke = try await bench.hans.nextLink().peer
                let hans = try await bench.luke.nextLink().peer
                #expect(luke.purpose == toHans.purpose && hans.purpose == toHans.purpose)
            }
        }
    }

    @Test func aHelloForSomethingElseLeavesTheAnnouncementAsItWas() async throws {
        try await PeerBench.run({
            $0.relayAfter = .seconds(30)
            $0.announcement = .milliseconds(50)
        }) { bench in
            let (toHans, toLuke) = bench.introductions()
            bench.luke.host.expect(toLuke)
            let raw = try await RawPeer(as: bench.hans, to: bench.luke)
            try await raw.send(.hello(.bulk))
            try await raw.waitForTheEnd()
            #expect(bench.luke.reports.all.isEmpty)
            bench.hans.host.dial(toHans)
            #expect(try await bench.luke.nextLink().peer.purpose == .chat)
        }
    }

    @Test func aHelloForSomethingElseIsRefusedInsideTheRelayToo() async throws {
        try await PeerBench.run({ $0.connectWithin = .milliseconds(200) }) { bench in
            let closed = try #require(Candidate(address: "127.0.0.1", port: 1024))
            var (toHans, toLuke) = bench.introductions(candidates: [closed])
            toHans.purpose = .bulk
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            guard case .failed(let luke, _) = try await bench.hans.reports.next() else { throw Timeout() }
            guard case .failed(let hans, let reason) = try await bench.luke.reports.next() else { throw Timeout() }
            #expect(luke.purpose == .bulk && hans.purpose == .chat)
            #expect(reason.contains("said hello for something else"))
        }
    }

    @Test func aHelloBeforeItsAnnouncementWaitsForIt() async throws {
        try await PeerBench.run({
            $0.relayAfter = .seconds(30)
            $0.announcement = .seconds(30)
        }) { bench in
            bench.luke.host.expect(bench.introductions().toLuke)
            let early = try await RawPeer(as: bench.hans, to: bench.luke)
            try await early.send(.hello(.bulk))
            // By the time that this one has its answer, the other's hello has been read.
            let chat = try await RawPeer(as: bench.hans, to: bench.luke)
            try await chat.send(.hello(.chat))
            #expect(try await bench.luke.nextLink().peer.purpose == .chat)
            bench.luke.host.expect(bench.introductions(purpose: .bulk).toLuke)
            #expect(try await bench.luke.nextLink().peer.purpose == .bulk)
            #expect(try await early.received.next() == PeerMessage.hello(.bulk).encoded())
            try await early.send(BulkFrame.cancel(5).encoded())
            #expect(try await bench.luke.frames.next() == .cancel(5))
        }
    }

    @Test func nothingButHelloMayComeBeforeTheAnnouncement() async throws {
        try await PeerBench.run({
            $0.relayAfter = .seconds(30)
            $0.announcement = .seconds(60)
            $0.greetWithin = .seconds(60)
        }) { bench in
            bench.luke.host.expect(bench.introductions().toLuke)
            let raw = try await RawPeer(as: bench.hans, to: bench.luke)
            try await raw.send(PeerMessage.hello(.bulk).encoded() + BulkFrame.cancel(5).encoded())
            try await raw.waitForTheEnd()
            #expect(bench.luke.reports.all.isEmpty)
        }
    }

    @Test func whoIsAnnouncedAgainTakesNoPlaceFromOthers() async throws {
        try await PeerBench.run({
            $0.relayAfter = .seconds(30)
            $0.meetings = 2
        }) { bench in
            for _ in 0..<10 { bench.luke.host.expect(bench.introductions(isAtRelay: false, purpose: .bulk).toLuke) }
            let (toHans, toLuke) = bench.introductions(isAtRelay: false, purpose: .bulk)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            let hans = try await bench.luke.nextLink().peer
            #expect(hans.user == bench.hans.name)
            // One announcement, one link.
            #expect(bench.luke.reports.all.allSatisfy { if case .failed = $0 { false } else { true } })
        }
    }

    @Test func cancellingOnePurposeLeavesTheOther() async throws {
        try await PeerBench.run({ $0.announcement = .milliseconds(50) }) { bench in
            let chat = bench.introductions(isAtRelay: false)
            let bulk = bench.introductions(isAtRelay: false, purpose: .bulk)
            for introduction in [chat.toLuke, bulk.toLuke] { bench.luke.host.expect(introduction) }
            bench.luke.host.cancel(bench.hans.name, purpose: .bulk)
            bench.hans.host.dial(bulk.toHans)
            guard case .failed(let luke, _) = try await bench.hans.reports.next() else { throw Timeout() }
            #expect(luke.purpose == .bulk)
            bench.hans.host.dial(chat.toHans)
            #expect(try await bench.luke.nextLink().peer.purpose == .chat)
        }
    }
}
