import NIOCore

/// What a crowd's senders do. Conforming classes are `@unchecked Sendable` because they are touched on the crowd's loop alone
/// from `begin` to `finish`, and by the driver's thread alone before and after.
protocol Load: AnyObject, Sendable {
    func begin()
    /// `client` has got something.
    func received(_ client: Client)
    /// Everything that came at the same time has been looked at.
    func passed()
}

extension Load {
    func received(_ client: Client) {}
    func passed() {}
}

/// Measures the middle of a load: after a while of warming up, for a while, and then until everything is delivered.
struct Meter {
    private let server: Server
    private let begin: NIODeadline
    private let end: NIODeadline
    private var start: (cpu: Double, time: NIODeadline, deliveries: Int)?

    private(set) var cpuPerUnit = 0.0
    private(set) var unitsPerSecond = 0.0

    init(_ server: Server, seconds: Double) {
        self.server = server
        begin = .now() + .milliseconds(300)
        end = begin + .nanoseconds(Int64(seconds * 1e9))
    }

    /// Whether more is to be sent.
    mutating func goesOn(_ deliveries: Int) -> Bool {
        let now = NIODeadline.now()
        if start == nil, now >= begin { start = (server.cpu, now, deliveries) }
        return now < end
    }

    mutating func stop(_ deliveries: Int) {
        guard let start, deliveries > start.deliveries else { return }
        let units = Double(deliveries - start.deliveries)
        cpuPerUnit = (server.cpu - start.cpu) * 1e6 / units
        unitsPerSecond = units * 1e9 / Double((NIODeadline.now() - start.time).nanoseconds)
    }
}
