import ChatPeer
import ChatProtocol
import Testing

@Suite struct SchedulerTests {
    private let content: FileContent
    private let hans: UserName
    private let leia: UserName
    private let luke: UserName

    /// 20 pieces of one block.
    init() throws {
        content = try #require(FileContent(root: Hash256(of: [1]), size: 20 * UInt64(FileContent.blockSize)))
        hans = try #require(UserName("hans"))
        leia = try #require(UserName("leia"))
        luke = try #require(UserName("luke"))
    }

    private func set(_ pieces: some Sequence<Int>) -> PieceSet {
        var set = PieceSet(capacity: content.pieceCount)
        for piece in pieces { set.insert(piece) }
        return set
    }

    private func scheduler(needed: PieceSet? = nil, random: Int = 0) -> Scheduler {
        var settings = SchedulerSettings()
        settings.randomPieces = random
        return Scheduler(content, needed: needed ?? PieceSet(all: content.pieceCount), seed: 5, settings: settings)
    }

    private func requests(_ actions: [Scheduler.Action]) -> [(number: UInt64, piece: Int, user: UserName)] {
        actions.compactMap { if case .request(let number, let place, let user) = $0 { (number, place.piece, user) } else { nil } }
    }

    private func answer(_ number: UInt64, by user: UserName, _ scheduler: inout Scheduler, at now: UInt64) {
        for index in 0..<16 { _ = scheduler.arrived(number, index: index, from: user, at: now) }
    }

    @Test func rarestPiecesComeFirst() {
        var scheduler = scheduler()
        _ = scheduler.join(hans, pieces: PieceSet(all: 20), at: 0)
        _ = scheduler.join(leia, pieces: set(0..<17), at: 0)
        let asked = requests(scheduler.plan(at: 0)).filter { $0.user == hans }.map(\.piece)
        #expect(asked.count == 4)
        #expect(Set(asked.prefix(3)) == [17, 18, 19])
    }

    @Test func startIsRandomAndDiffersBetweenClients() {
        let starts = (0..<20).map { seed in
            var scheduler = Scheduler(content, needed: PieceSet(all: 20), seed: UInt64(seed))
            _ = scheduler.join(hans, pieces: PieceSet(all: 20), at: 0)
            return requests(scheduler.plan(at: 0)).map(\.piece)
        }
        #expect(Set(starts).count > 15)
    }

    @Test func severalPeersHaveSeveralRequestsEachAndNothingTwice() {
        var scheduler = scheduler()
        for user in [hans, leia, luke] { _ = scheduler.join(user, pieces: PieceSet(all: 20), at: 0) }
        let asked = requests(scheduler.plan(at: 0))
        for user in [hans, leia, luke] { #expect(asked.filter { $0.user == user }.count >= 2) }
        #expect(Set(asked.map(\.piece)).count == asked.count)
        #expect(requests(scheduler.plan(at: 0)).isEmpty)
    }

    @Test func onlyWhatIsNeededAndThereIsAsked() {
        var scheduler = scheduler(needed: set([3, 4]))
        _ = scheduler.join(hans, pieces: set([4, 5]), at: 0)
        #expect(requests(scheduler.plan(at: 0)).map(\.piece) == [4])
        scheduler.gained(hans, piece: 3)
        #expect(requests(scheduler.plan(at: 0)).map(\.piece) == [3])
    }

    @Test func slowRequestIsAskedAgainElsewhereAndCancelledWhenItCame() throws {
        var scheduler = scheduler(needed: set([0]))
        _ = scheduler.join(hans, pieces: set([0]), at: 0)
        let first = try #require(requests(scheduler.plan(at: 0)).first)
        // At the end even at once; here the other comes only when it is late.
        scheduler.tick(at: 3 * Moment.second)
        _ = scheduler.join(leia, pieces: set([0]), at: 3 * Moment.second)
        let second = try #require(requests(scheduler.plan(at: 3 * Moment.second)).first)
        #expect(second.piece == 0 && second.user == leia)
        answer(second.number, by: leia, &scheduler, at: 4 * Moment.second)
        #expect(scheduler.plan(at: 4 * Moment.second) == [.cancel(first.number, at: hans)])
        #expect(scheduler.needed.isEmpty)
        // What was on its way still comes, and does no harm; more than that does.
        answer(first.number, by: hans, &scheduler, at: 4 * Moment.second)
        #expect(scheduler.plan(at: 4 * Moment.second).isEmpty)
        answer(99, by: hans, &scheduler, at: 4 * Moment.second)
        #expect(scheduler.plan(at: 4 * Moment.second).contains(.drop(hans, .unruly)))
    }

    @Test func endIsAskedOfSeveral() {
        var scheduler = scheduler(needed: set([0]))
        for user in [hans, leia, luke] { _ = scheduler.join(user, pieces: set([0]), at: 0) }
        #expect(requests(scheduler.plan(at: 0)).map(\.user) == [hans, leia, luke])
    }

    @Test func peerThatSendsNothingIsDroppedAfter15Seconds() {
        var scheduler = scheduler()
        _ = scheduler.join(hans, pieces: PieceSet(all: 20), at: 0)
        _ = scheduler.join(leia, pieces: set([]), at: 0)
        _ = scheduler.plan(at: 0)
        scheduler.tick(at: 15 * Moment.second - 1)
        #expect(!scheduler.plan(at: 15 * Moment.second - 1).contains(.drop(hans, .stalled)))
        #expect(scheduler.nextDeadline == 15 * Moment.second)
        scheduler.tick(at: 15 * Moment.second)
        #expect(scheduler.plan(at: 15 * Moment.second).contains(.drop(hans, .stalled)))
        #expect(scheduler.requestCount == 0)
        // Not welcome for a minute; then it may try again.
        let isBackEarly = scheduler.join(hans, pieces: PieceSet(all: 20), at: 70 * Moment.second)
        #expect(!isBackEarly)
        let isBack = scheduler.join(hans, pieces: PieceSet(all: 20), at: 75 * Moment.second)
        #expect(isBack)
        // Idle is not stalled.
        #expect(scheduler.peerNames == [hans, leia])
    }

    @Test func liarStaysAway() {
        var scheduler = scheduler()
        _ = scheduler.join(hans, pieces: PieceSet(all: 20), at: 0)
        scheduler.drop(hans, .lied, at: 0)
        let isLiarBack = scheduler.join(hans, pieces: PieceSet(all: 20), at: 1 << 62)
        #expect(!isLiarBack)
    }

    @Test func whatALeavingPeerWasAskedIsFreeForOthers() {
        var scheduler = scheduler(needed: set([0, 1]))
        _ = scheduler.join(hans, pieces: PieceSet(all: 20), at: 0)
        #expect(requests(scheduler.plan(at: 0)).count == 2)
        scheduler.leave(hans)
        _ = scheduler.join(leia, pieces: PieceSet(all: 20), at: 0)
        #expect(Set(requests(scheduler.plan(at: 0)).map(\.piece)) == [0, 1])
    }

    @Test func refusalTakesThePieceFromThatPeerAlone() throws {
        var scheduler = scheduler(needed: set([0]))
        _ = scheduler.join(hans, pieces: set([0]), at: 0)
        let asked = try #require(requests(scheduler.plan(at: 0)).first)
        scheduler.refused(asked.number, by: leia, .notOffered)
        #expect(scheduler.requestCount == 1)
        scheduler.refused(asked.number, by: hans, .notOffered)
        #expect(scheduler.plan(at: 0).isEmpty)
        _ = scheduler.join(leia, pieces: set([0]), at: 0)
        #expect(requests(scheduler.plan(at: 0)).map(\.user) == [leia])
    }

    @Test func leavesFromAnotherThanTheOneAskedAreNotTaken() throws {
        var scheduler = scheduler(needed: set([0]))
        _ = scheduler.join(hans, pieces: set([0]), at: 0)
        let asked = try #require(requests(scheduler.plan(at: 0)).first)
        #expect(scheduler.arrived(asked.number, index: 0, from: leia, at: 0) == .unsolicited)
        #expect(scheduler.arrived(asked.number, index: 16, from: hans, at: 0) == .unsolicited)
    }

    @Test func rateAndTimeAreMeasuredOverTheLastSeconds() {
        var meter = RateMeter(at: 0)
        for step in 0..<40 { meter.add(1000, at: UInt64(step) * Moment.second / 4) }
        let rate = meter.rate(at: 10 * Moment.second)
        #expect(rate > 3000 && rate < 4200)
        #expect(meter.rate(at: 60 * Moment.second) == 0)
    }
}
