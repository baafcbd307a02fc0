import NIOCore
import Testing

@testable import ChatTransport

@Suite struct ReadPaceTests {
    /// The rests after reads of so many frames each, a time apart.
    private func rests(_ reads: Int, frames: Int, bytes: Int = 100, apart: TimeAmount) -> [TimeAmount?] {
        var pace = ReadPace()
        return (0..<reads).map { number in
            let time = NIODeadline.uptimeNanoseconds(1_000_000_000) + TimeAmount.nanoseconds(Int64(number) * apart.nanoseconds)
            return pace.rest(after: frames, bytes: bytes, at: time)
        }
    }

    @Test func whatPeopleSayIsReadAtOnce() {
        #expect(rests(200, frames: 1, apart: .milliseconds(5)).allSatisfy { $0 == nil })
    }

    @Test func aFewAtOnceAreReadAtOnce() {
        #expect(rests(5, frames: 5, apart: .microseconds(100)).allSatisfy { $0 == nil })
    }

    @Test func aDenseFlowIsReadInLargerParts() {
        let rests = rests(100, frames: 1, apart: .microseconds(500))
        #expect(rests.first == .some(nil))
        #expect(rests.last == ReadPace.rest)
    }

    @Test func restsKeepADenseFlowDense() {
        #expect(rests(20, frames: 8, apart: .microseconds(4200)).last == ReadPace.rest)
    }

    @Test func muchAtOnceIsNotHeldUp() {
        #expect(rests(100, frames: 100, bytes: 64 * 1024, apart: .microseconds(500)).allSatisfy { $0 == nil })
    }

    @Test func aPauseEndsTheRests() {
        var pace = ReadPace()
        var now = NIODeadline.uptimeNanoseconds(1_000_000_000)
        for _ in 0..<100 {
            now = now + .microseconds(500)
            _ = pace.rest(after: 1, bytes: 100, at: now)
        }
        #expect(pace.rest(after: 1, bytes: 100, at: now + .seconds(1)) == nil)
        #expect(pace.rest(after: 1, bytes: 100, at: now + .milliseconds(1001)) == nil)
    }
}
