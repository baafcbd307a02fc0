package import ChatProtocol

/// The keys of an account's latest messages with the replies they got, so that a retry is answered and not repeated.
///
/// Holds the last 256, and a few before them; a client has far fewer on their way. Keys are forgotten a page at a time. What is
/// kept of a key are 128 bits of a hash whose seed nobody knows: no reference, so that the copy that a turn makes of the last
/// page, and the search, go through flat memory.
package struct KeyWindow: Sendable {
    package static let capacity = 256
    private static let pageSize = 64

    /// What stands for a key here. To make one costs more than to look for it.
    package struct Fingerprint: Equatable, Sendable {
        fileprivate let high: UInt64
        fileprivate let low: UInt64

        package init(_ key: MessageKey) {
            var hasher = Hasher()
            hasher.combine(key)
            let first = hasher
            hasher.combine(0)
            high = UInt64(bitPattern: Int64(first.finalize()))
            low = UInt64(bitPattern: Int64(hasher.finalize()))
        }
    }

    /// Some keys, oldest first.
    private struct Page {
        /// The lowest bits of each, compared many at a time: a key that is new is found to be so in no time.
        private var marks = [SIMD16<UInt32>](repeating: .zero, count: pageSize / 16)
        private var kept: [(fingerprint: Fingerprint, reply: KeptReply)] = []

        var isFull: Bool { kept.count == pageSize }

        func reply(to fingerprint: Fingerprint) -> KeptReply? {
            let mark = SIMD16(repeating: UInt32(truncatingIfNeeded: fingerprint.low))
            guard marks.contains(where: { any($0 .== mark) }) else { return nil }
            return kept.last { $0.fingerprint == fingerprint }?.reply
        }

        mutating func add(_ fingerprint: Fingerprint, _ reply: KeptReply) {
            marks[kept.count / 16][kept.count % 16] = UInt32(truncatingIfNeeded: fingerprint.low)
            kept.append((fingerprint, reply))
        }
    }

    /// Oldest first; only the last one grows.
    private var pages: [Page] = []

    package init() {}

    /// `keys` from oldest to newest.
    package init(_ keys: [StoredKey]) {
        for key in keys { remember(key.key, key.reply) }
    }

    package func reply(to key: MessageKey) -> Reply? { reply(to: Fingerprint(key)) }

    package func reply(to fingerprint: Fingerprint) -> Reply? {
        for page in pages {
            if let kept = page.reply(to: fingerprint) { return kept.reply }
        }
        return nil
    }

    package mutating func remember(_ key: MessageKey, _ reply: Reply) { remember(Fingerprint(key), reply) }

    package mutating func remember(_ fingerprint: Fingerprint, _ reply: Reply) {
        guard let kept = KeptReply(reply) else { return }
        if pages.last?.isFull ?? true { addPage() }
        pages[pages.count - 1].add(fingerprint, kept)
    }

    private mutating func addPage() {
        if pages.count > Self.capacity / Self.pageSize { pages.removeFirst() }
        pages.append(Page())
    }
}
