import NIOCore

/// Client 0 sends to everyone, at most `window` messages ahead of what all have received on average.
final class FanOut: Load, @unchecked Sendable {
    private let crowd: Crowd
    private let window: Int
    private let receivers: Int
    private(set) var meter: Meter

    init(_ crowd: Crowd, receivers: Int, window: Int, meter: Meter) {
        self.crowd = crowd
        self.receivers = receivers
        self.window = window
        self.meter = meter
    }

    func begin() {
        crowd.clients[0].confirmations = crowd.confirmations(receivers: receivers)
        passed()
    }

    func passed() {
        let sender = crowd.clients[0]
        guard meter.goesOn(crowd.deliveries) else {
            guard crowd.deliveries == sender.sent * receivers else { return }
            if meter.cpuPerUnit == 0 { meter.stop(crowd.deliveries) }
            if sender.isConfirmed { crowd.finish() }
            return
        }
        var text = ""
        while sender.sent * receivers - crowd.deliveries < window * receivers {
            text += crowd.dialect.broadcast(Mark.text(number: sender.sent), 0, number: sender.sent)
            sender.sent += 1
        }
        if !text.isEmpty { sender.say(text) }
    }
}

/// Client 0 sends to everyone at a fixed rate; what counts is how long it takes to arrive.
final class Rate: Load, @unchecked Sendable {
    private let crowd: Crowd
    private let receivers: Int
    private let perSecond: Int
    private(set) var meter: Meter

    init(_ crowd: Crowd, receivers: Int, perSecond: Int, meter: Meter) {
        self.crowd = crowd
        self.receivers = receivers
        self.perSecond = perSecond
        self.meter = meter
    }

    func begin() {
        crowd.latencies = []
        crowd.clients[0].confirmations = crowd.confirmations(receivers: receivers)
        let start = NIODeadline.now()
        _ = crowd.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
            if self.meter.goesOn(self.crowd.deliveries) {
                self.send(Int((NIODeadline.now() - start).nanoseconds) * self.perSecond / 1_000_000_000)
            } else {
                task.cancel()
                self.passed()
            }
        }
    }

    private func send(_ due: Int) {
        let sender = crowd.clients[0]
        while sender.sent < due {
            sender.say(crowd.dialect.broadcast(Mark.text(number: sender.sent), 0, number: sender.sent))
            sender.sent += 1
        }
    }

    func passed() {
        let sender = crowd.clients[0]
        guard !meter.goesOn(crowd.deliveries), crowd.deliveries == sender.sent * receivers else { return }
        if meter.cpuPerUnit == 0 { meter.stop(crowd.deliveries) }
        if sender.isConfirmed { crowd.finish() }
    }

    /// Milliseconds within which so great a part was delivered.
    func latency(_ part: Double) -> Double {
        let sorted = (crowd.latencies ?? []).sorted()
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]) / 1e6
    }
}
