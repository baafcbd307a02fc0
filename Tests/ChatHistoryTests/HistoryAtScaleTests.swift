import ChatClient
import ChatProtocol
import Foundation
import Testing

@testable import ChatHistory

/// A million lines, with figures: `BANTER_LONG_TESTS=1`. With `BANTER_HISTORY_FILE` the file is made there and stays, for a client to open.
@Suite struct HistoryAtScaleTests {
    static let isWanted = ProcessInfo.processInfo.environment["BANTER_LONG_TESTS"] != nil

    @Test(.enabled(if: isWanted)) func aMillionLinesAreSearchedAsOneTypes() throws {
        try withFolder { folder in
            let place = ProcessInfo.processInfo.environment["BANTER_HISTORY_FILE"] ?? path(folder)
            let store = try HistoryStore(path: place)
            var speech = Speech()
            let channels: [Channel] = [.everyone, .everyone, .everyone, .everyone] + (1...40).map { .with("friend\($0)") }
            var written = 0
            let writing = try measured {
                var sequence: UInt64 = 0
                // The newest is from now, so that a client takes it for what was said last.
                let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
                while written < 1_000_000 {
                    var deeds: [HistoryDeed] = []
                    for _ in 0..<2000 {
                        sequence += 1
                        let time = now.advanced(bySeconds: -9.0 * Double(1_000_000 - Int(sequence)))
                        let channel = channels[Int(speech.random.next() % UInt64(channels.count))]
                        let sender = if case .direct(let name) = channel { name } else { UserName("friend\(sequence % 30)") }
                        deeds.append(
                            .write(
                                StoredLine(
                                    channel: channel, sender: sequence % 5 == 0 ? nil : sender, text: speech.line(), time: time,
                                    receipt: .init(sequence: sequence, time: time))))
                    }
                    try store.write(deeds)
                    written += deeds.count
                }
            }
            try store.database.script("PRAGMA wal_checkpoint(TRUNCATE)")
            let size = try FileManager.default.attributesOfItem(atPath: place)[.size] as? Int ?? 0
            print("history: \(Int(1_000_000 / writing)) lines/s written, \(size >> 20) MiB")

            // As somebody types: words of every rarity, one letter more each time, in one conversation and in all.
            var times: [Double] = []
            for _ in 0..<300 {
                let words = speech.query()
                let channel = speech.random.next() % 2 == 0 ? nil : channels[Int(speech.random.next() % UInt64(channels.count))]
                for length in 1...words.count {
                    times.append(try measured { _ = try store.search(HistorySearch(1, String(words.prefix(length)), in: channel)) })
                }
            }
            times.sort()
            func percentile(_ part: Double) -> Double { times[min(times.count - 1, Int(Double(times.count) * part))] * 1000 }
            print("history: \(times.count) searches, p50 \(percentile(0.5)) ms, p99 \(percentile(0.99)) ms, most \(percentile(1)) ms")
            #expect(percentile(0.99) < 20)

            let opening = try measured {
                let next = try HistoryStore(path: place)
                _ = try next.restore(try #require(UserName("hans")), RestoreBounds(since: noon))
            }
            print("history: opened and restored in \(opening * 1000) ms")
            guard ProcessInfo.processInfo.environment["BANTER_HISTORY_FILE"] == nil else { return }
            let forgetting = try measured { _ = try store.forget(.with("friend7"), through: noon) }
            let forgettingAll = try measured { _ = try store.forget(nil, through: noon) }
            print("history: a conversation forgotten in \(forgetting) s, all in \(forgettingAll) s")
        }
    }

    private func measured(_ body: () throws -> Void) rethrows -> Double {
        let start = Moment.now().uptime
        try body()
        return Double(Moment.now().uptime - start) / 1e9
    }
}

/// Words as rare and lines as long as people's.
private struct Speech {
    var random = Steady()
    private let words: [String]

    init() {
        var random = Steady()
        let (consonants, vowels) = (Array("bcdfghklmnprstvw"), Array("aeiou"))
        words = (0..<40_000).map { number in
            (0...(number < 200 ? 0 : Int(random.next() % 4))).map { _ in
                "\(consonants[Int(random.next() % 16)])\(vowels[Int(random.next() % 5)])"
            }.joined() + (number % 3 == 0 ? "n" : "")
        }
    }

    /// Zipf's law, nearly.
    private mutating func word() -> String {
        let part = Double(random.next() % 1_000_000) / 1_000_000
        return words[min(words.count - 1, Int(10 * (exp(part * log(Double(words.count) / 10 + 1)) - 1)))]
    }

    mutating func line() -> String { (0..<(2 + Int(random.next() % 14))).map { _ in word() }.joined(separator: " ") }

    mutating func query() -> String { (0...Int(random.next() % 2)).map { _ in word() }.joined(separator: " ") }

    struct Steady {
        private var state: UInt64 = 1

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
