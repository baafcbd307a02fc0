/// What the rows of a log depend on besides its entries.
struct LogMetrics: Equatable, Sendable {
    let width: Int
    /// Columns for names; longer ones push the first line of their text aside instead of being cut.
    let nameWidth: Int
    let theme: Theme
    let timeZone: TimeZone
    /// Own lines up to here have arrived.
    let deliveredThrough: UInt64
    /// Whether the server is there, so that a line on its way is not called waiting.
    let isOnline: Bool
    var clock = ClockFormat.hours24
    var retryKey = ""
    /// Addresses are links.
    var hasLinks = false
    /// Every line carries its name, and what became of it is told in words.
    var isSpoken = false
    /// What is being looked for, and the entry in which it is looked at.
    var pattern: SearchPattern?
    var found: Log.Number?

    /// Below this there is no column for the time.
    private static let leastForTime = 32

    init(width: Int, longestName: Int, deliveredThrough: UInt64, isOnline: Bool, theme: Theme, timeZone: TimeZone) {
        self.width = max(1, width)
        nameWidth = min(longestName, max(3, min(12, self.width / 6)))
        self.theme = theme
        self.timeZone = timeZone
        self.deliveredThrough = deliveredThrough
        self.isOnline = isOnline
    }

    var hasTime: Bool { width >= Self.leastForTime && clock != .off }
    var nameColumn: Int { hasTime ? clock.width + 1 : 0 }
    /// Where text begins: nothing that anybody writes is ever drawn to the left of it.
    var textColumn: Int { min(nameColumn + nameWidth + 2, max(0, width - 1)) }
}

/// One row of a log: pieces of text at columns.
struct LogRow: Sendable {
    struct Piece: Sendable {
        var column: Int
        var text: Substring
        var style: Style
        /// Somebody wrote it; otherwise they are the client's words.
        var isSaid = false
        /// Where it leads.
        var link: String?
    }

    var pieces: [Piece] = []
    /// The entry it belongs to.
    var entry: Log.Number = 0
    /// Set for a rule across the pane with the text in its middle.
    var isRule = false
    /// Holds something that is looked for.
    var isMatch = false

    mutating func add(_ text: some StringProtocol, at column: Int, _ style: Style, isSaid: Bool = false) {
        pieces.append(Piece(column: column, text: Substring(text), style: style, isSaid: isSaid))
    }
}
