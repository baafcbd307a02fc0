import NIOCore

/// One kind of work, and who is measured on it.
struct Work {
    enum Kind {
        case fanOut(receivers: Int, window: Int)
        case rate(receivers: Int, perSecond: Int)
        case pairs(Int, window: Int)
        /// Logs in so many, and then nothing happens for 10 s.
        case idle(Int)
        /// Starts with a database that somebody filled.
        case start
    }

    let id: String
    let title: String
    let kind: Kind
    let contenders: [Contender]
    /// What takes minutes and hardly varies is measured no more often than this.
    var mostRounds = Int.max

    static let all = [
        Work(
            id: "fan-out-200", title: "Fan-out to 200, window 64", kind: .fanOut(receivers: 200, window: 64),
            contenders: [.memory, .sqlite, .tls, .floor, .redis, .inspircd, .ngircd]),
        Work(
            id: "fan-out-1000", title: "Fan-out to 1,000, window 16", kind: .fanOut(receivers: 1000, window: 16),
            contenders: [.memory, .sqlite, .floor, .redis, .inspircd, .ngircd]),
        Work(
            id: "rate", title: "200 messages a second to 200", kind: .rate(receivers: 200, perSecond: 200),
            contenders: [.memory, .sqlite, .floor, .redis, .inspircd, .ngircd]),
        Work(
            id: "pairs", title: "100 pairs, window 16", kind: .pairs(100, window: 16),
            contenders: [.memory, .sqlite, .own, .inspircd, .ngircd, .prosody]),
        Work(
            id: "idle", title: "10,000 idle sessions", kind: .idle(10_000), contenders: [.own, .ownTLS, .quiet, .quietTLS, .inspircd],
            mostRounds: 1),
        Work(id: "start", title: "Start with 100,000 accounts and 1,000,000 messages", kind: .start, contenders: [.sqlite]),
    ]
}

/// What is measured. The raw value heads its column.
enum Metric: String, CaseIterable {
    case cpu = "CPU µs/delivery"
    case units = "deliveries/s"
    case p50 = "p50 ms"
    case p99 = "p99 ms"
    case logins = "all logged in, s"
    case loginCPU = "CPU for that, s"
    case memory = "KiB/session"
    case idleCPU = "CPU in 10 s, s"
    case start = "ready, s"

    var unit: String {
        switch self {
        case .cpu: "µs"
        case .units: "/s"
        case .p50, .p99: "ms"
        case .logins, .loginCPU, .idleCPU, .start: "s"
        case .memory: "KiB"
        }
    }
}

extension Work {
    /// Measures one contender once, on a server of its own.
    func measure(_ contender: Contender, seconds: Double, on loop: any EventLoop, in workspace: Workspace) throws -> [Metric: Double] {
        if case .start = kind {
            let server = try contender.start(from: workspace)
            defer { server.end() }
            return [.start: server.secondsToReady]
        }
        let server = try contender.start(clients: clients, in: workspace)
        defer { server.end() }
        let before = (memory: server.memory, cpu: server.cpu, time: Mark.now())
        let crowd = try Crowd(loop: loop, dialect: contender.dialect(channel: isToAll), port: server.port, tls: contender.isTLS)
        crowd.isAnswered = contender.confirms
        defer { try? crowd.end() }
        try crowd.logIn(clients)
        let logins = Double(Mark.now() - before.time) / 1e9
        try crowd.settle()
        switch kind {
        case .fanOut(let receivers, let window):
            let load = FanOut(crowd, receivers: receivers, window: window, meter: Meter(server, seconds: seconds))
            try crowd.carry(load)
            return [.cpu: load.meter.cpuPerUnit, .units: load.meter.unitsPerSecond]
        case .rate(let receivers, let perSecond):
            let load = Rate(crowd, receivers: receivers, perSecond: perSecond, meter: Meter(server, seconds: 5))
            try crowd.carry(load)
            return [.cpu: load.meter.cpuPerUnit, .p50: load.latency(0.5), .p99: load.latency(0.99)]
        case .pairs(_, let window):
            let load = Pairs(crowd, window: window, meter: Meter(server, seconds: seconds))
            try crowd.carry(load)
            return [.cpu: load.meter.cpuPerUnit, .units: load.meter.unitsPerSecond]
        case .idle(let count):
            let after = (memory: server.memory, cpu: server.cpu)
            try crowd.rest(seconds: 10)
            return [
                .logins: logins, .loginCPU: after.cpu - before.cpu, .memory: (after.memory - before.memory) / Double(count),
                .idleCPU: server.cpu - after.cpu,
            ]
        case .start: return [:]
        }
    }

    private var clients: Int {
        switch kind {
        case .fanOut(let receivers, _), .rate(let receivers, _): receivers + 1
        case .pairs(let count, _): 2 * count
        case .idle(let count): count
        case .start: 0
        }
    }

    private var isToAll: Bool {
        switch kind {
        case .fanOut, .rate: true
        case .pairs, .idle, .start: false
        }
    }
}
