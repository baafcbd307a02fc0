import ChatProtocol

/// What a search found in the local history beside what is loaded.
struct StoredHits: Sendable {
    enum State: Equatable, Sendable {
        /// There is no local history, or nothing to look for.
        case none
        case looking
        /// There may be more before the last one.
        case some
        /// That is all there is in the store.
        case all
        /// The server is asked for what lies before all that is stored.
        case asking
        /// The server has nothing older, or cannot be asked.
        case end
    }

    var state = State.none
    /// Without what the log of the room holds.
    var found = FoundLines()
    /// Where the server goes on; `nil` before it was asked.
    var before: HistoryPlace?
    var isServerDone = false
}

/// One thing that a search has found.
enum SearchTarget: Equatable, Sendable {
    case loaded(Log.Number)
    case stored(StoredLine.Place)
}
