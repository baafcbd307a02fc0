package import ChatProtocol

/// What the local history tells.
package enum HistoryNews: Equatable, Sendable {
    /// It is there, with what was said last.
    case restored(Restored)
    case page(HistoryPageRequest, HistoryPage)
    /// The newest first; it found all there is if `isAll`.
    case found(HistorySearch, [StoredLine], isAll: Bool)
    /// So many lines are gone; or why not.
    case forgotten(ForgetTicket, HistoryForgotten)
    /// There is no history from now on, and why, in words.
    case lost(String)
    /// It goes on, but something has to be said.
    case notice(String)

    package struct Restored: Equatable, Sendable {
        package var account: UserName
        /// Everyone's first, then the conversations, the liveliest last time first.
        package var rooms: [Room]

        package struct Room: Equatable, Sendable {
            package var channel: Channel
            package var page: HistoryPage
            /// Greater for conversations that were begun later.
            package var begun: Int64

            package init(channel: Channel, page: HistoryPage, begun: Int64 = 0) {
                self.channel = channel
                self.page = page
                self.begun = begun
            }
        }

        package init(account: UserName, rooms: [Room]) {
            self.account = account
            self.rooms = rooms
        }
    }
}

package enum HistoryForgotten: Equatable, Sendable {
    case lines(Int)
    case failed(String)
}

/// Lines in order, oldest first.
package struct HistoryPage: Equatable, Sendable {
    package var lines: [StoredLine]
    /// Nothing is stored of the conversation before the first line, or after the last.
    package var isFirst: Bool
    package var isLast: Bool
    /// What the user wanted forgotten: nothing up to here may come back from elsewhere. What is stored is not concerned.
    package var forgotten: Timestamp?
    /// Lines are missing among these.
    package var gap: HistoryGap?

    package init(lines: [StoredLine], isFirst: Bool, isLast: Bool, forgotten: Timestamp? = nil, gap: HistoryGap? = nil) {
        self.lines = lines
        self.isFirst = isFirst
        self.isLast = isLast
        self.forgotten = forgotten
        self.gap = gap
    }
}
