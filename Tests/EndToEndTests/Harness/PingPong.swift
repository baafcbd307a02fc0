import ChatProtocol
import Dispatch
import Foundation
import Testing

/// Two people who say something to each other every 20 ms, and how long that takes: there and back again, each way stored by the server.
final class PingPong {
    typealias Person = (name: String, client: RawClient)

    private let one: Person
    private let two: Person
    private var count = 0

    init(_ one: Person, _ two: Person) {
        self.one = one
        self.two = two
    }

    /// Goes on for as long as `body` runs.
    ///
    /// - Parameter body: is given how to ask for the number of exchanges of each pair so far.
    /// - Returns: what `body` returned, and the times.
    static func during<Result>(_ pairs: [PingPong], _ body: (_ counts: () -> [Int]) throws -> Result) throws -> (Result, [Times]) {
        let isOver = Flag(false)
        let group = DispatchGroup()
        let times = Locked([[Double]](repeating: [], count: pairs.count))
        for (index, pair) in pairs.enumerated() {
            // Used by that thread alone until the group is left.
            let pair = Unchecked(pair)
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                // This thread alone, where this is allowed: it stands for machines with nothing else to do.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
                while !isOver.isSet, let time = try? pair.value.exchange() { times.withLock { $0[index].append(time) } }
            }
        }
        let result = Swift.Result { try body { times.withLock { $0.map(\.count) } } }
        isOver.isSet = true
        group.wait()
        return (try result.get(), times.withLock { $0.map { Times($0) } })
    }

    /// One exchange; returns 20 ms after it began.
    private func exchange() throws -> Double {
        let start = Deadline.uptime()
        count += 1
        try say("ping \(count)", one, to: two)
        try say("pong \(count)", two, to: one)
        let end = Deadline.uptime()
        // Reads what else there is until it is time.
        while case let rest = 0.02 - Double(Deadline.uptime() - start) / 1e9, rest > 0 {
            if try one.client.next(within: rest) == nil { break }
        }
        return Double(end - start) / 1e6
    }

    private func say(_ text: String, _ from: Person, to: Person) throws {
        try from.client.send(.message(to: UserName(to.name), text: text, key: nil), id: 1)
        try to.client.awaits(text, from: from.name)
    }

    /// Milliseconds, in order.
    struct Times: CustomStringConvertible {
        private let sorted: [Double]

        init(_ times: [Double]) { sorted = times.sorted() }

        var count: Int { sorted.count }

        func percentile(_ share: Double) -> Double {
            sorted.isEmpty ? .infinity : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }

        var description: String {
            "p50 \(format(percentile(0.5))) ms, p99 \(format(percentile(0.99))) ms, most \(format(sorted.last ?? 0)) ms of \(count)"
        }

        private func format(_ value: Double) -> String { String(format: "%.2f", value) }
    }
}
