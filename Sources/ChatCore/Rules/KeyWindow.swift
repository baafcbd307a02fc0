package import ChatProtocol

/// The keys of an account's latest messages with the replies they got, so that a retry is answered and not repeated.
///
/// Holds the last 256, and a few before them; a client has far fewer on their way. Keys are forgotten a page at a time. What is
/// kept of a key are 128 bits of a hash whose seed nobody knows: no reference, so that the copy that a turn makes of the last
/// page, and the search, go through flat memory.
package struct KeyWindow: Sendable {
    package static let capacity = 256
    private static let pageSize = 64

    /// Some keys, oldest first.
    private struct Page {
        var marks: [UInt64] = []
        var kept: [(mark: UInt64, reply: KeptReply)] = []
    }

    /// Oldest first; only the last one grows.
    private var pages: [Page] = []

    package init() {}

    /// `keys` from oldest to newest.
    package init(_ keys: [StoredKey]) {
        for key in keys { remember(key.key, key.reply) }
    }

    package func reply(to key: MessageKey) -> Reply? {
        let marks = Self.marks(of: key)
        // A retry is mostly of one of the last.
        for page in pages.reversed() {
            for index in page.marks.indices.reversed()
            where page.marks[index] == marks.0 && page.kept[index].mark == marks.1 {
                return page.kept[index].reply.reply
            }
        }
        return nil
    }

    package mutating func remember(_ key: MessageKey, _ reply: Reply) {
        guard let kept = KeptReply(reply) else { return }
        if pages.last?.marks.count ?? Self.pageSize == Self.pageSize { addPage() }
        let marks = Self.marks(of: key)
        pages[pages.count - 1].marks.append(marks.0)
        pages[pages.count - 1].kept.append((marks.1, kept))
    }

    private mutating func addPage() {
        if pages.count > Self.capacity / Self.pageSize { pages.removeFirst() }
        pages.append(Page())
    }

    private static func marks(of key: MessageKey) -> (UInt64, UInt64) {
        var hasher = Hasher()
        hasher.combine(key)
        let first = hasher
        hasher.combine(0)
        return (UInt64(bitPattern: Int64(first.finalize())), UInt64(bitPattern: Int64(hasher.finalize())))
    }
}
