import ArgumentParser
import ChatClient
import ChatHistory
import ChatProtocol
import Foundation

/// The client's local history as its user meets it: through its thread, to the disk.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a large local history, search in it as somebody types, open it, and forget it; print how long all that takes.")

    @Option(help: "How many lines.")
    var lines = 1_000_000

    @Option(help: "How many words or pairs of words are looked for, one search for each letter typed.")
    var queries = 300

    @Option(help: "A client's data folder in which it is made and stays, for a client to open (server bench, account me).")
    var keep: String?

    private static let transaction = 2000

    func run() throws {
        let folder = keep ?? FileManager.default.temporaryDirectory.path + "/core-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
        guard let me = UserName("me") else { throw ValidationError("no name") }
        let now = Moment.now().wall
        let bounds = RestoreBounds(since: now.advanced(bySeconds: -7 * 24 * 3600))
        let (first, next) = (Asked(folder), Asked(folder))
        _ = first.ask(.open(me, bounds))

        var speech = Speech()
        let people = (1...40).compactMap { UserName("friend\($0)") }
        let channels: [Channel] = Array(repeating: .everyone, count: 4) + people.map { .direct($0) }
        var (wall, cpu) = (0.0, 0.0)
        for start in stride(from: 1, through: lines, by: Self.transaction) {
            let batch = (start...min(lines, start + Self.transaction - 1)).map { number in
                let time = now.advanced(bySeconds: -9.0 * Double(lines - number))
                let channel = channels[Int(speech.random.next() % UInt64(channels.count))]
                let sender = if case .direct(let name) = channel { name } else { people[number % 30] }
                return StoredLine(
                    channel: channel, sender: number % 5 == 0 ? nil : sender, text: speech.line(), time: time,
                    receipt: .init(sequence: UInt64(number), time: time))
            }
            let begin = Clocks()
            for line in batch { first.put(.write(line)) }
            _ = first.ask(.page(HistoryPageRequest(.everyone, .before, .max, limit: 1)))
            wall += Clocks().wall - begin.wall
            cpu += Clocks().cpu - begin.cpu
        }
        print(String(format: "%.0f lines/s written, %.1f µs of CPU a line", Double(lines) / wall, cpu / Double(lines) * 1e6))

        // As somebody types: words of every rarity, one letter more each time, in one conversation and in all.
        var times: [Double] = []
        for _ in 0..<queries {
            let words = speech.query()
            let channel = speech.random.next() % 2 == 0 ? nil : channels[Int(speech.random.next() % UInt64(channels.count))]
            for length in 1...words.count {
                let begin = Clocks()
                _ = first.ask(.search(HistorySearch(times.count, String(words.prefix(length)), in: channel)))
                times.append((Clocks().wall - begin.wall) * 1000)
            }
        }
        times.sort()
        func percentile(_ part: Double) -> Double { times[min(times.count - 1, Int(Double(times.count) * part))] }
        print(
            String(
                format: "%d searches: p50 %.2f ms, p99 %.2f ms, most %.2f ms", times.count, percentile(0.5), percentile(0.99),
                percentile(1)))
        print(String(format: "%.1f MiB of this process's own; the file has %d MiB", privateMemory(), size(folder) >> 20))

        let begin = Clocks()
        _ = next.ask(.open(me, bounds))
        print(String(format: "opened and restored in %.1f ms", (Clocks().wall - begin.wall) * 1000))
        next.thread.stop()
        if keep == nil {
            for (words, channel) in [("a conversation", Channel.direct(people[6])), ("all", nil)] {
                let begin = Clocks()
                let news = first.ask(.forget(channel, me, through: now, ForgetTicket(number: 1)))
                print("\(words) forgotten in \(String(format: "%.2f", Clocks().wall - begin.wall)) s: \(news)")
            }
        }
        first.thread.stop()
    }

    private func size(_ folder: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/history/bench/me.db")
        return attributes?[.size] as? Int ?? 0
    }

    private func privateMemory() -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
        return (Double(line?.filter(\.isNumber) ?? "") ?? 0) / 1024
    }

    private struct Clocks {
        let wall = Double(Moment.now().uptime) / 1e9
        let cpu = Double(clock()) / Double(CLOCKS_PER_SEC)
    }

    /// The history's thread, asked one thing after the other.
    private final class Asked: Sendable {
        let thread: HistoryThread
        private let news: Locked<[HistoryNews]>
        private let signal: DispatchSemaphore

        init(_ folder: String) {
            let (news, signal) = (Locked<[HistoryNews]>([]), DispatchSemaphore(value: 0))
            thread = HistoryThread(folder: folder, server: "bench") { item in
                news.withLock { $0.append(item) }
                signal.signal()
            }
            self.news = news
            self.signal = signal
        }

        func put(_ deed: HistoryDeed) { thread.put(deed) }

        func ask(_ deed: HistoryDeed) -> HistoryNews {
            thread.put(deed)
            signal.wait()
            return news.withLock { $0.removeFirst() }
        }
    }
}
