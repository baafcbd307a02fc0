import ChatClient
import Foundation

/// A terminal as ncurses expects `xterm-256color` to be, as a value: bytes in, cells out.
///
/// It knows exactly what the client has reason to send. Everything else is an error: sequences that neither ncurses nor the client makes,
/// control characters, bytes that are no UTF-8, characters that are not seen, more marks on a cell than the client draws.
struct StrictTerminal {
    /// What the client had no reason to send, with what came before it.
    struct Foreign: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var columns: Int
    private(set) var rows: Int
    /// Bells, and sequences for the terminal beside the screen (titles, the clipboard, notifications), that have come.
    private(set) var bells = 0
    private(set) var reports: [String] = []
    private(set) var isAlternate = false
    private var cells: [[Cell]]
    private var row = 0
    private var column = 0
    /// The last column was written to: the next character begins a new line.
    private var isAtEdge = false
    private var margins: ClosedRange<Int>
    private var saved = (row: 0, column: 0)
    private var last: Unicode.Scalar = " "
    private var state = State.ground
    private var recent: [UInt8] = []

    private struct Cell: Equatable {
        static let blank = Cell(text: " ", width: 1)

        var text: String
        /// 0 for the right half of a wide one.
        var width: Int
    }

    private enum State {
        case ground
        /// A character of which so many bytes are still to come.
        case scalar(value: UInt32, left: Int, least: UInt32)
        case escape, charset
        case control([UInt8])
        case report([UInt8])
    }

    init(columns: Int, rows: Int) {
        DisplayWidth.prepare()
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: .blank, count: columns), count: rows)
        margins = 0...rows - 1
    }

    /// The lines on the screen, without spaces at their ends.
    var lines: [String] {
        cells.map { row in
            var line = row.map { $0.width == 0 ? "" : $0.text }.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    var cursor: (row: Int, column: Int) { (row, column) }

    /// As a terminal without reflow does: what does not fit is cut off.
    mutating func resize(columns: Int, rows: Int) {
        for row in cells.indices {
            cells[row] = Array(cells[row].prefix(columns)) + Array(repeating: .blank, count: max(0, columns - self.columns))
            mend(row)
        }
        cells = Array(cells.prefix(rows)) + Array(repeating: Array(repeating: .blank, count: columns), count: max(0, rows - self.rows))
        self.columns = columns
        self.rows = rows
        margins = 0...rows - 1
        move(to: row, column)
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) throws(Foreign) {
        for byte in bytes {
            recent.append(byte)
            if recent.count > 400 { recent.removeFirst(200) }
            try take(byte)
        }
    }

    // MARK: Bytes

    private mutating func take(_ byte: UInt8) throws(Foreign) {
        switch state {
        case .ground: try begin(byte)
        case .scalar(let value, let left, let least):
            guard byte & 0xC0 == 0x80 else { throw foreign("bytes that are no UTF-8") }
            let value = value << 6 | UInt32(byte & 0x3F)
            state = left > 1 ? .scalar(value: value, left: left - 1, least: least) : .ground
            if left > 1 { return }
            guard value >= least, let scalar = Unicode.Scalar(value) else { throw foreign("bytes that are no UTF-8") }
            try put(scalar)
        case .escape: try escape(byte)
        case .charset:
            guard byte == UInt8(ascii: "B") else { throw foreign("another character set") }
            state = .ground
        case .control(let before):
            guard before.count < 64 else { throw foreign("a sequence without end") }
            switch byte {
            case 0x20...0x3F: state = .control(before + [byte])
            case 0x40...0x7E:
                state = .ground
                try control(String(decoding: before, as: UTF8.self), Character(Unicode.Scalar(byte)))
            default: throw foreign("a broken sequence")
            }
        case .report(let before):
            if byte == 7 {
                let report = String(decoding: before, as: UTF8.self)
                // What it draws on: this one does not say.
                if report != "11;?" { reports.append(report) }
                state = .ground
            } else {
                guard byte >= 0x20, byte != 0x7F, before.count < 8192 else { throw foreign("a broken report") }
                state = .report(before + [byte])
            }
        }
    }

    private mutating func begin(_ byte: UInt8) throws(Foreign) {
        switch byte {
        case 0x07: bells += 1
        case 0x08: move(to: row, column - 1)
        case 0x09: move(to: row, (column / 8 + 1) * 8)
        case 0x0A: lineFeed()
        case 0x0D: move(to: row, 0)
        case 0x1B: state = .escape
        case 0x20..<0x7F: try put(Unicode.Scalar(byte))
        case 0xC2...0xDF: state = .scalar(value: UInt32(byte & 0x1F), left: 1, least: 0x80)
        case 0xE0...0xEF: state = .scalar(value: UInt32(byte & 0x0F), left: 2, least: 0x800)
        case 0xF0...0xF4: state = .scalar(value: UInt32(byte & 0x07), left: 3, least: 0x10000)
        default: throw foreign("a control character or a byte that is no UTF-8")
        }
    }

    private mutating func escape(_ byte: UInt8) throws(Foreign) {
        state = .ground
        switch byte {
        case UInt8(ascii: "["): state = .control([])
        case UInt8(ascii: "]"): state = .report([])
        case UInt8(ascii: "("): state = .charset
        case UInt8(ascii: "7"): saved = (row, column)
        case UInt8(ascii: "8"): move(to: saved.row, saved.column)
        case UInt8(ascii: "="), UInt8(ascii: ">"): break
        case UInt8(ascii: "M"): if row == margins.lowerBound { scroll(by: -1) } else { move(to: row - 1, column) }
        default: throw foreign("a sequence that nobody here makes")
        }
    }

    private mutating func control(_ parameters: String, _ final: Character) throws(Foreign) {
        if parameters.first == "?" || final == "h" || final == "l" { return try set(parameters, final == "h") }
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? ($0.isEmpty ? 0 : -1) }
        guard !numbers.contains(-1) else { throw foreign("parameters that are no numbers") }
        let first = max(1, numbers.first ?? 0)
        switch final {
        case "A": move(to: max(row - first, row >= margins.lowerBound ? margins.lowerBound : 0), column)
        case "B": move(to: min(row + first, row <= margins.upperBound ? margins.upperBound : rows - 1), column)
        case "C": move(to: row, column + first)
        case "D": move(to: row, column - first)
        case "G": move(to: row, first - 1)
        case "d": move(to: first - 1, column)
        case "H": move(to: first - 1, max(1, numbers.dropFirst().first ?? 0) - 1)
        case "Z": move(to: row, (max(0, column - 1) / 8) * 8)
        case "J": erase(numbers.first ?? 0)
        case "K": eraseLine(numbers.first ?? 0)
        case "L": if margins.contains(row) { shift(row...margins.upperBound, by: first) }
        case "M": if margins.contains(row) { shift(row...margins.upperBound, by: -first) }
        case "S": scroll(by: first)
        case "T": scroll(by: -first)
        case "@", "P", "X": edit(final, first)
        case "b": for _ in 0..<first { try put(last) }
        case "r":
            let end = numbers.count > 1 && numbers[1] > 0 ? min(numbers[1], rows) : rows
            margins = min(first - 1, end - 1)...end - 1
            move(to: 0, 0)
        case "m": isAtEdge = isAtEdge && true
        // The title, put aside and back around the whole.
        case "t" where parameters == "22;0;0" || parameters == "23;0;0": break
        default: throw foreign("the sequence \(parameters)\(final)")
        }
    }

    private mutating func set(_ parameters: String, _ isOn: Bool) throws(Foreign) {
        switch parameters {
        case "?1049":
            isAlternate = isOn
            erase(2)
        // Cursor keys, the cursor's look, the mouse, focus, paste; insert mode only ever off.
        case "?1", "?12", "?25", "?12;25", "?1000", "?1002", "?1004", "?1006", "?2004", "?7": break
        case "4" where !isOn: break
        default: throw foreign("the mode \(parameters)")
        }
    }

    // MARK: Cells

    private mutating func put(_ scalar: Unicode.Scalar) throws(Foreign) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            throw foreign("U+\(String(scalar.value, radix: 16, uppercase: true)), which is not seen")
        default: break
        }
        let width = Int(wcwidth(wchar_t(scalar.value)))
        if width < 1 { return try mark(scalar) }
        if isAtEdge || column + width > columns {
            move(to: row, 0)
            lineFeed()
        }
        last = scalar
        guard width <= columns else { return }
        clear(row, column..<column + width)
        cells[row][column] = Cell(text: String(Character(scalar)), width: width)
        if width == 2 { cells[row][column + 1] = Cell(text: "", width: 0) }
        if column + width == columns { isAtEdge = true } else { column += width }
    }

    private mutating func mark(_ scalar: Unicode.Scalar) throws(Foreign) {
        var place = isAtEdge ? column : column - 1
        if place > 0, cells[row][place].width == 0 { place -= 1 }
        guard place >= 0 else { throw foreign("a mark without a character before it") }
        cells[row][place].text.unicodeScalars.append(scalar)
        guard cells[row][place].text.unicodeScalars.count <= DisplayWidth.scalarsPerCell else { throw foreign("a heap of marks") }
    }

    /// Blanks cells, and the other halves of those that are cut in two.
    private mutating func clear(_ row: Int, _ range: Range<Int>) {
        for column in range.clamped(to: 0..<columns) { cells[row][column] = .blank }
        mend(row)
    }

    /// No half of a wide character is left without the other.
    private mutating func mend(_ row: Int) {
        for column in cells[row].indices {
            let cell = cells[row][column]
            let next = column + 1 < cells[row].count ? cells[row][column + 1].width : 1
            if cell.width == 2, next != 0 { cells[row][column] = .blank }
            if cell.width == 0, column == 0 || cells[row][column - 1].width != 2 { cells[row][column] = .blank }
        }
    }

    private mutating func move(to row: Int, _ column: Int) {
        self.row = max(0, min(rows - 1, row))
        self.column = max(0, min(columns - 1, column))
        isAtEdge = false
    }

    private mutating func lineFeed() {
        isAtEdge = false
        if row == margins.upperBound { scroll(by: 1) } else { row = min(rows - 1, row + 1) }
    }

    private mutating func scroll(by count: Int) { shift(margins, by: -count) }

    /// Moves the lines of a part of the screen down; what comes in is blank.
    private mutating func shift(_ part: ClosedRange<Int>, by count: Int) {
        let old = Array(cells[part])
        for (place, row) in part.enumerated() {
            let from = place - count
            cells[row] = old.indices.contains(from) ? old[from] : Array(repeating: .blank, count: columns)
        }
    }

    private mutating func erase(_ part: Int) {
        eraseLine(part)
        let others = part == 0 ? row + 1..<rows : part == 1 ? 0..<row : 0..<rows
        for row in others { clear(row, 0..<columns) }
    }

    private mutating func eraseLine(_ part: Int) {
        clear(row, part == 0 ? column..<columns : part == 1 ? 0..<column + 1 : 0..<columns)
    }

    /// Inserts, deletes or blanks cells at the cursor.
    private mutating func edit(_ final: Character, _ count: Int) {
        let count = min(count, columns - column)
        let blanks = Array(repeating: Cell.blank, count: count)
        switch final {
        case "@": cells[row] = Array((cells[row][..<column] + blanks + cells[row][column...]).prefix(columns))
        case "P": cells[row] = Array(cells[row][..<column] + cells[row][(column + count)...] + blanks)
        default: clear(row, column..<column + count)
        }
        mend(row)
        isAtEdge = false
    }

    private func foreign(_ what: String) -> Foreign {
        let shown = recent.suffix(120).map { byte in
            byte >= 0x20 && byte < 0x7F ? String(Character(Unicode.Scalar(byte))) : "<" + String(byte, radix: 16) + ">"
        }
        return Foreign(description: "the terminal got \(what): …\(shown.joined())")
    }
}

// The same widths that ncurses goes by; the header does not show it to Swift.
@_silgen_name("wcwidth")
private func wcwidth(_ character: wchar_t) -> Int32
