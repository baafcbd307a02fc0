package import ChatProtocol

/// Everything that outlives the process. Only the Hub writes; other threads may ``load()``.
///
/// Sequence numbers are the caller's: the next one of a stream is one more than the last that ``load()`` told.
package protocol ChatStore: AnyObject, Sendable {
    func load() throws -> StoredState

    /// Makes all of `changes` durable, in their order, before it returns; or throws and has changed nothing.
    func commit(_ changes: [Change]) throws

    /// Direct messages to `name` after a place, oldest first: at most `count`, and no more than `bytes` of text but at least one.
    func inbox(of name: UserName, after sequence: UInt64, count: Int, bytes: Int) throws -> [StoredMessage]

    /// One page of a conversation of `name`, or of the broadcasts but those from `hidden`; oldest first.
    func history(of name: UserName, _ query: HistoryQuery, hiding hidden: Set<UserName>) throws -> Reply.HistoryPage

    /// The last keys that `name` used, oldest first; at most ``KeyWindow/capacity``.
    func recentKeys(of name: UserName) throws -> [StoredKey]

    /// Brings everything into the form that it is kept in; nothing is asked of the store afterwards.
    func close() throws
}

extension ChatStore {
    package func close() {}
}

/// How many broadcasts are kept as history.
package let keptBroadcasts: UInt64 = 1000
