import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct IndexDutyTests {
    private func contents(_ count: Int) throws -> [FileContent] {
        try (1...count).map { try #require(FileContent(root: Hash256(of: [UInt8($0)]), size: 1 << 30)) }
    }

    @Test func fewRegistrationsAreUnderWayAtATime() throws {
        var duty = IndexDuty()
        let all = try contents(20)
        duty.restart(all)
        var asked: [FileContent] = []
        while let content = duty.next(at: 0) { asked.append(content) }
        #expect(asked == Array(all.prefix(8)))
        duty.answered(all[0], true, at: 0)
        #expect(duty.next(at: 0) == all[8])
    }

    @Test func newsIsGatheredForASecondAndInPortions() throws {
        var duty = IndexDuty()
        let content = try contents(1)[0]
        for piece in 0..<1024 { duty.gained(piece, of: content) }
        #expect(duty.takeNews(at: 0).map(\.1.count) == [1000, 24])
        duty.gained(1, of: content)
        #expect(duty.takeNews(at: Moment.second - 1).isEmpty)
        #expect(duty.nextWake == Moment.second)
        #expect(duty.takeNews(at: Moment.second).map(\.1) == [[1]])
    }

    @Test func failureIsTriedAgainLaterAndNotForEver() throws {
        var duty = IndexDuty()
        let content = try contents(1)[0]
        duty.restart([content])
        var now: UInt64 = 0
        for attempt in 1...5 {
            #expect(duty.next(at: now) == content)
            duty.answered(content, false, at: now)
            #expect(duty.next(at: now) == nil)
            guard attempt < 5 else { break }
            now = try #require(duty.nextWake)
        }
        #expect(duty.nextWake == nil)
        // But with the next login.
        duty.restart([content])
        #expect(duty.next(at: now) == content)
    }

    @Test func nothingMoreIsSaidOfWhatIsRefused() throws {
        var duty = IndexDuty()
        let content = try contents(1)[0]
        duty.restart([content])
        _ = duty.next(at: 0)
        duty.answered(content, true, isRefused: true, at: 0)
        duty.gained(3, of: content)
        #expect(duty.takeNews(at: 0).isEmpty)
        #expect(duty.nextWake == nil)
    }
}
