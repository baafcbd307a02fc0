import ChatProtocol

/// What the store has found for one query, a page at a time.
struct FoundLines: Sendable {
    /// As many as are held. Nobody goes through so many one by one; another word finds less.
    static let bound = 2000

    /// The newest first.
    private(set) var lines: [StoredLine] = []
    private(set) var isLooking = false
    /// There is nothing before these.
    private(set) var isAll = true
    /// By which an answer is known to be for this query; others are dropped.
    private var number = 0
    /// Where the last of all that were found stands, wanted or not: the search goes on before it.
    private var last = StoredLine.Place.max

    var isFull: Bool { lines.count >= Self.bound }
    var canGoOn: Bool { !isAll && !isLooking && !isFull }

    init(number: Int = 0) { self.number = number }

    /// What to ask the store next.
    mutating func next(_ words: String, in channel: Channel?, limit: Int) -> HistorySearch {
        isLooking = true
        return HistorySearch(number, words, in: channel, before: last, limit: min(limit, Self.bound - lines.count))
    }

    func awaits(_ answer: HistorySearch) -> Bool { isLooking && number == answer.number }

    /// Takes an answer, and of it what is wanted.
    mutating func take(_ found: [StoredLine], isAll: Bool, where isWanted: (StoredLine) -> Bool = { _ in true }) {
        isLooking = false
        self.isAll = isAll
        last = found.last?.place ?? last
        lines += found.filter(isWanted).prefix(Self.bound - lines.count)
    }
}
