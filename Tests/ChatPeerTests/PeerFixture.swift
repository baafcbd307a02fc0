import ChatProtocol

@testable import ChatPeer

/// The private sessions of one client, driven by hand.
struct PeerFixture {
    var sessions: PrivateSessions
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))
    private var lastLink: UInt64 = 0

    init(me: UserName = hans, pin: PeerPin = hansPin, book: TrustBook = TrustBook(), consent: ConsentRule = .everyone) {
        sessions = PrivateSessions(pin: pin, book: book, consent: consent, random: Counter())
        _ = sessions.handle(.loggedIn(as: me), at: now)
    }

    /// hans with an open session with luke, who never restarted.
    static func open(book: TrustBook = TrustBook()) -> (PeerFixture, PeerLinkID) {
        var fixture = PeerFixture(book: book)
        let link = fixture.connect()
        fixture.give(.received(link, .session(stream: lukeStream, yours: nil, through: 0)))
        return (fixture, link)
    }

    /// Starts a session with luke, up to the link.
    @discardableResult
    mutating func connect(_ pin: PeerPin = lukePin) -> PeerLinkID {
        give(.start(luke))
        give(.introduced(introduction(luke, pin), asked: luke))
        return linkUp(isInitiator: true).0
    }

    mutating func linkUp(_ user: UserName = luke, isInitiator: Bool) -> (PeerLinkID, [PeerOutput]) {
        lastLink += 1
        let link = PeerLinkID(number: lastLink)
        return (link, give(.linkUp(link, user, direct, isInitiator: isInitiator)))
    }

    @discardableResult
    mutating func give(_ input: PeerInput) -> [PeerOutput] { sessions.handle(input, at: now) }

    @discardableResult
    mutating func say(_ text: String, _ number: Int64) -> [PeerOutput] { give(.say(luke, text: text, peerTicket(number))) }

    mutating func pass(seconds: Double) {
        now.uptime += UInt64(seconds * 1e9)
        now.wall = now.wall.advanced(bySeconds: seconds)
    }

    /// Goes to the next wake-up and ticks.
    @discardableResult
    mutating func wake() -> [PeerOutput] {
        guard let wake = sessions.nextWake else { return [] }
        now.uptime = max(now.uptime, wake)
        return give(.tick)
    }
}

let hans = name("hans")
let luke = name("luke")
let hansPin = pin(1)
let lukePin = pin(2)
let otherPin = pin(3)
let direct = PeerRoute.direct(address: "192.0.2.1")
let lukeStream = PeerStream(number: 7)
let otherStream = PeerStream(number: 8)

func name(_ text: String) -> UserName {
    guard let name = UserName(text) else { preconditionFailure("\(text) is no name") }
    return name
}

func pin(_ byte: UInt8) -> PeerPin {
    guard let pin = PeerPin(digest: [UInt8](repeating: byte, count: 32)) else { preconditionFailure("32 bytes are a pin") }
    return pin
}

func peerTicket(_ number: Int64) -> PeerTicket { PeerTicket(number: number) }

func introduction(_ user: UserName, _ pin: PeerPin) -> PeerIntroduction {
    guard let ticket = RelayTicket(String(repeating: "0", count: 32)) else { preconditionFailure("32 digits are a ticket") }
    return PeerIntroduction(user: user, offer: PeerOffer(pin: pin, candidates: []), ticket: ticket)
}

func book(_ user: UserName, _ pin: PeerPin, isVerified: Bool) -> TrustBook {
    TrustBook([KnownPerson(user: user, pin: pin, since: Timestamp(milliseconds: 0), isVerified: isVerified)])
}

/// The same every time.
struct Counter: RandomNumberGenerator, Sendable {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}

extension [PeerOutput] {
    var news: [PeerNews] { compactMap { if case .tell(let news) = $0 { news } else { nil } } }
    var messages: [PeerMessage] { compactMap { if case .transmit(let message, _) = $0 { message } else { nil } } }
    var closed: [PeerLinkID] { compactMap { if case .close(let link) = $0 { link } else { nil } } }
    var ends: [PeerEnd] { news.compactMap { if case .closed(_, let end) = $0 { end } else { nil } } }
    var lines: [String] { messages.compactMap { if case .text(_, let text) = $0 { text } else { nil } } }
    var failed: [PeerTicket] { news.compactMap { if case .failed(_, let ticket, _) = $0 { ticket } else { nil } } }
    var delivered: [PeerTicket] { news.compactMap { if case .delivered(_, let ticket) = $0 { ticket } else { nil } } }
    var remembered: [KnownPerson] { compactMap { if case .remember(let person) = $0 { person } else { nil } } }
    var stream: PeerStream? { messages.compactMap { if case .session(let stream, _, _) = $0 { stream } else { nil } }.last }
}
