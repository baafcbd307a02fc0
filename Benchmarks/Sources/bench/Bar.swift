/// Something that Banter must reach, and something that it aims at.
struct Bar {
    enum Limit {
        case times(Double, Contender)
        case absolute(Double)
    }

    let title: String
    let work: String
    let contender: Contender
    let metric: Metric
    let must: [Limit]
    let aim: [Limit]

    static let all = [
        Bar(
            "fan-out to 200, window 64", "fan-out-200", .memory, must: [.times(0.7, .inspircd)],
            aim: [.times(1.5, .floor), .times(1, .redis)]),
        Bar("the same, SQLite", "fan-out-200", .sqlite, must: [.times(0.7, .inspircd)], aim: [.times(1.5, .floor), .times(1, .redis)]),
        Bar("the same over TLS", "fan-out-200", .tls, must: [.times(3, .memory)], aim: [.times(2, .memory)]),
        Bar("fan-out to 1,000, window 16", "fan-out-1000", .memory, must: [.times(0.8, .inspircd)], aim: [.times(1.3, .floor)]),
        Bar("the same, SQLite", "fan-out-1000", .sqlite, must: [.times(0.8, .inspircd)], aim: [.times(1.3, .floor)]),
        Bar("200 msg/s to 200 receivers, SQLite", "rate", .sqlite, must: [.times(1, .inspircd)], aim: [.times(1.1, .floor)]),
        Bar("the same, p99", "rate", .sqlite, .p99, must: [.times(1.5, .ngircd)], aim: []),
        Bar("100 pairs, window 16, in memory", "pairs", .memory, must: [.times(1, .ngircd)], aim: [.times(1, .inspircd)]),
        Bar("100 pairs, window 16, SQLite", "pairs", .sqlite, must: [.times(4, .ngircd), .times(1, .prosody)], aim: [.times(2, .ngircd)]),
        Bar("the same, its own clients", "pairs", .own, must: [.times(4, .ngircd), .times(1, .prosody)], aim: [.times(2, .ngircd)]),
        Bar("10,000 idle sessions", "idle", .own, .memory, must: [.absolute(10)], aim: [.absolute(6)]),
        Bar("10,000 idle sessions, TLS", "idle", .ownTLS, .memory, must: [.absolute(40)], aim: [.absolute(25)]),
        Bar("the same: CPU in 10 s", "idle", .ownTLS, .idleCPU, must: [.absolute(0.05)], aim: []),
        Bar("10,000 logins apart from hashing", "idle", .own, .logins, must: [.absolute(10)], aim: [.absolute(3)]),
        Bar("the same without presence", "idle", .quiet, .logins, must: [.absolute(10)], aim: [.absolute(3)]),
        Bar("start: 100,000 accounts, 1,000,000 messages", "start", .sqlite, .start, must: [.absolute(1)], aim: [.absolute(0.2)]),
    ]

    private init(
        _ title: String, _ work: String, _ contender: Contender, _ metric: Metric = .cpu, must: [Limit], aim: [Limit]
    ) {
        self.title = title
        self.work = work
        self.contender = contender
        self.metric = metric
        self.must = must
        self.aim = aim
    }
}

extension Bar.Limit {
    /// What it says, how it came out, and whether that is good enough.
    func verdict(on bar: Bar, _ results: Results) -> (words: String, isMet: Bool)? {
        switch self {
        case .absolute(let most):
            guard let value = results.median(bar.work, bar.contender, bar.metric) else { return nil }
            return ("≤ \(figure(most)): \(figure(value))", value <= most)
        case .times(let most, let other):
            guard let ratio = results.ratio(bar.work, bar.contender, to: other, bar.metric) else { return nil }
            return ("≤ \(figure(most)) × \(other.title): \(figure(ratio))", ratio <= most)
        }
    }
}
