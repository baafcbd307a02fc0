package import ChatProtocol
import HashTreeCollections

/// The keys of an account's latest messages with the replies they got, so that a retry is answered and not repeated.
///
/// Holds the last 256; a client has far fewer on their way.
package struct KeyWindow: Sendable {
    package static let capacity = 256

    private var replies: TreeDictionary<MessageKey, Reply> = [:]
    private var order: [MessageKey] = []
    private var oldest = 0

    package init() {}

    /// `keys` from oldest to newest.
    package init(_ keys: [StoredKey]) {
        for key in keys { remember(key.key, key.reply) }
    }

    package func reply(to key: MessageKey) -> Reply? { replies[key] }

    package mutating func remember(_ key: MessageKey, _ reply: Reply) {
        guard replies.updateValue(reply, forKey: key) == nil else { return }
        if order.count < Self.capacity {
            order.append(key)
            return
        }
        replies[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % Self.capacity
    }
}
