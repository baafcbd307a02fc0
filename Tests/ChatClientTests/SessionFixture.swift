import ChatProtocol
@testable import ChatClient

/// A session and the time around it, driven by hand.
struct SessionFixture {
    var session: Session
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))

    static let token = ResumeToken("00112233445566778899aabbccddeeff")
    static let otherToken = ResumeToken("ffeeddccbbaa99887766554433221100")

    init(retries: Bool = true) {
        session = Session(retriesFirstConnection: retries, random: Counter())
    }

    /// Logged in as hans on the first link.
    static func online(keepAlive: Int = 30) -> SessionFixture {
        var fixture = SessionFixture()
        _ = fixture.give(.login(name: hans, password: "falcon"))
        let sent = fixture.give(.linkOpened(.plaintext))
        _ = fixture.answer(sent, .login(.success, welcome(keepAlive: keepAlive)))
        return fixture
    }

    static func welcome(keepAlive: Int = 30, token: ResumeToken? = token) -> Reply.Welcome? {
        token.map {
            Reply.Welcome(
                name: hans, token: $0, timeout: 60, keepAlive: keepAlive, unread: 0, time: Timestamp(milliseconds: 1_700_000_000_000))
        }
    }

    @discardableResult
    mutating func give(_ input: SessionInput) -> [SessionOutput] { session.handle(input, at: now) }

    @discardableResult
    mutating func event(_ event: Event) -> [SessionOutput] { give(.received(.event(event))) }

    /// Replies to the last request among `outputs` that carries an id.
    @discardableResult
    mutating func answer(_ outputs: [SessionOutput], _ reply: Reply) -> [SessionOutput] {
        give(.received(.reply(reply, id: outputs.frames.last { $0.id != nil }?.id)))
    }

    /// Replies to one request.
    @discardableResult
    mutating func answer(_ frame: RequestFrame?, _ reply: Reply) -> [SessionOutput] {
        give(.received(.reply(reply, id: frame?.id)))
    }

    mutating func pass(seconds: Double) {
        now.uptime += UInt64(seconds * 1e9)
        now.wall = now.wall.advanced(bySeconds: seconds)
    }

    /// Goes to the next wake-up and ticks.
    @discardableResult
    mutating func wake() -> [SessionOutput] {
        guard let wake = session.nextWake else { return [] }
        now.uptime = max(now.uptime, wake)
        return give(.tick)
    }

    /// Breaks the link and opens another; the frames sent on it.
    mutating func reconnect() -> [RequestFrame] {
        give(.linkClosed(.lost("reset")))
        wake()
        return give(.linkOpened(.plaintext)).frames
    }

    /// Breaks the link, and resumes on another; what comes of that.
    mutating func resumeAgain() -> [SessionOutput] {
        let frames = reconnect()
        return answer(frames.last, .resume(.success, Self.welcome()))
    }

    static func receipt(_ sequence: UInt64) -> Reply.Receipt {
        Reply.Receipt(sequence: sequence, time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(sequence)))
    }
}

let hans = UserName("hans") ?? nobody
let yoda = UserName("yoda") ?? nobody
private let nobody: UserName = {
    guard let name = UserName("nobody") else { preconditionFailure("nobody is a name") }
    return name
}()

/// Random enough for jitter and keys, and the same every time.
struct Counter: RandomNumberGenerator, Sendable {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}

extension [SessionOutput] {
    var frames: [RequestFrame] { compactMap { if case .transmit(let frame) = $0 { frame } else { nil } } }
    var requests: [Request] { frames.map(\.request) }
    var news: [SessionNews] { compactMap { if case .tell(let news) = $0 { news } else { nil } } }
    var phases: [SessionPhase] { news.compactMap { if case .phase(let phase) = $0 { phase } else { nil } } }
    var replies: [Ticket] { news.compactMap { if case .reply(_, let ticket) = $0 { ticket } else { nil } } }
    var texts: [String] { news.compactMap { if case .message(_, let text, _) = $0 { text } else { nil } } }
    var failures: [RequestFailure] { news.compactMap { if case .failed(_, let failure) = $0 { failure } else { nil } } }
    var acknowledged: [UInt64] { requests.compactMap { if case .ack(let through) = $0 { through } else { nil } } }
}

extension Request {
    var text: String? {
        switch self {
        case .message(_, let text, _), .broadcast(let text, _): text
        default: nil
        }
    }

    var key: MessageKey? {
        switch self {
        case .message(_, _, let key), .broadcast(_, let key): key
        default: nil
        }
    }
}

func ticket(_ number: Int64) -> Ticket { Ticket(number: number) }
