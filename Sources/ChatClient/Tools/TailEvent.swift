import ChatProtocol

/// One thing that `banter tail` tells: as a line for people, and as a JSON object whose fields keep their names and meanings.
enum TailEvent: Equatable, Sendable {
    case message(from: UserName, text: String, Reply.Receipt)
    case broadcast(from: UserName, text: String, Reply.Receipt)
    case presence(Event.Presence, at: Timestamp)
    case connected(UserName, isResumed: Bool, at: Timestamp)
    case disconnected(reason: String, at: Timestamp)
    case ended(reason: String, at: Timestamp)

    /// Lines for people; none for what they are told on standard error.
    func lines(in zone: TimeZone) -> [String] {
        switch self {
        case .message(let from, let text, let receipt):
            return [Self.stamp(receipt.time, zone) + LineTexts.message(from: from, text, time: nil)]
        case .broadcast(let from, let text, let receipt):
            return [Self.stamp(receipt.time, zone) + LineTexts.broadcast(from: from, text, time: nil)]
        case .presence(let presence, let time):
            // Who was there before is no news.
            guard !presence.isList else { return [] }
            let stamp = Self.stamp(time, zone)
            return presence.online.map { stamp + LineTexts.loggedIn($0) } + presence.offline.map { stamp + LineTexts.loggedOut($0) }
        case .connected, .disconnected, .ended: return []
        }
    }

    var json: String {
        JSONLine.text { json in
            switch self {
            case .message(let from, let text, let receipt): Self.write("message", from, text, receipt, to: &json)
            case .broadcast(let from, let text, let receipt): Self.write("broadcast", from, text, receipt, to: &json)
            case .presence(let presence, let time):
                json.member("event", "presence")
                json.member("online", presence.online)
                json.member("offline", presence.offline)
                json.member("list", presence.isList)
                json.member("reset", presence.isReset)
                json.member("time", time.milliseconds)
            case .connected(let name, let isResumed, let time):
                json.member("event", "connected")
                json.member("user", name.text)
                json.member("resumed", isResumed)
                json.member("time", time.milliseconds)
            case .disconnected(let reason, let time): Self.write("disconnected", reason, time, to: &json)
            case .ended(let reason, let time): Self.write("ended", reason, time, to: &json)
            }
        }
    }

    private static func write(
        _ event: String, _ from: UserName, _ text: String, _ receipt: Reply.Receipt, to json: inout JSONWriter
    ) {
        json.member("event", event)
        json.member("from", from.text)
        json.member("text", text)
        json.member("seq", Int64(clamping: receipt.sequence))
        json.member("time", receipt.time.milliseconds)
    }

    private static func write(_ event: String, _ reason: String, _ time: Timestamp, to json: inout JSONWriter) {
        json.member("event", event)
        json.member("reason", reason)
        json.member("time", time.milliseconds)
    }

    /// `2026-11-22 14:02 `: as sortable as a log's.
    private static func stamp(_ time: Timestamp, _ zone: TimeZone) -> String {
        let civil = zone.civil(time)
        func padded(_ number: Int, to width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(civil.year, to: 4))-\(padded(civil.month, to: 2))-\(padded(civil.day, to: 2)) \(civil.clock) "
    }
}
