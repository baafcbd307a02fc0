import ChatCore
import ChatProtocol

/// Names, messages of 100 bytes, and requests as clients send them.
enum Sample {
    static let text = String(repeating: "x", count: 100)
    static let now = Moment(uptime: 1_000 * Moment.second, wall: Timestamp(milliseconds: 1_767_225_600_000))

    static func name(_ index: Int) -> UserName {
        guard let name = UserName("user\(index)") else { preconditionFailure("a name of letters and digits") }
        return name
    }

    static func stored(_ sequence: UInt64) -> StoredMessage {
        StoredMessage(sequence: sequence, from: name(0), text: text, time: now.wall)
    }

    private static func key(_ number: Int) -> MessageKey? {
        let digits = String(number)
        return MessageKey(String(repeating: "0", count: 32 - digits.count) + digits)
    }

    static let keys = (0..<1024).compactMap(key)

    /// Messages of our own client to user 1. A server remembers the last 256 keys, so these can be used over and over.
    static let frames = (0..<1024).map {
        RequestFrame(.message(to: name(1), text: text, key: key($0)), id: RequestID(Int64($0)))
    }
}
