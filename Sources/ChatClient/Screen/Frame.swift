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
    /// `height` rows of `width` cells. Rows that two frames share are one array, and not compared cell by cell.
    private(set) var grid: [[Cell]]
    /// What cells show that is more than one code point.
    private(set) var clusters: [UInt32: Character] = [:]
    /// Where the links lead that cells name.
    package private(set) var links: [UInt16: String] = [:]
    /// `nil` hides the cursor.
    package var cursor: Place?
    /// The client's own words are put as ``Spoken`` has them.
    var isSpoken = false

    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        grid = Array(repeating: Array(repeating: .blank, count: self.width), count: self.height)
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
        guard row >= 0, row < height, column < end else { return column }
        var text = Substring(text)
        if isSpoken, !isVerbatim, !text.utf8.allSatisfy({ $0 < 0x80 }) { text = Substring(Spoken.words(text)) }
        if let last = text.withUTF8({ putAlone($0, row: row, from: column, to: end, style) }) { return last }
        var column = column
        for character in text {
            for part in DisplayWidth.drawable(character) {
                guard column + part.width <= end else { return column }
                if column >= 0 {
                    let cell = Cell(glyph(part.text), style, width: UInt8(clamping: part.width))
                    grid[row].withUnsafeMutableBufferPointer { $0.set(cell, at: column) }
                }
                column += part.width
            }
        }
        return column
    }

    /// Code points that are characters by themselves, as in most text; `nil` if there is anything else.
    private mutating func putAlone(
        _ bytes: UnsafeBufferPointer<UInt8>, row: Int, from start: Int, to end: Int, _ style: Style
    ) -> Int? {
        for scalar in ScalarsOfUTF8(bytes) where DisplayWidth.widthAlone(scalar) == nil { return nil }
        return grid[row].withUnsafeMutableBufferPointer { cells in
            var column = start
            for scalar in ScalarsOfUTF8(bytes) {
                let columns = DisplayWidth.widthAlone(scalar) ?? 0
                guard column + columns <= end else { break }
                if column >= 0, columns > 0 { cells.set(Cell(Glyph(scalar), style, width: UInt8(columns)), at: column) }
                column += columns
            }
            return column
        }
    }

    /// Fills part of a row with one narrow character.
    package mutating func fill(_ scalar: Unicode.Scalar = " ", row: Int, columns: Range<Int>, style: Style = .plain) {
        let columns = columns.clamped(to: 0..<width)
        guard row >= 0, row < height, !columns.isEmpty else { return }
        let cell = Cell(Glyph(scalar), style)
        grid[row].withUnsafeMutableBufferPointer { cells in
            if cells[columns.lowerBound].width == 0 { cells.separate(before: columns.lowerBound) }
            cells.separate(after: columns.upperBound - 1)
            for column in columns { cells[column] = cell }
        }
    }

    /// Adds attributes to what is drawn there already.
    package mutating func emphasise(_ attributes: Style.Attributes, row: Int, columns: Range<Int>) {
        guard row >= 0, row < height else { return }
        for column in columns.clamped(to: 0..<width) { grid[row][column].style.attributes.formUnion(attributes) }
    }

    /// Makes cells that are drawn already a link.
    ///
    /// - Parameter identity: tells this link from others that lead to the same place; its parts on several rows have the same.
    mutating func link(row: Int, columns: Range<Int>, to target: String, identity: Int) {
        guard row >= 0, row < height else { return }
        var hash = Hash()
        hash.add(target)
        withUnsafeBytes(of: identity) { for byte in $0 { hash.add(byte) } }
        var key = UInt16(truncatingIfNeeded: hash.value >> 16 ^ hash.value)
        while key == 0 || links[key].map({ $0 != target }) ?? false { key &+= 1 }
        links[key] = target
        for column in columns.clamped(to: 0..<width) { grid[row][column].link = key }
    }

    private mutating func glyph(_ character: Character) -> Glyph {
        let scalars = character.unicodeScalars
        if let first = scalars.first, scalars.dropFirst().isEmpty { return Glyph(first) }
        var hash = Hash()
        hash.add(String(character))
        var key = hash.value >> 1
        while let other = clusters[key], !other.unicodeScalars.elementsEqual(scalars) { key = (key + 1) & (.max >> 1) }
        clusters[key] = character
        return Glyph(cluster: key)
    }
}

extension UnsafeMutableBufferPointer<Cell> {
    fileprivate func set(_ cell: Cell, at column: Int) {
        if self[column].width == 0 { separate(before: column) }
        separate(after: column + (cell.width == 2 ? 1 : 0))
        self[column] = cell
        if cell.width == 2 { self[column + 1] = Cell(.blank, cell.style, width: 0) }
    }

    /// Blanks the left half of a wide character whose right half is covered.
    fileprivate func separate(before column: Int) {
        guard column > 0 else { return }
        self[column - 1] = Cell(.blank, self[column - 1].style)
    }

    /// Blanks the right half of a wide character whose left half is covered.
    fileprivate func separate(after column: Int) {
        guard column + 1 < count, self[column + 1].width == 0 else { return }
        self[column + 1] = Cell(.blank, self[column + 1].style)
    }
}

/// FNV-1a: the same in every frame, so that rows that did not change are found to be equal.
private struct Hash {
    private(set) var value: UInt32 = 2_166_136_261

    mutating func add(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 16_777_619 }

    mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
}
