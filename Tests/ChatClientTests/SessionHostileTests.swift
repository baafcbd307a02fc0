import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SessionHostileTests {
    @Test func nonsenseIsToldOnceALink() {
        var fixture = SessionFixture.online()
        #expect(fixture.give(.malformed("not a JSON object")).news == [.nonsense("not a JSON object")])
        #expect(fixture.give(.malformed("no action")).news.isEmpty)
        _ = fixture.resumeAgain()
        #expect(fixture.give(.malformed("no action")).news == [.nonsense("no action")])
    }

    @Test func whatMustBePutRightFirstIsNotTriedAgain() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "falcon"))
        let outputs = fixture.give(.linkClosed(.refused("known_servers, line 3: …")))
        #expect(outputs.phases == [.ended(.unreachable("known_servers, line 3: …"))])
        #expect(fixture.session.nextWake == nil)
    }

    /// Whatever the server says in whatever order, with any ids, and whatever the link does: no trap, and everything stays bounded.
    @Test(arguments: 0..<40)
    func nothingTrapsWhateverHappens(seed: Int) {
        var random = Counter(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var fixture = SessionFixture(retries: seed % 2 == 0)
        fixture.give(.login(name: hans, password: "falcon"))
        for step in 0..<2000 {
            fixture.pass(seconds: Double(Int.random(in: 0...20, using: &random)) / 4)
            var told = fixture.give(Self.input(step, using: &random))
            // The well-behaved part of a server, now and then.
            if Bool.random(using: &random), let frame = told.frames.last {
                switch frame.request {
                case .login: told += fixture.answer(frame, .login(.success, SessionFixture.welcome()))
                case .resume: told += fixture.answer(frame, .resume(.success, SessionFixture.welcome()))
                default: break
                }
            }
            #expect(told.count < 1000)
            #expect(fixture.session.lines.count <= 200)
            #expect(fixture.session.open.count <= 200)
            if case .waiting(let until, _) = fixture.session.phase {
                #expect(until <= fixture.now.uptime + 38 * Moment.second)
            }
        }
    }

    private static func input(_ step: Int, using random: inout Counter) -> SessionInput {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: .linkOpened(.plaintext)
        case 1: .linkClosed([.lost("x"), .unknownServer(fingerprint: "f"), .lost("y")].randomElement(using: &random) ?? .lost("z"))
        case 2: .tick
        case 3: .request(.broadcast(text: "x", key: nil), ticket(Int64(step)))
        case 4: .request(.whoelse, ticket(Int64(step)))
        case 5: .shown(through: .random(in: 0...(.max), using: &random))
        case 6: step % 5 == 0 ? .logout : .login(name: step % 3 == 0 ? yoda : hans, password: "p")
        case 7: .trust(fingerprint: "f")
        case 8, 9: .received(.event(event(using: &random)))
        default: .received(.reply(reply(using: &random), id: id(step, using: &random)))
        }
    }

    private static func event(using random: inout Counter) -> Event {
        let sequences: [UInt64] = [0, 1, 2, 1000, .max]
        let receipt = Reply.Receipt(
            sequence: sequences.randomElement(using: &random) ?? 0,
            time: Timestamp(milliseconds: .random(in: .min ... .max, using: &random)))
        let events: [Event] = [
            .message(from: yoda, text: "x", receipt), .broadcast(from: yoda, text: "x", receipt), .loggedIn(hans), .loggedOut(hans),
            .presence(Event.Presence(isReset: true)), .delivered(to: hans, through: .max), .timeout, .ping, .bye(.shutdown),
            .bye(.replaced), .bye(.removed),
        ]
        return events.randomElement(using: &random) ?? .ping
    }

    private static func reply(using random: inout Counter) -> Reply {
        var welcome = SessionFixture.welcome()
        welcome?.keepAlive = .random(in: .min ... .max, using: &random)
        welcome?.timeout = .min
        let replies: [Reply] = [
            .login(.success), .login(.success, welcome), .login(.busy), .resume(.success, welcome), .resume(.success), .resume(.expired),
            .resume(.busy), .logout, .message(.success), .message(.tooLong), .broadcast(sent: .min, blocked: .max), .whoelse([]), .ack,
            .pong, .unknownAction("x"), .refused(action: "message", .notLoggedIn), .refused(action: "x", .unavailable),
            .refused(action: "login", .alreadyLoggedIn), .error(.badRequest, reason: "x"), .error(.frameTooLong, reason: "x"),
            .error(.tooManyConnections, reason: "x"), .passwd(.success),
        ]
        return replies.randomElement(using: &random) ?? .pong
    }

    private static func id(_ step: Int, using random: inout Counter) -> RequestID? {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: nil
        case 1: RequestID(.string("x"))
        case 2: RequestID(.random(in: .min ... .max, using: &random))
        default: RequestID(.random(in: 0...Int64(step / 4 + 4), using: &random))
        }
    }

    @Test func replyOfTheWrongKindToALoginIsAFailure() {
        var fixture = SessionFixture(retries: false)
        fixture.give(.login(name: hans, password: "x"))
        let sent = fixture.give(.linkOpened(.plaintext))
        #expect(fixture.answer(sent, .whoelse([])).contains(.disconnect))
        #expect(fixture.session.phase == .ended(.unreachable("the server does not speak this protocol")))
    }

    @Test func eventsBeforeTheWelcomeAreIgnored() {
        var fixture = SessionFixture()
        fixture.give(.login(name: hans, password: "x"))
        fixture.give(.linkOpened(.plaintext))
        #expect(fixture.event(.message(from: yoda, text: "x", SessionFixture.receipt(1))) == [])
        #expect(fixture.event(.timeout) == [])
        #expect(fixture.session.phase == .loggingIn)
    }

    @Test func frameThatWasTooLongIsNotRepeatedForEver() {
        var fixture = SessionFixture.online()
        fixture.give(.request(.broadcast(text: "short", key: nil), ticket(1)))
        fixture.give(.request(.broadcast(text: String(repeating: "x", count: 9000), key: nil), ticket(2)))
        let outputs = fixture.give(.received(.reply(.error(.frameTooLong, reason: "too long"), id: nil)))
        #expect(outputs.replies == [ticket(2)])
        #expect(fixture.resumeAgain().requests.map(\.text) == ["short"])
    }

    @Test func complaintsAreToldAndCut() {
        var fixture = SessionFixture.online()
        let outputs = fixture.give(.received(.reply(.error(.badRequest, reason: String(repeating: "x", count: 5000)), id: nil)))
        #expect(outputs == [.tell(.complaint(String(repeating: "x", count: 200)))])
    }

    @Test func deadlinesDoNotOverflow() {
        var fixture = SessionFixture()
        fixture.now.uptime = .max - 5
        fixture.give(.login(name: hans, password: "x"))
        fixture.answer(fixture.give(.linkOpened(.plaintext)), .login(.success, SessionFixture.welcome()))
        fixture.give(.linkClosed(.lost("x")))
        #expect(fixture.session.nextWake == .max)
    }
}
