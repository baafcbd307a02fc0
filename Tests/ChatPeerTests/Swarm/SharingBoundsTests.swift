import ChatProtocol
import Testing

@testable import ChatPeer

/// One client alone: what others can make it do has bounds.
@Suite struct SharingBoundsTests {
    private let me = name("me")
    private let file: SampleFile
    private var sharing = FileSharing(random: Counter())
    private var now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_700_000_000_000))

    init() throws {
        file = try SampleFile(size: 3 << 20)
        give(.online(as: me))
    }

    @discardableResult
    private mutating func give(_ inputs: SharingInput...) -> [SharingOutput] { sharing.handle(inputs, at: now) }

    /// Begins to fetch the file, with so many owners.
    private mutating func seek(owners: Int) throws -> [SharingOutput] {
        let outputs = give(.fetch(file.description.file, UserTicket(number: 1)))
        let ticket = try #require(outputs.compactMap { if case .ask(let ticket, .searchfile) = $0 { ticket } else { nil } }.first)
        let finding = SwarmFinding(
            file: file.description.file, owners: (0..<owners).map { .init(user: name("u\($0)"), count: file.content.pieceCount) },
            ownerCount: owners)
        return give(.answered(ticket, .searchfile(.success, [finding])))
    }

    private func introductions(_ outputs: [SharingOutput]) -> [(user: UserName, ticket: SharingTicket)] {
        outputs.compactMap { if case .introduce(let user, let ticket) = $0 { (user, ticket) } else { nil } }
    }

    private mutating func link(_ number: UInt64, _ user: UserName, isInitiator: Bool = false) -> [SharingOutput] {
        give(.linkUp(PeerLinkID(number: number), user, pin(2), isInitiator: isInitiator))
    }

    @Test mutating func fewOfManyOwnersAreAskedForALink() throws {
        let asked = introductions(try seek(owners: 50))
        #expect(asked.count == FileSharing.Limits.dialed)
        #expect(Set(asked.map(\.user)).count == asked.count)
    }

    @Test mutating func linksHaveABound() {
        for number in 0..<FileSharing.Limits.links {
            let user = name("u\(number)")
            #expect(give(.request(introduction(user, pin(2)))) == [.expect(introduction(user, pin(2)))])
            _ = link(UInt64(number), user)
        }
        #expect(give(.request(introduction(name("more"), pin(2)))).isEmpty)
        #expect(link(1000, name("more")) == [.close(PeerLinkID(number: 1000))])
        _ = give(.linkDown(PeerLinkID(number: 3), reason: ""))
        #expect(give(.request(introduction(name("more"), pin(2)))).count == 1)
    }

    @Test mutating func whoCannotBeReachedIsTriedLessAndLess() throws {
        var tries: [UInt64] = []
        let first = try #require(introductions(try seek(owners: 1)).first)
        tries.append(now.uptime)
        var open = first
        for _ in 0..<3 {
            give(.introduced(open.ticket, introduction(open.user, pin(2))), .linkFailed(open.user, isInitiator: true, reason: ""))
            var next: (user: UserName, ticket: SharingTicket)?
            while next == nil {
                let wake = try #require(sharing.nextWake)
                now.uptime = max(now.uptime + 1, wake)
                let outputs = give(.tick)
                for case .ask(let ticket, .searchfile) in outputs {
                    let owner = SwarmFinding.Owner(user: open.user, count: 1)
                    let finding = SwarmFinding(file: file.description.file, owners: [owner], ownerCount: 1)
                    next = next ?? introductions(give(.answered(ticket, .searchfile(.success, [finding])))).first
                }
            }
            tries.append(now.uptime)
            open = try #require(next)
        }
        let pauses = zip(tries, tries.dropFirst()).map { ($1 - $0) / Moment.second }
        #expect(pauses[0] >= 30 && pauses[1] >= 60 && pauses[2] >= 120, "\(pauses)")
    }

    @Test mutating func floodOfQuestionsClosesTheLinkBeforeItsAnswersFillTheMemory() throws {
        let shape = try #require(FileContent(root: Hash256(of: [1]), size: FileContent.largest))
        let layer = [Hash256](repeating: Hash256(of: [2]), count: shape.pieceCount)
        let root = MerkleTree.root(of: layer, slots: shape.pieceCount, height: shape.leafSlots.trailingZeroBitCount)
        let content = try #require(FileContent(root: root, size: FileContent.largest))
        let large = SharedFile(name: try #require(SafeName("large")), content: content)
        let description = try #require(FileDescription(file: large, layer: layer))
        give(.disk(.registered(UserTicket(number: 1), description)))
        _ = link(1, name("u"))
        var sent = 0
        var isClosed = false
        let flood = [SharingInput](repeating: .frame(PeerLinkID(number: 1), .ask(content)), count: 20_000)
        for output in sharing.handle(flood, at: now) {
            if case .send(let frames, _) = output { sent += frames.reduce(0) { $0 + $1.weight } }
            if case .close = output { isClosed = true }
        }
        #expect(isClosed)
        #expect(sent <= FileSharing.Limits.gathered.all + 64 * 1024)
    }

    @Test mutating func fewBlocksAreReadAtATime() throws {
        give(.disk(.registered(UserTicket(number: 1), file.description)))
        _ = link(1, name("u"))
        let link = PeerLinkID(number: 1)
        var inputs: [SharingInput] = [.frame(link, .ask(file.content))]
        for number in 0..<60 {
            inputs.append(.frame(link, .request(UInt64(number), file.content, BlockPlace(piece: number % 12, block: 0))))
        }
        func jobs(_ outputs: [SharingOutput]) -> [Uploads.Job] {
            outputs.compactMap { if case .disk(.read(let job)) = $0 { job } else { nil } }
        }
        let first = jobs(sharing.handle(inputs, at: now))
        #expect(first.count == FileSharing.Limits.reads)
        // Nothing for a link that takes nothing.
        #expect(jobs(give(.writability(link, false), .disk(.read(first[0], [])))).isEmpty)
        #expect(jobs(give(.writability(link, true))).count == 1)
    }

    @Test mutating func answerForAFormerLinkIsNotSentOnTheNext() throws {
        give(.disk(.registered(UserTicket(number: 1), file.description)))
        _ = link(1, name("u"))
        let frames: [BulkFrame] = [.ask(file.content), .request(1, file.content, BlockPlace(piece: 0, block: 0))]
        let outputs = sharing.handle(frames.map { .frame(PeerLinkID(number: 1), $0) }, at: now)
        let job = try #require(outputs.compactMap { if case .disk(.read(let job)) = $0 { job } else { nil } }.first)
        give(.linkDown(PeerLinkID(number: 1), reason: ""))
        _ = link(2, name("u"))
        // Nobody there waits for it; unasked data would be held against this client.
        #expect(give(.disk(.read(job, [.leaf(1, index: 0, [1])]))).isEmpty)
    }

    @Test mutating func dataThatNobodyAskedForClosesTheLink() {
        _ = link(1, name("u"))
        var count = 0
        while sharing.linked.count == 1, count < 100_000 {
            count += 1
            give(.frame(PeerLinkID(number: 1), .leaf(77 << 32, index: 0, [1])))
        }
        #expect(count == FileSharing.Limits.strays + 1)
    }

    @Test mutating func searchesHaveABound() throws {
        let file = try #require(SafeName("a"))
        for number in 0..<FileSharing.Limits.searches { give(.searchfile(file, UserTicket(number: Int64(number)))) }
        let outputs = give(.searchfile(file, UserTicket(number: 99)))
        #expect(outputs == [.tell(.refused(UserTicket(number: 99), .tooMany(FileSharing.Limits.searches)))])
        // A server that does not answer is not waited for, for ever.
        now.uptime += 30 * Moment.second
        #expect(give(.tick).count == FileSharing.Limits.searches)
        #expect(give(.searchfile(file, UserTicket(number: 100))).count == 1)
    }

    @Test mutating func olderLinkGivesWayWhenTheOtherSideAsksForOne() {
        _ = link(1, name("u"), isInitiator: true)
        now.uptime += 10 * Moment.second
        // It would not ask if it had one.
        #expect(
            give(.request(introduction(name("u"), pin(2)))) == [.close(PeerLinkID(number: 1)), .expect(introduction(name("u"), pin(2)))])
        _ = link(2, name("u"))
        #expect(sharing.linked == [name("u")])
    }

    @Test mutating func ofTwoLinksBothSidesKeepTheSame() {
        // `me` is smaller than `u`: what `me` has opened stays, in whatever order they come up.
        _ = link(1, name("u"), isInitiator: true)
        #expect(link(2, name("u"), isInitiator: false) == [.close(PeerLinkID(number: 2))])
        _ = give(.linkDown(PeerLinkID(number: 1), reason: ""))
        _ = link(3, name("u"), isInitiator: false)
        #expect(link(4, name("u"), isInitiator: true) == [.close(PeerLinkID(number: 3))])
        #expect(sharing.linked == [name("u")])
    }

    @Test mutating func nothingHappensAfterQuit() {
        _ = link(1, name("u"))
        #expect(give(.quit) == [.close(PeerLinkID(number: 1))])
        #expect(give(.online(as: me), .request(introduction(name("u"), pin(2))), .tick).isEmpty)
        #expect(sharing.nextWake == nil)
    }
}
