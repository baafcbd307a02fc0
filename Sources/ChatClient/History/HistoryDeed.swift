package import ChatProtocol

/// What the local history has to do, in order. What is asked comes back as ``HistoryNews``.
package enum HistoryDeed: Equatable, Sendable {
    /// From now on it is about this account; tells what was said last, as ``HistoryNews/restored(_:)``.
    case open(UserName, RestoreBounds)
    /// Keep a line, unless it is kept already or was to be forgotten.
    case write(StoredLine)
    /// The other side has all own lines up to this place in its stream.
    case delivered(Channel, through: UInt64)
    /// Lines could not be kept; it is told with the pages in which they are missing.
    case missed(HistoryGap)
    /// What was missing is there now, or nobody has it any more.
    case filled(HistoryGap)
    case page(HistoryPageRequest)
    /// Look for words; a later query makes an earlier one needless.
    case search(HistorySearch)
    /// Remove what was said in a conversation, or everywhere. Until the end of the program nothing older than `time` is kept of it again.
    case forget(Channel?, UserName, through: Timestamp, ForgetTicket)
}

/// Which conversations come back at the start, and how much of them.
package struct RestoreBounds: Equatable, Sendable {
    /// Of conversations in which nothing was said since, nothing comes back by itself.
    package var since: Timestamp
    package var conversations = 20
    /// Of each.
    package var lines = 200

    package init(since: Timestamp) { self.since = since }
}

/// Lines of a conversation on one side of a place, or around it.
package struct HistoryPageRequest: Equatable, Sendable {
    package enum Side: Equatable, Sendable { case before, after, around }

    package var channel: Channel
    package var side: Side
    package var place: StoredLine.Place
    package var limit: Int

    package init(_ channel: Channel, _ side: Side, _ place: StoredLine.Place, limit: Int = 200) {
        self.channel = channel
        self.side = side
        self.place = place
        self.limit = limit
    }
}

/// A search through what is stored, by its number.
package struct HistorySearch: Equatable, Sendable {
    package var number: Int
    package var words: String
    /// `nil` for all conversations.
    package var channel: Channel?
    /// Only what is older.
    package var before: StoredLine.Place
    package var limit: Int

    package init(_ number: Int, _ words: String, in channel: Channel?, before: StoredLine.Place = .max, limit: Int = 200) {
        self.number = number
        self.words = words
        self.channel = channel
        self.before = before
        self.limit = limit
    }
}

/// By which the one who wanted something forgotten knows the answer.
package struct ForgetTicket: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}
