import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct TwoClientTests {
    @Test func linesGoBothWaysAndAreAcknowledged() {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        #expect(world.isOpen())
        world.give(.say(luke, text: "hey dude", peerTicket(1)), to: hans)
        world.give(.say(hans, text: "hey", peerTicket(2)), to: luke)
        #expect(world.texts(of: luke) == ["hey dude"])
        #expect(world.texts(of: hans) == ["hey"])
        #expect(world.delivered(to: hans) == [peerTicket(1)])
        #expect(world.delivered(to: luke) == [peerTicket(2)])
    }

    @Test(arguments: [(hansPin, lukePin), (lukePin, hansPin), (hansPin, hansPin)], [true, false])
    func simultaneousStartsEndInOneSession(pins: (PeerPin, PeerPin), isHansFirst: Bool) {
        var world = PeerWorld(hans: pins.0, luke: pins.1)
        let order = isHansFirst ? [hans, luke] : [luke, hans]
        for user in order { world.post(.start(world.other(user)), to: user) }
        world.run()
        #expect(world.isOpen())
        #expect(world.lastLink == 1)
        #expect(world.openings(of: hans) == 1 && world.openings(of: luke) == 1)
        #expect(world.ends(of: hans).isEmpty && world.ends(of: luke).isEmpty)
    }

    @Test func stoppingTellsTheOtherSideWhich() {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        world.give(.stop(luke), to: hans)
        #expect(world.ends(of: hans) == [.stoppedByMe])
        #expect(world.ends(of: luke) == [.stoppedByThem])
        #expect(world.links.isEmpty)
        world.give(.start(hans), to: luke)
        #expect(world.isOpen())
        world.give(.quit, to: luke)
        #expect(world.ends(of: hans) == [.stoppedByMe, .leftByThem])
    }

    @Test func sessionOutlivesTheServer() {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        world.isServerUp = false
        world.give(.say(luke, text: "still here", peerTicket(1)), to: hans)
        #expect(world.delivered(to: hans) == [peerTicket(1)])
    }

    @Test(arguments: [[hans, luke], [luke, hans], [hans], [luke]])
    func deadLinkIsReplacedAndNothingIsLostOrShownTwice(noticing: [UserName]) {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        world.give(.say(luke, text: "one", peerTicket(1)), to: hans)
        // Sent into the dead link.
        let isNoticedByHans = noticing.contains(hans)
        world.post(.say(luke, text: "two", peerTicket(2)), to: hans)
        world.breakLink(for: noticing)
        world.give(.say(luke, text: "three", peerTicket(3)), to: hans)
        #expect(world.isOpen())
        #expect(world.texts(of: luke) == ["one", "two", "three"])
        #expect(world.delivered(to: hans) == [1, 2, 3].map(peerTicket))
        #expect(world.failed(of: hans).isEmpty)
        #expect(world.ends(of: hans).isEmpty && world.ends(of: luke).isEmpty)
        #expect(world.openings(of: hans) == 1)
        #expect((world.news[hans] ?? []).contains(.interrupted(luke)) == isNoticedByHans)
    }

    @Test func clientThatWasStartedAgainIsAnotherSession() {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        world.give(.say(hans, text: "before", peerTicket(1)), to: luke)
        world.restart(luke, seed: 100)
        // hans has not noticed yet, and has lines for the luke of before.
        world.give(.say(luke, text: "lost", peerTicket(5)), to: hans)
        world.breakLink(for: [])
        world.give(.start(hans), to: luke)
        #expect(world.isOpen())
        #expect(world.ends(of: hans) == [.leftByThem])
        world.give(.say(hans, text: "after", peerTicket(1)), to: luke)
        #expect(world.texts(of: hans) == ["before", "after"])
    }

    @Test func retryAfterALostAcknowledgementIsNotNeededAndNotShownTwice() {
        var world = PeerWorld()
        world.give(.start(luke), to: hans)
        // The line arrives; its acknowledgement does not, because hans stops at once.
        world.post(.say(luke, text: "one", peerTicket(1)), to: hans)
        world.post(.stop(luke), to: hans)
        world.run()
        #expect(world.texts(of: luke) == ["one"])
        #expect(world.failed(of: hans) == [peerTicket(1)])
        world.give(.start(luke), to: hans)
        #expect(world.delivered(to: hans) == [peerTicket(1)])
        world.give(.retry(luke, peerTicket(1)), to: hans)
        #expect(world.texts(of: luke) == ["one"])
    }
}
