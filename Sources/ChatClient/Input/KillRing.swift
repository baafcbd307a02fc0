/// What was cut out of lines, newest last, for yanking.
struct KillRing: Sendable {
    enum Side: Sendable { case front, back }

    static let bound = 16

    private var kills: [String] = []

    var latest: String? { kills.last }

    /// Keeps `text`; with a side it is joined to the kill before it.
    mutating func add(_ text: String, joining side: Side?) {
        if let side, let last = kills.popLast() {
            kills.append(side == .front ? text + last : last + text)
            return
        }
        if kills.count >= Self.bound { kills.removeFirst() }
        kills.append(text)
    }

    /// Makes the kill before the latest the latest.
    mutating func rotate() -> String? {
        guard kills.count > 1, let last = kills.popLast() else { return nil }
        kills.insert(last, at: 0)
        return kills.last
    }
}
