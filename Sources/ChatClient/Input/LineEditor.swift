import ChatProtocol

/// The line that a person types on, edited as with readline: a value over characters that knows no terminal.
///
/// Newlines may be part of the text (Alt-Enter, or a paste); where there is but one row they are shown as ⏎. Input past the limit of a message is refused
/// and what was typed before stays. Undo, kill ring and history are bounded.
package struct LineEditor: Sendable {
    package enum Action: Equatable, Sendable {
        /// The key means nothing here, or changes nothing.
        case ignored
        /// The text or the place of the cursor changed.
        case edited
        /// Enter: the text as it was; the line is empty now.
        case submit(String)
    }

    /// In bytes of UTF-8.
    package static let limit = WireLimits.text
    package static let historyBound = 500

    var characters: [Character] = []
    var cursor = 0
    /// The length of the text in bytes of UTF-8.
    var bytes = 0

    var history: LineHistory
    var kills = KillRing()
    var undo = UndoStack()
    /// What the last key did, for kills that run together and typing that is undone as one.
    var run: Run = .other

    enum Run: Equatable, Sendable {
        case other, typing, killing
        /// A yank of so many characters, that Alt-Y may replace.
        case yanking(length: Int)
        /// A move between rows, which keeps to this column.
        case vertical(column: Int)
    }

    /// - Parameter keepsHistory: whether submitted lines can be called back; not so for secrets.
    package init(keepsHistory: Bool = true) {
        history = LineHistory(bound: keepsHistory ? Self.historyBound : 0)
    }

    package var text: String { String(characters) }

    package var isEmpty: Bool { characters.isEmpty }

    /// What stands before the cursor, for completion.
    package var textBeforeCursor: String { String(characters[..<cursor]) }

    /// Replaces the text; the cursor goes to its end. Undo brings the old text back.
    package mutating func set(_ text: String) {
        record()
        place(Self.clean(text))
        run = .other
    }

    /// Empties the line and forgets how it came about; history stays.
    package mutating func clear() {
        place([])
        undo = UndoStack()
        history.leave()
        run = .other
    }

    /// Removes the line submitted last from history, and everything killed: it held a secret.
    package mutating func forgetLastSubmission() {
        history.forgetLast()
        undo = UndoStack()
        forgetKills()
    }

    /// Forgets what was cut, for a secret may be in it.
    package mutating func forgetKills() { kills = KillRing() }

    /// Replaces the last `count` characters before the cursor, for completion. `false` if the limit forbids it.
    @discardableResult
    package mutating func replaceBeforeCursor(_ count: Int, with text: String) -> Bool {
        record()
        run = .other
        let start = max(0, cursor - count)
        return replace(start..<cursor, with: Self.clean(text))
    }

    // MARK: Changing the text

    /// Puts `new` in place of a range, and the cursor after it. Does nothing if the text would become too long.
    @discardableResult
    mutating func replace(_ range: Range<Int>, with new: [Character]) -> Bool {
        let gone = characters[range].reduce(0) { $0 + $1.utf8.count }
        let added = new.reduce(0) { $0 + $1.utf8.count }
        guard bytes - gone + added <= Self.limit else { return false }
        characters.replaceSubrange(range, with: new)
        bytes += added - gone
        cursor = range.lowerBound + new.count
        return true
    }

    mutating func place(_ new: [Character]) {
        characters = []
        bytes = 0
        cursor = 0
        for character in new {
            let count = character.utf8.count
            guard bytes + count <= Self.limit else { break }
            characters.append(character)
            bytes += count
        }
        cursor = characters.count
    }

    /// Keeps the present state for undo.
    mutating func record() { undo.push(text: text, cursor: cursor) }

    /// Newlines of every kind become `\n`, a tab becomes a space, other control characters go.
    static func clean(_ text: String) -> [Character] {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar.value {
            case 0x0D: scalars.append("\n")
            case 0x0A: if previous != "\r" { scalars.append("\n") }
            case 0x09: scalars.append(" ")
            case 0x2028, 0x2029: scalars.append("\n")
            case 0..<0x20, 0x7F..<0xA0: break
            default: scalars.append(scalar)
            }
        }
        return Array(String(scalars))
    }
}

extension LineEditor {
    /// Shows dots for all but the first word, for a command that holds a password.
    mutating func maskArguments() {
        guard let start = characters.firstIndex(where: { !$0.isWhitespace }),
            let blank = characters[start...].firstIndex(where: \.isWhitespace)
        else { return }
        for index in characters.indices where index > blank && !characters[index].isWhitespace { characters[index] = "•" }
    }
}
