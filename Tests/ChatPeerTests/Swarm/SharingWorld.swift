import ChatProtocol
import Testing

@testable import ChatPeer

/// Clients that share files: real rules and real disks, with a server, links and a clock that the test has in its hand.
struct SharingWorld {
    enum Conduct {
        case honest
        /// Sends leaves that are not the file's.
        case lying
        /// Takes requests and answers none.
        case silent
    }

    struct Client {
        var sharing: FileSharing
        let disk: SharingDisk
        var conduct = Conduct.honest
        var news: [SharingNews] = []
        /// Bytes of leaves that came, by sender.
        var received: [UserName: Int] = [:]
        var closed = 0
        var freeAt: UInt64 = 0
        /// Leaves that the disk takes before it is full.
        var diskRoom = Int.max
        var isWorking = false
        var isGone = false
        var statusLists: [UInt64] = []
    }

    private struct End: Hashable {
        let user: UserName
        let id: PeerLinkID
    }

    private enum Happening {
        case input(SharingInput, UserName)
        /// What was sent on a link arrives at its other end.
        case arrives([BulkFrame], at: End)
        case work(UserName)
    }

    let place: Place
    private(set) var clients: [UserName: Client] = [:]
    private(set) var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))
    private(set) var isServerUp = true
    private(set) var index: [UserName: [FileContent: (file: SharedFile, pieces: PieceSet)]] = [:]
    /// What the server was asked, by whom.
    private(set) var asked: [(user: UserName, request: SwarmRequest)] = []
    private(set) var introductions = 0
    /// Keys in place of those that people have otherwise.
    var keys: [UserName: PeerPin] = [:]
    private var online: Set<UserName> = []
    private var others: [End: End] = [:]
    private var expecting: Set<[UserName]> = []
    private var queue: [(at: UInt64, order: Int, happening: Happening)] = []
    private var order = 0
    private var lastLink: UInt64 = 0
    private var lastTicket: Int64 = 0
    /// Bytes a second that a client can send.
    private let rate: UInt64 = 20_000_000
    private let latency = Moment.second / 1000

    init() throws { place = try Place() }

    // MARK: What a test does

    /// Starts a client, or starts it again over the same folder.
    mutating func start(_ user: UserName, conduct: Conduct = .honest, serving: ServeRule = .everyone) {
        let disk = SharingDisk(store: ChunkStore(folder: folder(of: user)))
        clients[user] = Client(
            sharing: FileSharing(serving: serving, random: Counter(state: user.text.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })),
            disk: disk, conduct: conduct)
        for report in disk.start() { give(.disk(report), to: user) }
        if isServerUp { login(user) }
    }

    func key(of user: UserName) -> PeerPin { keys[user] ?? pin(user.text.utf8.reduce(0, &+)) }

    func folder(of user: UserName) -> String { "\(place.path)/\(user)" }

    mutating func stop(_ user: UserName) {
        handle([.quit], user)
        queue.removeAll { entry in
            switch entry.happening {
            case .input(_, let other), .work(let other): other == user
            case .arrives(_, let end): end.user == user
            }
        }
        clients[user]?.disk.close()
        clients[user]?.isGone = true
        online.remove(user)
        index[user] = nil
        for (end, _) in others where end.user == user { cut(end) }
    }

    private mutating func login(_ user: UserName) {
        online.insert(user)
        give(.online(as: user), to: user)
    }

    mutating func serverGoes() {
        isServerUp = false
        online = []
        index = [:]
        for user in clients.keys.sorted() where clients[user]?.isGone == false { give(.offline, to: user) }
    }

    mutating func serverComesBack() {
        isServerUp = true
        for user in clients.keys.sorted() where clients[user]?.isGone == false { login(user) }
    }

    mutating func give(_ input: SharingInput, to user: UserName) { schedule(.input(input, user), at: now.uptime) }

    mutating func ticket() -> UserTicket {
        lastTicket += 1
        return UserTicket(number: lastTicket)
    }

    /// Puts the file into the client's place and offers it.
    mutating func offer(_ file: SampleFile, by user: UserName) throws {
        give(.register(path: try place.file(file.description.file.name.text, file.bytes, in: "files-\(user)"), ticket()), to: user)
        run(seconds: 1)
    }

    mutating func download(_ text: String, by user: UserName, pieces: [Int]? = nil, from: UserName? = nil) throws {
        let designation = try #require(FileDesignation(text))
        give(.download(designation, pieces: pieces, from: from, ticket()), to: user)
    }

    /// A link between two that neither asked for, as an attacker's client may make one.
    mutating func link(_ a: UserName, _ b: UserName) {
        lastLink += 2
        let ends = (End(user: a, id: PeerLinkID(number: lastLink)), End(user: b, id: PeerLinkID(number: lastLink + 1)))
        others[ends.0] = ends.1
        others[ends.1] = ends.0
        schedule(.input(.linkUp(ends.0.id, b, key(of: b), isInitiator: true), a), at: now.uptime + latency)
        schedule(.input(.linkUp(ends.1.id, a, key(of: a), isInitiator: false), b), at: now.uptime + latency)
    }

    /// The client's disk has room for so many leaves more.
    mutating func limitDisk(of user: UserName, leaves: Int) { clients[user]?.diskRoom = leaves }

    mutating func run(seconds: Double) { run(seconds: seconds) { _ in false } }

    /// Runs until `isDone`, or the time is up.
    mutating func run(seconds: Double, until isDone: (SharingWorld) -> Bool) {
        let end = now.uptime + UInt64(seconds * 1e9)
        while true {
            let next = queue.indices.min { (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order) }
            var wake: (at: UInt64, user: UserName)?
            for user in clients.keys.sorted() where clients[user]?.isGone == false {
                if let time = clients[user]?.sharing.nextWake, time < wake?.at ?? .max { wake = (time, user) }
            }
            let time = min(next.map { queue[$0].at } ?? .max, wake.map { max($0.at, now.uptime) } ?? .max)
            guard time <= end else { break }
            now.uptime = max(now.uptime, time)
            if let next, queue[next].at <= time {
                queue.swapAt(next, queue.count - 1)
                happen(queue.removeLast().happening)
            } else if let wake {
                handle([.tick], wake.user)
                if let again = clients[wake.user]?.sharing.nextWake, again <= now.uptime {
                    Issue.record("a wake-up that changed nothing: it would come again at once, for ever")
                    now.uptime += 1
                }
            }
            if isDone(self) { return }
        }
        now.uptime = max(now.uptime, end)
    }

    // MARK: What a test sees

    subscript(user: UserName) -> Client {
        get throws { try #require(clients[user]) }
    }

    func transfers(_ user: UserName) -> [ListedTransfer] { clients[user]?.sharing.transfers(at: now) ?? [] }

    func hasFinished(_ user: UserName, _ number: Int = 1) -> Bool {
        transfers(user).contains { if case .finished = $0.status.phase { $0.number == number } else { false } }
    }

    func news(_ user: UserName) -> [SharingNews] { clients[user]?.news ?? [] }

    /// Names and reasons of those who were dropped.
    func drops(_ user: UserName) -> [String] {
        news(user).compactMap { if case .dropped(let user, let reason, _, _) = $0 { "\(user) \(reason)" } else { nil } }
    }

    func requests(of user: UserName, _ isCounted: (SwarmRequest) -> Bool) -> Int {
        asked.count { $0.user == user && isCounted($0.request) }
    }

    // MARK: -

    private mutating func schedule(_ happening: Happening, at time: UInt64) {
        order += 1
        queue.append((max(now.uptime, time), order, happening))
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .input(let input, let user): handle([input], user)
        case .work(let user):
            clients[user]?.isWorking = false
            guard clients[user]?.isGone == false, let disk = clients[user]?.disk else { return }
            let report = disk.step()
            handle(report.map { [.disk($0)] } ?? [], user)
        case .arrives(let frames, let end):
            guard others[end] != nil else { return }
            if let from = others[end]?.user {
                for case .leaf(_, _, let bytes) in frames { clients[end.user]?.received[from, default: 0] += bytes.count }
            }
            handle(frames.map { .frame(end.id, $0) }, end.user)
        }
    }

    private mutating func handle(_ inputs: [SharingInput], _ user: UserName) {
        guard clients[user]?.isGone == false else { return }
        let outputs = clients[user]?.sharing.handle(inputs, at: now) ?? []
        for output in outputs { perform(output, of: user) }
        if clients[user]?.isWorking == false, clients[user]?.disk.hasWork == true {
            clients[user]?.isWorking = true
            schedule(.work(user), at: now.uptime)
        }
    }

    private mutating func perform(_ output: SharingOutput, of user: UserName) {
        switch output {
        case .tell(let news):
            clients[user]?.news.append(news)
            if case .transfers = news { clients[user]?.statusLists.append(now.uptime) }
        case .disk(let task): perform(task, of: user)
        case .ask(let ticket, let request): answer(request, ticket, user)
        case .introduce(let other, let ticket): introduce(other, to: user, ticket)
        case .expect(let introduction): expecting.insert([user, introduction.user])
        case .dial(let introduction):
            let other = introduction.user
            guard expecting.remove([other, user]) != nil else {
                schedule(.input(.linkFailed(other, isInitiator: true, reason: "nobody there"), user), at: now.uptime + Moment.second)
                return
            }
            link(user, other)
        case .close(let id):
            clients[user]?.closed += 1
            cut(End(user: user, id: id))
        case .send(let frames, let id): send(frames, from: End(user: user, id: id))
        }
    }

    private mutating func perform(_ task: DiskTask, of user: UserName) {
        guard let client = clients[user] else { return }
        switch task {
        case .read where client.conduct == .silent: return
        case .write(let content, _, _, let leaves):
            guard client.diskRoom >= leaves.count else {
                give(.disk(.failed(content, .system("write", 28))), to: user)
                return
            }
            clients[user]?.diskRoom -= leaves.count
        default: break
        }
        if let report = client.disk.perform(task) { give(.disk(report), to: user) }
    }

    private mutating func send(_ frames: [BulkFrame], from end: End) {
        guard let other = others[end], let client = clients[end.user] else { return }
        let bytes = frames.reduce(0) { $0 + $1.weight }
        let isLarge = frames.contains { if case .leaf = $0 { true } else { false } }
        var time = now.uptime
        if isLarge {
            // What is small goes between.
            time = max(time, client.freeAt) + UInt64(bytes) * Moment.second / rate
            clients[end.user]?.freeAt = time
            schedule(.input(.writability(end.id, false), end.user), at: now.uptime)
            schedule(.input(.writability(end.id, true), end.user), at: time)
        }
        let sent =
            client.conduct != .lying
            ? frames
            : frames.map { frame in
                guard case .leaf(let number, let index, var bytes) = frame else { return frame }
                bytes[0] ^= 1
                return .leaf(number, index: index, bytes)
            }
        schedule(.arrives(sent, at: other), at: time + latency)
    }

    private mutating func cut(_ end: End) {
        guard let other = others.removeValue(forKey: end) else { return }
        others[other] = nil
        schedule(.input(.linkDown(other.id, reason: "closed"), other.user), at: now.uptime + latency)
    }

    // MARK: The server

    private mutating func introduce(_ other: UserName, to user: UserName, _ ticket: SharingTicket) {
        introductions += 1
        guard isServerUp, online.contains(other), other != user else {
            schedule(.input(.failed(ticket, reason: "offline"), user), at: now.uptime + latency)
            return
        }
        schedule(.input(.request(introduction(user, key(of: user))), other), at: now.uptime + latency)
        schedule(.input(.introduced(ticket, introduction(other, key(of: other))), user), at: now.uptime + 2 * latency)
    }

    private mutating func answer(_ request: SwarmRequest, _ ticket: SharingTicket, _ user: UserName) {
        guard isServerUp else { return give(.failed(ticket, reason: "offline"), to: user) }
        asked.append((user, request))
        schedule(.input(.answered(ticket, reply(to: request, of: user)), user), at: now.uptime + latency)
    }

    private mutating func reply(to request: SwarmRequest, of user: UserName) -> SwarmReply {
        switch request {
        case .register(let file, let pieces):
            index[user, default: [:]][file.content] = (file, pieces)
            return .register(.success)
        case .have(let content, let pieces):
            guard index[user]?[content] != nil else { return .have(.unknownFile) }
            for piece in pieces { index[user]?[content]?.pieces.insert(piece) }
            return .have(.success)
        case .withdraw(let content): return .withdraw(index[user]?.removeValue(forKey: content) == nil ? .unknownFile : .success)
        case .searchfile(let name):
            let findings = findings(name, for: user)
            return .searchfile(findings.isEmpty ? .unknownFile : .success, findings)
        case .searchchunk(let name, _):
            let findings = findings(name, for: user)
            return .searchchunk(findings.isEmpty ? .unknownFile : .success, findings)
        }
    }

    private func findings(_ name: SafeName?, for user: UserName) -> [SwarmFinding] {
        var owners: [SharedFile: [SwarmFinding.Owner]] = [:]
        for (owner, files) in index where owner != user {
            for entry in files.values where entry.file.name == name {
                owners[entry.file, default: []].append(.init(user: owner, count: entry.pieces.count))
            }
        }
        return owners.map { file, owners in
            SwarmFinding(file: file, owners: owners.sorted { ($1.count, $0.user) < ($0.count, $1.user) }, ownerCount: owners.count)
        }.sorted { $0.file.content.root.description < $1.file.content.root.description }
    }
}
