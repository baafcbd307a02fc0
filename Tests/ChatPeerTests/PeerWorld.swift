import ChatProtocol

@testable import ChatPeer

/// Two clients, the server that brings them together and the links between them, with everything delivered in order.
struct PeerWorld {
    var clients: [UserName: PrivateSessions] = [:]
    var news: [UserName: [PeerNews]] = [:]
    var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))
    var isServerUp = true
    /// What is on its way: to whom, and what.
    private var mail: [(to: UserName, input: PeerInput)] = []
    private var pins: [UserName: PeerPin] = [:]
    private var dialing: Set<UserName> = []
    private var expecting: Set<UserName> = []
    private(set) var links: [PeerLinkID] = []
    private(set) var lastLink: UInt64 = 0
    private let seeds: [UserName: UInt64] = [hans: 11, luke: 22]

    init(hans hansKey: PeerPin = hansPin, luke lukeKey: PeerPin = lukePin) {
        pins = [hans: hansKey, luke: lukeKey]
        restart(hans)
        restart(luke)
    }

    mutating func restart(_ user: UserName, seed: UInt64 = 0) {
        guard let pin = pins[user] else { return }
        clients[user] = PrivateSessions(pin: pin, book: TrustBook(), random: Counter(state: (seeds[user] ?? 0) + seed))
        news[user] = []
        _ = clients[user]?.handle(.loggedIn(as: user), at: now)
    }

    func other(_ user: UserName) -> UserName { user == hans ? luke : hans }

    /// Puts something in without delivering what follows.
    mutating func post(_ input: PeerInput, to user: UserName) { mail.append((user, input)) }

    mutating func give(_ input: PeerInput, to user: UserName) {
        post(input, to: user)
        run()
    }

    /// Delivers until nothing is on its way.
    mutating func run() {
        var count = 0
        while !mail.isEmpty, count < 10_000 {
            count += 1
            let (user, input) = mail.removeFirst()
            for output in clients[user]?.handle(input, at: now) ?? [] { carryOut(output, of: user) }
        }
    }

    /// The link dies, for the one side at once, for the other only if it notices.
    mutating func breakLink(for users: [UserName]) {
        let broken = links
        links = []
        for user in users {
            for link in broken { post(.linkDown(link, reason: "reset"), to: user) }
        }
        run()
    }

    private mutating func carryOut(_ output: PeerOutput, of user: UserName) {
        let other = other(user)
        switch output {
        case .ask:
            guard isServerUp, let mine = pins[user], let theirs = pins[other] else {
                mail.append((user, .refused(other, .noServer)))
                return
            }
            mail.append((user, .introduced(introduction(other, theirs), asked: other)))
            mail.append((other, .request(introduction(user, mine))))
        case .dial:
            dialing.insert(user)
            meet(user, other)
        case .expect:
            expecting.insert(user)
            meet(other, user)
        case .abandon:
            dialing.remove(user)
            expecting.remove(user)
        case .transmit(let message, let link):
            if links.contains(link) { mail.append((other, .received(link, message))) }
        case .close(let link):
            guard links.contains(link) else { return }
            links.removeAll { $0 == link }
            mail.append((other, .linkDown(link, reason: "closed")))
        case .remember, .forget: break
        case .tell(let news):
            self.news[user, default: []].append(news)
            if case .text(let from, _, let number) = news { mail.append((user, .shown(from, through: number))) }
        }
    }

    private mutating func meet(_ dialer: UserName, _ acceptor: UserName) {
        guard dialing.contains(dialer), expecting.contains(acceptor) else { return }
        dialing.remove(dialer)
        expecting.remove(acceptor)
        lastLink += 1
        let link = PeerLinkID(number: lastLink)
        links.append(link)
        mail.append((dialer, .linkUp(link, acceptor, direct, isInitiator: true)))
        mail.append((acceptor, .linkUp(link, dialer, direct, isInitiator: false)))
    }

    func isOpen() -> Bool { clients[hans]?.isOpen(luke) == true && clients[luke]?.isOpen(hans) == true }
    func texts(of user: UserName) -> [String] {
        (news[user] ?? []).compactMap { if case .text(_, let text, _) = $0 { text } else { nil } }
    }
    func delivered(to user: UserName) -> [PeerTicket] {
        (news[user] ?? []).compactMap { if case .delivered(_, let ticket) = $0 { ticket } else { nil } }
    }
    func failed(of user: UserName) -> [PeerTicket] {
        (news[user] ?? []).compactMap { if case .failed(_, let ticket, _) = $0 { ticket } else { nil } }
    }
    func ends(of user: UserName) -> [PeerEnd] {
        (news[user] ?? []).compactMap { if case .closed(_, let end) = $0 { end } else { nil } }
    }
    func openings(of user: UserName) -> Int { (news[user] ?? []).count { if case .opened = $0 { true } else { false } } }
}
