import ChatProtocol
@testable import ChatClient

/// The full-screen client with a server and a terminal played by the test, at 14:02 on a Wednesday, UTC.
struct ScreenFixture {
    var model: Model
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_056_920_000))
    /// Everything that was to be done and not taken yet.
    var effects: [ClientEffect] = []
    /// The numbers of what came from others.
    var lastSequence: UInt64 = 0
    var width: Int
    var height: Int

    init(width: Int = 80, height: Int = 24, userName: String? = "hans", timeout: Int = 0) {
        self.width = width
        self.height = height
        self.timeout = timeout
        let options = Model.Options(
            userName: userName, host: "localhost", port: 12346, theme: Theme(colors: 256), timeZone: .utc)
        model = Model(options: options, session: Session(retriesFirstConnection: true, random: SteadyRandom()))
        update(.resize(width: width, height: height))
    }

    private let timeout: Int

    /// Logged in as hans, with these others online.
    static func online(
        width: Int = 80, height: Int = 24, others: [String] = ["luke", "r2d2", "yoda"], timeout: Int = 0
    ) -> ScreenFixture {
        var fixture = ScreenFixture(width: width, height: height, timeout: timeout)
        fixture.type("falcon")
        fixture.press(.enter)
        fixture.welcome()
        fixture.event(.presence(.init(online: others.compactMap { UserName($0) }, isReset: true)))
        fixture.effects = []
        return fixture
    }

    /// The link opens and the login is accepted.
    mutating func welcome(_ link: SessionInput = .linkOpened(.tlsVerified)) {
        update(.link(link))
        answer(.login(.success, welcomeFields()))
    }

    func welcomeFields() -> Reply.Welcome? {
        guard let token = ResumeToken("00112233445566778899aabbccddeeff"), let hans = UserName("hans") else { return nil }
        return Reply.Welcome(name: hans, token: token, timeout: timeout, keepAlive: 30, unread: 0, time: now.wall)
    }

    // MARK: The user

    mutating func update(_ input: Input) { effects += model.update(input, at: now) }

    mutating func press(_ keys: Key...) { for key in keys { update(.key(key)) } }

    mutating func type(_ text: String) { for character in text { press(.character(character)) } }

    /// Types a line and presses Enter.
    mutating func enter(_ text: String) {
        type(text)
        press(.enter)
    }

    /// Opens the conversation with somebody; the server says, if it is asked, that there is such an account.
    mutating func converse(with name: String) {
        enter("/msg \(name)")
        if model.inquiry != nil { answer(.message(.empty)) }
    }

    mutating func resize(width: Int, height: Int) {
        self.width = width
        self.height = height
        update(.resize(width: width, height: height))
    }

    // MARK: The server

    /// The requests that were sent, by now.
    var sent: [RequestFrame] {
        effects.compactMap { if case .link(.transmit(let frame)) = $0 { frame } else { nil } }
    }

    /// Replies to the last request that was not for history.
    mutating func answer(_ reply: Reply) {
        let id = sent.last { frame in if case .history = frame.request { false } else { frame.id != nil } }?.id
        update(.link(.received(.reply(reply, id: id))))
    }

    mutating func event(_ event: Event) { update(.link(.received(.event(event)))) }

    mutating func message(from name: String, _ text: String, secondsAgo: Double = 0) {
        lastSequence += 1
        guard let name = UserName(name) else { return }
        event(.message(from: name, text: text, receipt(lastSequence, secondsAgo)))
    }

    mutating func broadcast(from name: String, _ text: String, secondsAgo: Double = 0) {
        lastSequence += 1
        guard let name = UserName(name) else { return }
        event(.broadcast(from: name, text: text, receipt(lastSequence, secondsAgo)))
    }

    private func receipt(_ sequence: UInt64, _ secondsAgo: Double) -> Reply.Receipt {
        Reply.Receipt(sequence: sequence, time: now.wall.advanced(bySeconds: -secondsAgo))
    }

    mutating func presence(came: [String] = [], went: [String] = []) {
        event(.presence(.init(online: came.compactMap { UserName($0) }, offline: went.compactMap { UserName($0) })))
    }

    mutating func pass(seconds: Double) {
        now.uptime += UInt64(seconds * 1e9)
        now.wall = now.wall.advanced(bySeconds: seconds)
    }

    // MARK: The screen

    mutating func frame() -> Frame { model.render(width: width, height: height, now: now) }

    mutating func screen() -> String { frame().text }

    mutating func lines() -> [String] { frame().lines }

    /// What is typed, as the screen shows it: the row of the cursor after the prompt.
    mutating func inputLine() -> String {
        let frame = frame()
        guard let cursor = frame.cursor else { return "" }
        var line = frame.lines[cursor.row]
        if let prompt = line.range(of: "▸ ") { line = String(line[prompt.upperBound...]) } else if line.hasSuffix("▸") { return "" }
        if line.hasSuffix("│") { line.removeLast() }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// The first line of the screen that holds `text`.
    mutating func line(with text: String) -> String? { lines().first { $0.contains(text) } }

    var quits: Bool { effects.contains { if case .quit = $0 { true } else { false } } }
}

/// As random as a test needs it to be.
struct SteadyRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}

extension String {
    /// Without Foundation: where `other` first occurs.
    func range(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }

    func contains(_ other: String) -> Bool { range(of: other) != nil }
}
