package import ChatProtocol
import HashTreeCollections

/// The keys of an account's latest messages with the replies they got, so that a retry is answered and not repeated.
///
/// Holds the last 256, and up to as many before them; a client has far fewer on their way. Keys are forgotten 256 at a time, so
/// that nothing has to be kept of their order.
package struct KeyWindow: Sendable {
    package static let capacity = 256

    private var latest: TreeDictionary<MessageKey, KeptReply> = [:]
    private var earlier: TreeDictionary<MessageKey, KeptReply> = [:]

    package init() {}

    /// `keys` from oldest to newest.
    package init(_ keys: [StoredKey]) {
        for key in keys { remember(key.key, key.reply) }
    }

    package func reply(to key: MessageKey) -> Reply? { (latest[key] ?? earlier[key])?.reply }

    package mutating func remember(_ key: MessageKey, _ reply: Reply) {
        guard let kept = KeptReply(reply) else { return }
        if latest.count == Self.capacity {
            earlier = latest
            latest = [:]
        }
        latest[key] = kept
    }
}
