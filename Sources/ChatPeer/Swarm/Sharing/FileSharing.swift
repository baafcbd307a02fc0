package import ChatProtocol

/// Everything that one client shares and fetches, as a value: its downloads by number, what it offers, the links for bulk data, and what
/// the server's index is told.
///
/// It does no I/O. Everything that happens goes in through ``handle(_:at:)``, what is to be done comes out, in order. There is at most
/// one link to each person, for all files and both directions, whoever opened it. Links outlive the connection to the server.
package struct FileSharing: Sendable {
    package enum Limits {
        /// Downloads that are not over, and those over that are still listed.
        package static let transfers = 100
        package static let listed = 50
        /// Links opened to fetch, and all links.
        package static let dialed = 16
        package static let links = 64
        /// Searches of the user's that the server has not answered.
        package static let searches = 32
        /// Blocks that the disk is asked for and has not read.
        package static let reads = 4
        /// Bytes gathered for one link while inputs are handled: beyond the first it gets no more blocks, beyond the second it is closed,
        /// as only a flood of questions is answered so much.
        package static let gathered = (blocks: 2 << 20, all: 8 << 20)
        /// Leaves on one link that belong to no download.
        package static let strays = 4096
        /// People of whom something is kept: that they lied, that they were turned away.
        package static let people = 1000
        /// Owners of one file that are remembered.
        package static let owners = 128
        /// Notes of who fetched what.
        package static let notes = 1000
    }

    /// In nanoseconds.
    enum Patience {
        static let server = 30 * Moment.second
        static let dialing = 60 * Moment.second
        static let expecting = 90 * Moment.second
        /// Who could not be reached is left alone for so long, and for twice as long each time; who was lost, for less.
        static let unreachable = 30 * Moment.second
        static let farthest = 600 * Moment.second
        static let lost = 5 * Moment.second
        /// A link younger than this may cross with an introduction of the other side's.
        static let fresh = 5 * Moment.second
        /// A link that nobody uses is closed.
        static let idle = 120 * Moment.second
        static let status = Moment.second / 5
    }

    /// A download that is not over.
    struct Record: Sendable {
        var transfer: Transfer
        /// What a former run left lies still until the user wants it.
        var isStarted = true
        var isPaused = false
        var isSearching = false
        /// Who is known to have some of it.
        var owners: Set<UserName> = []
    }

    struct Offer: Sendable {
        var description: FileDescription
        var pieces: PieceSet
        var isDownload: Bool

        var file: SharedFile { description.file }
    }

    struct Link: Sendable {
        let user: UserName
        /// The verified pin.
        let pin: PeerPin
        let isInitiator: Bool
        let since: UInt64
        var lastUse: UInt64
        var isWritable = true
        /// Bytes of the frames that are gathered for it.
        var gathered = 0
        var strays = 0
    }

    /// What the server was asked for.
    enum Question: Sendable {
        case search(UserTicket)
        case download(FileDesignation, pieces: [Int]?, from: UserName?, UserTicket)
        case peers(Int)
        case introduction(UserName)
        case register(FileContent)
        case news(FileContent)
        case withdraw
    }

    var random: any RandomNumberGenerator & Sendable
    let settings: SchedulerSettings
    var me: UserName?
    var isOnline = false
    var hasQuit = false
    package internal(set) var serving: ServeRule

    var records: [Int: Record] = [:]
    var numbers: [FileContent: Int] = [:]
    var lastNumber = 0
    var over: [ListedTransfer] = []
    var toldStatus: [ListedTransfer] = []
    var isStatusNew = false
    var nextStatus: UInt64 = 0

    var offers: [FileContent: Offer] = [:]
    var uploads = Uploads()
    var reading: [(job: Uploads.Job, link: PeerLinkID)] = []
    var uploadNotes: Set<UploadNote> = []
    var index = IndexDuty()
    /// Downloads of what is offered here, for which the disk is asked; as many as ``Limits/searches``.
    var wishes: [(file: SharedFile, wish: Wish)] = []
    /// Offers whose user is told when others can find them.
    var unannounced: [FileContent: UserTicket] = [:]

    var links: [PeerLinkID: Link] = [:]
    var linkOf: [UserName: PeerLinkID] = [:]
    /// Until when a link is waited for that was dialed, or is expected.
    var dialing: [UserName: UInt64] = [:]
    var expecting: [UserName: UInt64] = [:]
    /// Until when somebody is left alone.
    var resting: [UserName: Rest] = [:]
    var liars = BoundedSet<UserName>(most: Limits.people)
    var turnedAway = BoundedSet<Visitor>(most: Limits.people)
    /// Whom the user has blocked in this run. Of those of before the server says nothing, but it brings none of them here.
    var blocked = BoundedSet<UserName>(most: Limits.people)

    var questions: [SharingTicket: (question: Question, deadline: UInt64)] = [:]
    var lastTicket: UInt64 = 0
    /// What to do, gathered while inputs are handled.
    var outputs: [SharingOutput] = []
    /// Frames for each link, sent together at the end.
    var letters: [PeerLinkID: [BulkFrame]] = [:]
    var letterOrder: [PeerLinkID] = []

    struct Rest: Sendable {
        var until: UInt64
        var failures: Int
    }

    struct Visitor: Hashable {
        let user: UserName
        let pin: PeerPin
    }

    struct UploadNote: Hashable {
        let user: UserName
        let content: FileContent
    }

    /// - Parameter random: where the order comes from in which pieces and peers are chosen among equals.
    package init(
        serving: ServeRule = .everyone, settings: SchedulerSettings = SchedulerSettings(), random: any RandomNumberGenerator & Sendable
    ) {
        self.serving = serving
        self.settings = settings
        self.random = random
    }

    /// Takes one input in and returns what is to be done, in order.
    package mutating func handle(_ input: SharingInput, at now: Moment) -> [SharingOutput] { handle(CollectionOfOne(input), at: now) }

    /// The same for several, whose frames for one link are sent together.
    package mutating func handle(_ inputs: some Sequence<SharingInput>, at now: Moment) -> [SharingOutput] {
        for input in inputs where !hasQuit {
            apply(input, at: now.uptime)
            serve()
        }
        if !hasQuit {
            tellIndex(at: now.uptime)
            tellStatus(at: now.uptime)
        }
        for link in letterOrder { post(link) }
        letterOrder = []
        defer { outputs = [] }
        return outputs
    }

    private mutating func apply(_ input: SharingInput, at now: UInt64) {
        switch input {
        case .frame(let link, let frame): received(frame, on: link, at: now)
        case .disk(let report): reported(report, at: now)
        case .writability(let link, let isWritable): links[link]?.isWritable = isWritable
        case .register(let path, let ticket): outputs.append(.disk(.register(path: path, ticket)))
        case .withdraw(let designation, let ticket): withdraw(designation, ticket, at: now)
        case .searchfile(let name, let ticket): search(.searchfile(name), ticket, at: now)
        case .searchchunk(let name, let pieces, let ticket):
            search(.searchchunk(name, Array(pieces.prefix(SwarmRequest.mostPieces))), ticket, at: now)
        case .download(let designation, let pieces, let user, let ticket): download(designation, pieces, from: user, ticket, at: now)
        case .fetch(let file, let pieces, let user, let ticket): begin(file, pieces: pieces, from: user, ticket, at: now)
        case .pause(let number, let ticket): pause(number, ticket, at: now)
        case .resume(let number, let ticket): resume(number, ticket, at: now)
        case .end(let number, let ticket): end(number, ticket, at: now)
        case .serve(let rule): serve(by: rule, at: now)
        case .block(let user, let isBlocked): block(user, isBlocked, at: now)
        case .quit: quit()
        case .online(let user): online(as: user, at: now)
        case .offline: offline(at: now)
        case .answered(let ticket, let reply): answered(ticket, reply, at: now)
        case .introduced(let ticket, let introduction): introduced(ticket, introduction, at: now)
        case .failed(let ticket, let reason): failed(ticket, reason, at: now)
        case .request(let introduction): requested(introduction, at: now)
        case .linkUp(let link, let user, let pin, let isInitiator): linkUp(link, user, pin, isInitiator: isInitiator, at: now)
        case .linkFailed(let user, let isInitiator, _): linkFailed(user, isInitiator: isInitiator, at: now)
        case .linkDown(let link, _): linkDown(link, at: now)
        case .malformed(let link, _):
            if let user = links[link]?.user { rest(user, hasFailed: true, at: now) }
            close(link, at: now)
        case .tick: tick(at: now)
        }
    }

    // MARK: Time

    /// When the next ``SharingInput/tick`` is wanted, as uptime; `nil` while only an input can change anything.
    package var nextWake: UInt64? {
        guard !hasQuit else { return nil }
        var next: UInt64?
        func consider(_ time: UInt64?) {
            if let time { next = min(next ?? .max, time) }
        }
        for record in records.values where !record.isPaused { consider(record.transfer.nextDeadline) }
        if isStatusNew { consider(nextStatus) }
        if isOnline { consider(index.nextWake) }
        for link in links.values { consider(link.lastUse + Patience.idle) }
        consider(dialing.values.min())
        consider(expecting.values.min())
        for entry in questions.values { consider(entry.deadline) }
        return next
    }

    private mutating func tick(at now: UInt64) {
        for number in records.keys.sorted() {
            if let deadline = records[number]?.transfer.nextDeadline, deadline <= now { give(.tick, to: number, at: now) }
        }
        for (ticket, entry) in questions where entry.deadline <= now { failed(ticket, "the server did not answer", at: now) }
        dialing = dialing.filter { $0.value > now }
        expecting = expecting.filter { $0.value > now }
        for (id, link) in links where link.lastUse + Patience.idle <= now {
            if records.values.contains(where: { $0.transfer.isLinked(to: link.user) }) {
                links[id]?.lastUse = now
            } else {
                close(id, at: now)
            }
        }
    }

    private mutating func quit() {
        for link in links.keys.sorted(by: { $0.number < $1.number }) { outputs.append(.close(link)) }
        links = [:]
        letters = [:]
        hasQuit = true
    }

    // MARK: To be read

    /// All transfers, by number.
    package func transfers(at now: Moment) -> [ListedTransfer] { listed(at: now.uptime) }

    /// What this client offers, by name.
    package var offered: [(file: SharedFile, pieces: PieceSet)] {
        offers.values.map { ($0.file, $0.pieces) }.sorted { ($0.0.name, $0.0.content.size) < ($1.0.name, $1.0.content.size) }
    }

    /// People with a link.
    package var linked: [UserName] { linkOf.keys.sorted() }

    // MARK: Bookkeeping

    mutating func tell(_ news: SharingNews) { outputs.append(.tell(news)) }

    mutating func newTicket(_ question: Question, at now: UInt64) -> SharingTicket {
        lastTicket += 1
        let ticket = SharingTicket(number: lastTicket)
        questions[ticket] = (question, now + Patience.server)
        return ticket
    }

    private func listed(at now: UInt64) -> [ListedTransfer] {
        (over + records.map { ListedTransfer(number: $0.key, status: $0.value.transfer.status(at: now)) }).sorted { $0.number < $1.number }
    }

    private mutating func tellStatus(at now: UInt64) {
        guard isStatusNew, now >= nextStatus else { return }
        let status = listed(at: now)
        // As long as there is a rate it changes, with time alone.
        isStatusNew = status.contains { $0.status.rate > 0 && !$0.status.isOver }
        nextStatus = now + Patience.status
        guard status != toldStatus else { return }
        toldStatus = status
        tell(.transfers(status))
    }
}

/// A set that forgets what came first when it is full.
struct BoundedSet<Element: Hashable & Sendable>: Sendable {
    let most: Int
    private var elements: Set<Element> = []
    private var order: [Element] = []

    init(most: Int) { self.most = most }

    func contains(_ element: Element) -> Bool { elements.contains(element) }

    /// The first that came first.
    var all: [Element] { order }

    /// Returns whether it is new.
    @discardableResult
    mutating func insert(_ element: Element) -> Bool {
        guard elements.insert(element).inserted else { return false }
        order.append(element)
        if order.count > most { elements.remove(order.removeFirst()) }
        return true
    }

    mutating func remove(_ element: Element) {
        if elements.remove(element) != nil { order.removeAll { $0 == element } }
    }
}
