import ChatPeer
import ChatProtocol

@testable import ChatClient

/// Line mode against a scripted session: news go in, what would be printed comes out.
struct LineModeFixture {
    var mode: LineMode
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))
    var started: [LineMode.Output]

    init(user: String? = nil, password: String? = nil, interactive: Bool = false, privates: PrivateSessions? = nil, hasFiles: Bool = false)
    {
        mode = LineMode(
            LineMode.Settings(
                host: "bar.example", port: 12346, userName: user, password: password, isInteractive: interactive,
                isOutputTerminal: interactive, trustCommand: "banter trust --data here bar.example 12346", timeZone: .utc,
                home: "/home/hans"),
            privates: privates, hasFiles: hasFiles)
        started = mode.start()
    }

    static func loggedIn(interactive: Bool = false) -> LineModeFixture {
        var fixture = LineModeFixture(interactive: interactive)
        fixture.type("hans")
        fixture.type("falcon")
        fixture.online()
        return fixture
    }

    @discardableResult
    mutating func give(_ input: LineMode.Input) -> [LineMode.Output] { mode.handle(input, at: now) }

    @discardableResult
    mutating func type(_ line: String) -> [LineMode.Output] { give(.line(line)) }

    @discardableResult
    mutating func learn(_ news: SessionNews) -> [LineMode.Output] { give(.news(news)) }

    @discardableResult
    mutating func phase(_ phase: SessionPhase) -> [LineMode.Output] { learn(.phase(phase)) }

    @discardableResult
    mutating func online(resumed: Bool = false, security: LinkSecurity = .plaintext) -> [LineMode.Output] {
        phase(.online(SessionPhase.Online(name: hans, security: security, timeout: 0, isResumed: resumed)))
    }

    /// Types a command and answers the request that comes of it; what is printed then.
    mutating func ask(_ line: String, _ reply: Reply) -> [String] {
        let asked = type(line)
        guard let ticket = asked.ticket else { return ["no request"] }
        return asked.printed + learn(.reply(reply, ticket)).printed
    }
}

extension [LineMode.Output] {
    var printed: [String] { compactMap { if case .print(let line) = $0 { line } else { nil } } }
    var notices: [String] { compactMap { if case .notice(let line) = $0 { line } else { nil } } }
    var sharing: [SharingInput] { compactMap { if case .sharing(let input) = $0 { input } else { nil } } }
    var exit: LineExit? { compactMap { if case .exit(let status) = $0 { status } else { nil } }.last }
    var session: [SessionInput] {
        compactMap {
            switch $0 {
            case .session(let input), .afterOutput(.session(let input)): input
            default: nil
            }
        }
    }
    var request: Request? { session.compactMap { if case .request(let request, _) = $0 { request } else { nil } }.last }
    var ticket: Ticket? { session.compactMap { if case .request(_, let ticket) = $0 { ticket } else { nil } }.last }
}
