import ChatProtocol

/// What was said in one room: bounded, with the place to which the reader has scrolled and the place where the new begins.
struct Log: Sendable {
    /// How many entries are kept: as many as the server keeps for somebody who is offline. They are dropped a block at a time, so that
    /// appending stays cheap.
    static let bound = 10_000
    private static let block = 500

    /// Names an entry as long as the log lives. Later ones are greater, except those of what was said before this run.
    typealias Number = Int

    /// The last row on the screen, when that is not the end of the log.
    struct Anchor: Equatable, Sendable {
        var entry: Number
        var row: Int
    }

    private(set) var entries: [Entry] = [] { didSet { revision &+= 1 } }
    /// Another one after every change of an entry.
    private(set) var revision: UInt64 = 0
    private var nextNumber: Number = 0
    /// How many entries are not kept any more.
    private(set) var dropped = 0
    /// What the entries take, in bytes.
    private(set) var size = 0
    /// What came as history and may come once more as news.
    private var remembered: Set<Entry.Identity> = []
    /// `nil` while the reader is at the end.
    var anchor: Anchor?
    /// The entry above which the line "new" stands.
    var newLine: Number?
    /// What is on the screen ends above the entry after this one, for as long as the reader stays at the end.
    private(set) var hiddenThrough: Number?
    /// The line "new" may stand above all there is.
    var marksFirst = false
    /// How many messages were below the last row at the last draw.
    var below = 0
    /// Whether the last row was on the screen at the last draw, wherever the reader is said to be.
    var isEndShown = false
    /// The first entry of others since the last draw.
    var undrawn: Number?
    /// The line "new" stands where more came at once than the screen holds, and no key was pressed since: it stays.
    var isCatchingUp = false
    private(set) var unread = 0
    private(set) var hasMention = false
    /// The length of the longest name that has spoken here: names get a column of that width.
    private(set) var longestName = 4
    /// What was drawn last, for as long as it stays so.
    var drawn: DrawnLog?
    var calendar = CivilTime.Memo()

    var isAtEnd: Bool { anchor == nil }
    var isEmpty: Bool { entries.isEmpty }

    /// Where an entry is; `nil` when it is no longer kept.
    func index(of number: Number) -> Int? { entries.lastIndex { $0.number == number } }

    /// Reads and changes an entry; `nil` when it is no longer kept.
    subscript(number: Number) -> Entry? {
        get { index(of: number).map { entries[$0] } }
        set {
            guard let newValue, let index = index(of: number) else { return }
            size += newValue.size - entries[index].size
            entries[index] = newValue
        }
    }

    /// Adds an entry; with `isUnread` it counts as not seen yet.
    @discardableResult
    mutating func append(_ entry: Entry, isUnread: Bool = false) -> Number {
        if let identity = entry.identity { forget(identity) }
        let number = nextNumber
        // Doubled, the room of a full log would be half as large again as what it ever holds.
        if entries.count == Self.bound / 2 { entries.reserveCapacity(Self.bound + Self.block) }
        entries.append(numbered(entry))
        if entries.count >= Self.bound + Self.block { drop(entries.count - Self.bound) }
        if isUnread {
            if unread == 0 { newLine = number }
            unread += 1
            if entry.isMention { hasMention = true }
        } else if case .other = entry.speaker, undrawn == nil {
            undrawn = number
        }
        return number
    }

    mutating func markRead() {
        unread = 0
        hasMention = false
    }

    /// Adds to the presence line at the end, or begins one. Lines older than `window` milliseconds are left alone.
    mutating func fold(came: [UserName], went: [UserName], at time: Timestamp, window: Int64 = 600_000) {
        if let last = entries.indices.last, case .presence(var fold) = entries[last].content,
            time.milliseconds - entries[last].time.milliseconds < window
        {
            fold.add(came: came, went: went)
            if fold.came.isEmpty, fold.went.isEmpty { return }
            size -= entries[last].size
            entries[last].content = .presence(fold)
            entries[last].wrapped = nil
            size += entries[last].size
            return
        }
        var fold = PresenceFold()
        fold.add(came: came, went: went)
        append(Entry(.presence(fold), at: time))
    }

    /// Changes an entry in place, keeping its wrapped lines.
    mutating func withEntry<Result>(at index: Int, _ body: (inout Entry) -> Result) -> Result {
        body(&entries[index])
    }

    /// Gives every own line that was sent its last state: the stream in which its place was counted is no more.
    mutating func closeStream(deliveredThrough: UInt64) {
        for index in entries.indices {
            guard case .sent(let sequence?)? = entries[index].delivery else { continue }
            entries[index].delivery = sequence <= deliveredThrough ? .delivered : .sent(sequence: nil)
        }
    }

    // MARK: History

    /// Puts what the server remembers, or the local history, into its places and returns how much of it was new. Nothing of it counts as unread.
    ///
    /// - Parameter history: oldest first, each with a receipt or from the local history.
    mutating func merge(_ history: [Entry]) -> Int {
        var known = Set(entries.compactMap(\.identity))
        var places = Set(entries.compactMap(\.place))
        var new = history.filter { entry in
            if let place = entry.place, !places.insert(place).inserted { return false }
            return entry.identity.map { known.insert($0).inserted } ?? (entry.place != nil)
        }
        // What lies before the entries that are kept was dropped, maybe after it had been here.
        if dropped > 0, let first = entries.first { new.removeAll { $0.orderTime < first.orderTime } }
        guard !new.isEmpty else { return 0 }
        var merged: [Entry] = []
        merged.reserveCapacity(entries.count + new.count)
        var waiting = new[...]
        for entry in entries {
            while let next = waiting.first, next.orderTime < entry.orderTime {
                merged.append(numbered(waiting.removeFirst(), isHistory: true))
            }
            merged.append(entry)
        }
        for entry in waiting { merged.append(numbered(entry, isHistory: true)) }
        entries = merged
        return new.count
    }

    /// Puts an entry before another one that is here.
    mutating func insert(_ entry: Entry, before other: Entry) {
        guard let identity = other.identity, let index = entries.firstIndex(where: { $0.identity == identity }) else { return }
        entries.insert(numbered(entry), at: index)
    }

    /// Takes out words of the client's own that are true no more.
    mutating func remove(_ number: Number) {
        if let index = index(of: number) { remove(at: index) }
    }

    /// Whether an entry came as history.
    func isRemembered(_ entry: Entry) -> Bool { entry.identity.map(remembered.contains) ?? false }

    /// Takes out what came as history, for it comes again as news, or was an own line on its way.
    mutating func forget(_ identity: Entry.Identity) {
        guard remembered.remove(identity) != nil, let index = entries.lastIndex(where: { $0.identity == identity }) else { return }
        remove(at: index)
    }

    private mutating func remove(at index: Int) {
        let entry = entries.remove(at: index)
        size -= entry.size
        if anchor?.entry == entry.number {
            anchor = entries.isEmpty ? nil : Anchor(entry: entries[max(0, index - 1)].number, row: .max / 4)
        }
        if hiddenThrough == entry.number { hiddenThrough = index > 0 ? entries[index - 1].number : nil }
        if newLine == entry.number { newLine = entries.indices.contains(index) ? entries[index].number : nil }
    }

    private mutating func numbered(_ entry: Entry, isHistory: Bool = false) -> Entry {
        var entry = entry
        entry.number = nextNumber
        nextNumber += 1
        size += entry.size
        if isHistory, let identity = entry.identity { remembered.insert(identity) }
        if case .other(let name) = entry.speaker { longestName = max(longestName, name.text.utf8.count) }
        return entry
    }

    // MARK: Hiding

    /// Empties the screen and keeps everything.
    mutating func hideAll() {
        anchor = nil
        newLine = nil
        undrawn = nil
        hiddenThrough = entries.last?.number
    }

    mutating func showAll() { hiddenThrough = nil }

    /// All of it is hidden, and nothing has come since.
    var isHidden: Bool { anchor == nil && hiddenThrough != nil && entries.last?.number == hiddenThrough }

    // MARK: Forgetting

    /// Drops everything as if it had never been said.
    mutating func clear() {
        let number = nextNumber
        self = Log()
        nextNumber = number
    }

    /// Drops the oldest entries.
    mutating func drop(_ count: Int) {
        let count = min(count, entries.count)
        dropped += count
        var losesPlace = false
        // By index: a slice would have all entries copied when the first are removed.
        for index in 0..<count {
            size -= entries[index].size
            if let identity = entries[index].identity { remembered.remove(identity) }
            if newLine == entries[index].number { newLine = nil }
            if anchor?.entry == entries[index].number { losesPlace = true }
        }
        entries.removeFirst(count)
        if losesPlace { anchor = entries.first.map { Anchor(entry: $0.number, row: 0) } }
    }
}
