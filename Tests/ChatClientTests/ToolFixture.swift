import ChatProtocol

@testable import ChatClient

/// A tool for scripts with a session played by the test.
struct ToolFixture {
    var run: ToolRun
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_056_920_000))
    /// Everything that came out so far.
    var outputs: [ToolOutput] = []

    init(_ tool: some Tool, patience: Double? = 30) {
        run = ToolRun(
            ToolRun.Settings(
                name: hans, password: "falcon", server: "bar.example:12346", trustCommand: "banter trust bar.example 12346",
                patience: patience.map { UInt64($0 * 1e9) }),
            tool: tool)
        outputs = run.start(at: now)
    }

    /// Logged in.
    static func online(_ tool: some Tool, patience: Double? = 30) -> ToolFixture {
        var fixture = ToolFixture(tool, patience: patience)
        fixture.online()
        return fixture
    }

    /// What comes out of this input alone.
    @discardableResult
    mutating func give(_ input: ToolRun.Input) -> [ToolOutput] {
        let new = run.handle(input, at: now)
        outputs += new
        return new
    }

    @discardableResult
    mutating func learn(_ news: SessionNews) -> [ToolOutput] { give(.news(news)) }

    @discardableResult
    mutating func online(resumed: Bool = false) -> [ToolOutput] {
        learn(.phase(.online(SessionPhase.Online(name: hans, security: .tlsVerified, timeout: 0, isResumed: resumed))))
    }

    @discardableResult
    mutating func end(_ end: SessionEnd) -> [ToolOutput] { learn(.phase(.ended(end))) }

    /// Replies to the nth request so far, from 0.
    @discardableResult
    mutating func answer(_ number: Int, _ reply: Reply) -> [ToolOutput] {
        let tickets = outputs.compactMap { if case .session(.request(_, let ticket)) = $0 { ticket } else { nil } }
        guard tickets.indices.contains(number) else { return [] }
        return learn(.reply(reply, tickets[number]))
    }

    mutating func pass(seconds: Double) { now.uptime += UInt64(seconds * 1e9) }
}

extension [ToolOutput] {
    var printed: [String] { compactMap { if case .print(let line) = $0 { line } else { nil } } }
    var notices: [String] { compactMap { if case .notice(let line) = $0 { line } else { nil } } }
    var requests: [Request] { compactMap { if case .session(.request(let request, _)) = $0 { request } else { nil } } }
    var exit: ToolExit? { compactMap { if case .exit(let status) = $0 { status } else { nil } }.last }
    var logsOut: Bool { contains(.session(.logout)) }
}
