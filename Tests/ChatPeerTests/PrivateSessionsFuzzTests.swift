import ChatProtocol
import Testing

@testable import ChatPeer

/// Anything in any order: the bounds hold, and no link is forgotten.
@Suite struct PrivateSessionsFuzzTests {
    private struct Run {
        var random: Counter
        var fixture: PeerFixture
        var links: [PeerLinkID] = []
        var lastTicket: Int64 = 0
        var lastLink: UInt64 = 1000
        let users = [luke, name("leia"), name("yoda"), hans]
        let pins = [hansPin, lukePin, otherPin]
        /// What became of each line: never two ends in a row of the same kind.
        var delivered: Set<PeerTicket> = []

        mutating func pick<T>(_ values: [T]) -> T { values[Int(random.next() % UInt64(values.count))] }

        mutating func message() -> PeerMessage {
            let number = random.next() % 6 + 1
            let stream = fixture.sessions.people[luke]?.stream ?? otherStream
            return pick([
                .hello(.chat), .session(stream: lukeStream, yours: nil, through: 0),
                .session(stream: lukeStream, yours: stream, through: number), .session(stream: otherStream, yours: stream, through: 0),
                .text(number: number, "x"), .ack(through: number), .ping, .pong,
                .bye(.stopped), .bye(.leaving), .bye(.declined),
            ])
        }

        /// What an honest server and an honest peer would say next; most of the rest comes to nothing at once.
        mutating func plausible() -> PeerInput? {
            guard let person = fixture.sessions.people[luke] else { return .start(luke) }
            lastTicket += 1
            switch person.approach?.stage {
            case .asking: return .introduced(introduction(luke, lukePin), asked: luke)
            case .dialing, .expecting:
                lastLink += 1
                let new = PeerLinkID(number: lastLink)
                links.append(new)
                let isExpected = if case .expecting = person.approach?.stage { true } else { false }
                return .linkUp(new, luke, direct, isInitiator: !isExpected)
            case .held: return pick([.consent(luke, true), .acceptKey(luke)])
            case .greeting(let link):
                let isKnown = person.lastSent > 0
                return .received(
                    link.id,
                    .session(
                        stream: lukeStream, yours: isKnown ? person.stream : nil,
                        through: isKnown ? random.next() % (person.lastSent + 1) : 0))
            case .awaitingServer: return .loggedIn(as: hans)
            case nil:
                guard let link = person.session?.link else { return pick([.start(luke), .request(introduction(luke, lukePin))]) }
                return pick([
                    .say(luke, text: "hi", peerTicket(lastTicket)), .received(link.id, .text(number: person.received + 1, "x")),
                    .received(link.id, .ack(through: person.lastSent)), .shown(luke, through: person.received),
                    .linkDown(link.id, reason: "x"), .request(introduction(luke, lukePin)),
                ])
            }
        }

        mutating func input() -> PeerInput {
            if random.next() % 4 != 0, let input = plausible() { return input }
            let user = pick(users)
            let link = links.isEmpty ? PeerLinkID(number: 1) : pick(links)
            lastTicket += 1
            lastLink += 1
            switch random.next() % 26 {
            case 0, 1: return .start(user)
            case 2: return .stop(user)
            case 3, 4, 5: return .say(user, text: "hi", peerTicket(lastTicket))
            case 6: return .retry(user, peerTicket(Int64(random.next() % UInt64(lastTicket))))
            case 7: return .shown(user, through: random.next() % 8)
            case 8: return .consent(user, random.next() % 2 == 0)
            case 9: return .acceptKey(user)
            case 10: return .verify(user)
            case 11: return .forget(user)
            case 12, 13: return .introduced(introduction(pick(users), pick(pins)), asked: user)
            case 14: return .refused(user, pick([.noServer, .userOffline, .userBlocked]))
            case 15, 16: return .request(introduction(user, pick(pins)))
            case 17, 18, 19:
                let new = PeerLinkID(number: lastLink)
                links.append(new)
                return .linkUp(new, user, direct, isInitiator: random.next() % 2 == 0)
            case 20: return .linkFailed(user, isInitiator: random.next() % 2 == 0, reason: "x")
            case 21: return .linkDown(link, reason: "x")
            case 22: return random.next() % 8 == 0 ? .quit : .loggedIn(as: hans)
            case 23: return .malformed(link, reason: "x")
            default: return .received(link, message())
            }
        }

        mutating func step() {
            let input = input()
            if case .linkDown(let link, _) = input { links.removeAll { $0 == link } }
            fixture.now.uptime += random.next() % (3 * Moment.second)
            fixture.sessions.consent = pick(ConsentRule.allCases)
            for output in fixture.give(input) + fixture.give(.tick) {
                switch output {
                case .close(let link):
                    #expect(links.contains(link), "closed twice or never up")
                    links.removeAll { $0 == link }
                case .transmit(_, let link): #expect(links.contains(link), "sent on a link that is gone")
                case .tell(.delivered(_, let ticket)): #expect(delivered.insert(ticket).inserted, "delivered twice")
                case .tell(.failed(_, let ticket, _)): #expect(!delivered.contains(ticket), "failed after it was delivered")
                default: break
                }
            }
            let owned = fixture.sessions.people.values.flatMap { [$0.session?.link?.id, $0.approach?.link?.id].compactMap(\.self) }
            #expect(Set(owned) == Set(links), "a link is forgotten, or not known to be gone")
            #expect(owned.count == Set(owned).count)
            #expect(fixture.sessions.people.values.allSatisfy { $0.session == nil || $0.session?.link != nil || $0.approach != nil })
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func boundsHoldAndNoLinkIsForgotten(seed: UInt64) {
        var run = Run(random: Counter(state: seed), fixture: PeerFixture())
        for _ in 0..<2000 { run.step() }
        _ = run.fixture.give(.quit)
        #expect(run.fixture.sessions.links.isEmpty)
        #expect(run.fixture.sessions.openSessions.isEmpty)
        #expect(run.fixture.sessions.nextWake == nil)
    }
}
