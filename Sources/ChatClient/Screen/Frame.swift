/// A picture of the whole screen: rows of cells, and where the cursor is.
///
/// Drawing outside it is cut off, so that no size needs a special case. A wide character is never left in half: what covers one half
/// blanks the other.
package struct Frame: Equatable, Sendable {
    package struct Place: Hashable, Sendable {
        package var row: Int
        package var column: Int

        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    package let width: Int
    package let height: Int
    /// `height` rows of `width` cells. The terminal compares them with those of the frame before and sends only what differs.
    package private(set) var rows: [[Cell]]
    /// Where the links lead that cells name.
    package private(set) var links: [UInt16: String] = [:]
    /// `nil` hides the cursor.
    package var cursor: Place?
    /// The client's own words are put as ``Spoken`` has them.
    var isSpoken = false

    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        rows = Array(repeating: Array(repeating: .blank, count: self.width), count: self.height)
    }

    /// Draws `text` in one row, cut off at `limit` (a column, exclusive) or the frame's edge. Control characters are left out.
    /// Returns the column after the last cell drawn.
    ///
    /// - Parameter isVerbatim: somebody wrote it so.
    @discardableResult
    package mutating func put(
        _ text: some StringProtocol, row: Int, column: Int, style: Style = .plain, limit: Int? = nil, isVerbatim: Bool = false
    ) -> Int {
        let end = min(width, limit ?? width)
        guard rows.indices.contains(row), column < end else { return column }
        var column = column
        var bytes = text.utf8.makeIterator()
        var plainCount = 0
        while let byte = bytes.next(), byte < 0x80 { plainCount += 1 }
        if plainCount == text.utf8.count {
            for byte in text.utf8 where byte >= 0x20 && byte != 0x7F {
                guard column < end else { return column }
                if column >= 0 { set(Cell(Character(Unicode.Scalar(byte)), style), row: row, column: column) }
                column += 1
            }
            return column
        }
        if isSpoken, !isVerbatim {
            return put(Spoken.words(text), row: row, column: column, style: style, limit: limit, isVerbatim: true)
        }
        for character in text {
            for part in DisplayWidth.drawable(character) {
                guard column + part.width <= end else { return column }
                if column >= 0 {
                    set(Cell(part.text, style, width: UInt8(clamping: part.width)), row: row, column: column)
                }
                column += part.width
            }
        }
        return column
    }

    /// Fills part of a row with one narrow character.
    package mutating func fill(_ text: Character = " ", row: Int, columns: Range<Int>, style: Style = .plain) {
        guard rows.indices.contains(row) else { return }
        let columns = columns.clamped(to: 0..<width)
        for column in columns where rows[row][column].width != 1 { separate(row: row, column: column) }
        let cell = Cell(text, style)
        for column in columns { rows[row][column] = cell }
    }

    /// Adds attributes to what is drawn there already.
    package mutating func emphasise(_ attributes: Style.Attributes, row: Int, columns: Range<Int>) {
        guard rows.indices.contains(row) else { return }
        for column in columns.clamped(to: 0..<width) { rows[row][column].style.attributes.formUnion(attributes) }
    }

    /// Makes cells that are drawn already a link.
    ///
    /// - Parameter identity: tells this link from others that lead to the same place; its parts on several rows have the same.
    mutating func link(row: Int, columns: Range<Int>, to target: String, identity: Int) {
        guard rows.indices.contains(row) else { return }
        // FNV-1a: the same in every frame, so that rows that did not change are found to be equal.
        var hash: UInt32 = 2_166_136_261
        for byte in target.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        withUnsafeBytes(of: identity) { for byte in $0 { hash = (hash ^ UInt32(byte)) &* 16_777_619 } }
        var key = UInt16(truncatingIfNeeded: hash >> 16 ^ hash)
        while key == 0 || links[key].map({ $0 != target }) ?? false { key &+= 1 }
        links[key] = target
        for column in columns.clamped(to: 0..<width) { rows[row][column].link = key }
    }

    private mutating func set(_ cell: Cell, row: Int, column: Int) {
        if rows[row][column].width != 1 { separate(row: row, column: column) }
        if cell.width == 2, rows[row][column + 1].width != 1 { separate(row: row, column: column + 1) }
        rows[row][column] = cell
        if cell.width == 2 { rows[row][column + 1] = Cell(" ", cell.style, width: 0) }
    }

    /// Blanks both halves of the wide character at `column`.
    private mutating func separate(row: Int, column: Int) {
        let left = rows[row][column].width == 0 ? column - 1 : column
        for half in left...left + 1 where rows[row].indices.contains(half) {
            rows[row][half] = Cell(" ", rows[row][half].style)
        }
    }

    /// The picture as text, one line a row, without the blanks at the ends of lines.
    package var text: String {
        lines.joined(separator: "\n")
    }

    package var lines: [String] {
        rows.map { row in
            var line = ""
            for cell in row where cell.width > 0 { line.append(cell.text) }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
