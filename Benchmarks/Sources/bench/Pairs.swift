import NIOCore

/// The first of the crowd send, each to one of as many that follow them, at most `window` messages ahead.
final class Pairs: Load, @unchecked Sendable {
    private let crowd: Crowd
    private let window: Int
    private let pairs: Int
    private(set) var meter: Meter
    private var goesOn = true

    /// - Parameter pairs: half of the crowd unless said otherwise.
    init(_ crowd: Crowd, pairs: Int? = nil, window: Int, meter: Meter) {
        self.crowd = crowd
        self.pairs = pairs ?? crowd.clients.count / 2
        self.window = window
        self.meter = meter
    }

    func begin() {
        crowd.acknowledges = true
        for sender in crowd.clients.prefix(pairs) {
            sender.confirmations = crowd.confirmations(receivers: nil)
            fill(sender)
        }
    }

    func received(_ client: Client) {
        if goesOn, (pairs..<2 * pairs).contains(client.index) { fill(crowd.clients[client.index - pairs]) }
    }

    func passed() {
        goesOn = meter.goesOn(crowd.deliveries)
        guard !goesOn else { return }
        let senders = crowd.clients.prefix(pairs)
        guard crowd.deliveries == senders.reduce(0, { $0 + $1.sent }) else { return }
        if meter.cpuPerUnit == 0 { meter.stop(crowd.deliveries) }
        if senders.allSatisfy(\.isConfirmed) { crowd.finish() }
    }

    private func fill(_ sender: Client) {
        let receiver = crowd.clients[sender.index + pairs]
        var text = ""
        while sender.sent - receiver.received < window {
            text += crowd.dialect.direct(Mark.text(number: sender.sent), sender.index, to: receiver.index, number: sender.sent)
            sender.sent += 1
        }
        if !text.isEmpty { sender.say(text) }
    }
}
