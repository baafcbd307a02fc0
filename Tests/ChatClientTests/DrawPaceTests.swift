import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct DrawPaceTests {
    private static let millisecond = Moment.second / 1000

    /// When draws happen within `seconds` of a flood, with a key pressed every `keyTime`; and how long each key waited.
    private func draws(seconds: UInt64, keyTime: UInt64?) -> (times: [UInt64], waits: [UInt64]) {
        var pace = DrawPace()
        var (times, waits): ([UInt64], [UInt64]) = ([], [])
        var pressed: UInt64?
        let begin = 7 * Moment.second
        for now in stride(from: begin, to: begin + seconds * Moment.second, by: Int(Self.millisecond)) {
            if let keyTime, pressed == nil, (now - begin) % keyTime == 0 { pressed = now }
            guard now >= pace.next(isAwaited: pressed != nil) else { continue }
            pace.noteDraw(at: now)
            times.append(now)
            if let key = pressed { waits.append(now - key) }
            pressed = nil
        }
        return (times, waits)
    }

    private func most(of times: [UInt64]) -> Int {
        times.indices.map { first in times[first...].prefix { $0 < times[first] + Moment.second }.count }.max() ?? 0
    }

    @Test func firstDrawIsAtOnce() {
        #expect(DrawPace().next(isAwaited: false) == 0)
        #expect(DrawPace().next(isAwaited: true) == 0)
    }

    @Test func floodIsDrawnFortyTimesASecond() {
        let times = draws(seconds: 10, keyTime: nil).times
        #expect((395...400).contains(times.count), "\(times.count) draws in 10 s")
    }

    @Test(arguments: [100, 67, 50]) func whoeverTypesInAFloodSeesEachKeyAtOnce(milliseconds: UInt64) {
        let (times, waits) = draws(seconds: 10, keyTime: milliseconds * Self.millisecond)
        #expect(waits.allSatisfy { $0 == 0 }, "\(waits.max() ?? 0) ns")
        #expect(waits.count == Int(10_000 / milliseconds) || waits.count == Int(10_000 / milliseconds) + 1)
        #expect(most(of: times) <= 60)
    }

    @Test(arguments: [33, 10, 1]) func noSecondHasMoreThanSixtyDrawsHoweverKeysCome(milliseconds: UInt64) {
        let (times, waits) = draws(seconds: 10, keyTime: milliseconds * Self.millisecond)
        #expect(most(of: times) <= 60)
        #expect(waits.allSatisfy { $0 <= 22 * Self.millisecond }, "\(waits.max() ?? 0) ns")
    }

    @Test func aKeyThatIsDrawnAlonePutsNoNewsOff() {
        var pace = DrawPace()
        pace.noteDraw(at: Moment.second)
        let next = pace.next(isAwaited: false)
        pace.noteDraw(at: Moment.second + Self.millisecond, ofNews: false)
        #expect(pace.next(isAwaited: false) == next)
    }

    @Test func quietTimeIsFollowedByADrawAtOnce() {
        var pace = DrawPace()
        for now in 1...12 { pace.noteDraw(at: UInt64(now)) }
        #expect(pace.next(isAwaited: false) > Moment.second / 10)
        #expect(pace.next(isAwaited: false) < Moment.second / 3)
    }
}
