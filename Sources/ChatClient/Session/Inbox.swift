import ChatProtocol

/// What the client knows of its own stream of direct messages: which it has, which the user has seen, which the server knows of.
///
/// The server repeats what was not acknowledged, so a message can come again; and an acknowledgement can be lost with its link.
struct Inbox: Sendable {
    /// The last message received.
    private var seen: UInt64?
    /// The last message that the user has. A resume names this one, because that acknowledges: what was received but not shown yet
    /// must not be lost with the program; it comes again and is dropped here.
    private(set) var shown: UInt64?
    /// The last acknowledgement that can be thought to have arrived.
    private var acknowledged: UInt64?
    private var newest: Timestamp?
    private var isFresh = false

    /// A session begins. A fresh one may be with a server that lost its store and counts from the start again, so old
    /// acknowledgements are repeated only when an old message shows that it is the same stream; a resumed one is the same.
    mutating func begin(isResumed: Bool) {
        isFresh = !isResumed
        acknowledged = isResumed ? nil : shown
    }

    /// Whether a message is new; takes note of it.
    mutating func accept(_ receipt: Reply.Receipt) -> Bool {
        if let seen, receipt.sequence <= seen {
            guard isFresh, let newest, receipt.time > newest else {
                if isFresh, let shown, receipt.sequence <= shown { acknowledged = nil }
                return false
            }
            // A number that was used before on a message younger than all: the stream began anew.
            shown = nil
            acknowledged = nil
        }
        isFresh = false
        seen = receipt.sequence
        newest = max(newest ?? receipt.time, receipt.time)
        return true
    }

    /// The user has everything up to `sequence`.
    mutating func show(through sequence: UInt64) {
        guard let seen else { return }
        shown = max(shown ?? 0, min(sequence, seen))
    }

    /// What to acknowledge now, if anything; counts as sent.
    mutating func acknowledgement() -> UInt64? {
        guard let shown else { return nil }
        if let acknowledged, acknowledged >= shown { return nil }
        acknowledged = shown
        return shown
    }
}
