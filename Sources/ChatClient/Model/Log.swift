import ChatProtocol

/// What was said in one room: bounded, with the place to which the reader has scrolled and the place where the new begins.
struct Log: Sendable {
    /// How many entries are kept. They are dropped a block at a time, so that appending stays cheap.
    static let bound = 2000
    private static let block = 200

    /// The numbers of entries go up by one and are never used again.
    typealias Number = Int

    /// The last row on the screen, when that is not the end of the log.
    struct Anchor: Equatable, Sendable {
        var entry: Number
        var row: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var firstNumber: Number = 0
    /// `nil` while the reader is at the end.
    var anchor: Anchor?
    /// The entry above which the line "new" stands.
    var newLine: Number?
    private(set) var unread = 0
    private(set) var hasMention = false
    /// The length of the longest name that has spoken here: names get a column of that width.
    private(set) var longestName = 4

    var isAtEnd: Bool { anchor == nil }
    var isEmpty: Bool { entries.isEmpty }
    var endNumber: Number { firstNumber + entries.count }

    /// Reads and changes an entry; `nil` when it is no longer kept.
    subscript(number: Number) -> Entry? {
        get { entries.indices.contains(number - firstNumber) ? entries[number - firstNumber] : nil }
        set {
            guard let newValue, entries.indices.contains(number - firstNumber) else { return }
            entries[number - firstNumber] = newValue
        }
    }

    /// Adds an entry; with `isUnread` it counts as not seen yet.
    @discardableResult
    mutating func append(_ entry: Entry, isUnread: Bool = false) -> Number {
        entries.append(entry)
        if case .other(let name) = entry.speaker { longestName = max(longestName, name.text.utf8.count) }
        if entries.count > Self.bound + Self.block { drop(Self.block) }
        let number = endNumber - 1
        if isUnread {
            if unread == 0 { newLine = number }
            unread += 1
            if entry.isMention { hasMention = true }
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
            entries[last].content = .presence(fold)
            entries[last].wrapped = nil
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

    private mutating func drop(_ count: Int) {
        entries.removeFirst(count)
        firstNumber += count
        if let place = anchor, place.entry < firstNumber { anchor = Anchor(entry: firstNumber, row: 0) }
        if let place = newLine, place < firstNumber { newLine = nil }
    }
}
