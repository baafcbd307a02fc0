package import ChatProtocol

/// Where text goes.
package enum Channel: Hashable, Sendable {
    case everyone
    /// Through the server, which keeps what cannot be delivered yet.
    case direct(UserName)
    /// From client to client, in a private session.
    case `private`(UserName)

    var isPrivate: Bool { if case .private = self { true } else { false } }
}

/// A conversation, or everyone's: what was said, and the draft of what is about to be.
struct Room: Sendable {
    /// Whether there is an account of the other side's name, as far as the server's answers tell.
    enum Existence: Equatable, Sendable { case unsure, certain, none }

    let channel: Channel
    var log = Log()
    var editor = LineEditor()
    /// What was said long ago, while a search shows it.
    var past = Window()
    var history = RoomHistory()
    var existence = Existence.unsure
    /// The last message was refused, as the other side blocks this user: how the server makes it look, that side is never online.
    var isRefused = false
    /// The other side has all own messages up to here, in its stream.
    var deliveredThrough: UInt64 = 0
    /// The last own message that the server confirmed.
    private var lastSent: Reply.Receipt?
    /// A line that was held back once, and goes when Enter is pressed again.
    var heldLine: String?
    /// The last that came was before the eyes, beside the room in which the user is.
    var isGlimpsed = false
    /// The user knows that this goes through the server although a private session with the same person is open.
    var isBesidePrivate = false

    init(_ channel: Channel) {
        self.channel = channel
        // The server remembers nothing of what never went through it.
        if case .private = channel { history.want = nil }
    }

    /// The other side; `nil` for everyone's.
    var partner: UserName? {
        switch channel {
        case .everyone: nil
        case .direct(let name), .private(let name): name
        }
    }

    /// What is before the reader.
    var shown: Log {
        // In place: a copy of all entries for each draw would be too much.
        _read { if past.isShown { yield past.log } else { yield log } }
        _modify { if past.isShown { yield &past.log } else { yield &log } }
    }

    var isPrivate: Bool { channel.isPrivate }

    /// An own line has its place in the stream of the other side (or of everyone).
    mutating func confirm(_ number: Log.Number, _ receipt: Reply.Receipt) {
        // A server that lost its store counts anew, and old deliveries say nothing about new lines. The time tells a new line from one
        // that was confirmed twice.
        let isNewer = lastSent.map { receipt.sequence <= $0.sequence && receipt.time > $0.time } ?? (receipt.sequence <= deliveredThrough)
        if isNewer {
            log.closeStream(deliveredThrough: deliveredThrough)
            deliveredThrough = 0
            lastSent = nil
        }
        if lastSent.map({ receipt.sequence > $0.sequence }) ?? true { lastSent = receipt }
        log.forget(Entry.Identity(speaker: .me, receipt: receipt))
        log[number]?.receipt = receipt
    }
}

/// How much of what the server remembers of a room is here.
struct RoomHistory: Sendable {
    enum Stored: Equatable, Sendable {
        case unasked
        /// What lies before this place is not loaded.
        case before(StoredLine.Place)
        case all
    }

    enum Want: Equatable, Sendable {
        /// The newest page: nothing was asked for in this session yet.
        case newest
        /// The page before what is here: the reader came to the top.
        case older
        /// What a search wants to look through; it goes into the store and not on the screen.
        case searched(HistoryPlace)
        /// What could not be kept when it was said.
        case missed(HistoryPlace)
        /// What lies between the newest page and what was here before it.
        case between(HistoryPlace)
    }

    /// What to ask for next.
    var want: Want? = .newest
    /// Where the page before what is here ends; `nil` if there is none, or none is known.
    var before: HistoryPlace?
    var hasBegun = false
    /// How many pages were asked for to close a gap.
    var fillings = 0
    /// How much of what is stored here is loaded.
    var stored = Stored.unasked
    /// The server was not asked yet for what lies before all that is stored.
    var isStoreAtTop = false
    /// What the server remembers beyond the last line that came back from the store is new to the reader.
    var marksNew = false
    /// Nothing that is as old as this is wanted back from the server.
    var forgotten: Timestamp?
    /// The same from the store, of what was forgotten in this run.
    var forgottenHere: Timestamp?
    /// What is missing in the store, while it is fetched; where the next page ends, and how many there were.
    var filling: (gap: HistoryGap, place: HistoryPlace, pages: Int)?
    /// How many pages in a row held nothing new.
    var vainPages = 0
}
