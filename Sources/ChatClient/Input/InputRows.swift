/// A draft as rows of a field, and where the cursor is in it: a newline begins a row, and a row that is full goes on in the next.
///
/// Rows break between any two characters and not at spaces, so that the cursor moves as on paper with squares and nothing already typed
/// jumps to another row.
struct InputRows: Equatable, Sendable {
    /// Which of the editor's characters stand in each row, without the newline that ends it; always at least one row.
    private(set) var ranges: [Range<Int>] = []
    private(set) var cursorRow = 0
    /// Less than the width of the field.
    private(set) var cursorColumn = 0

    /// - Parameter bound: rows looked at; the number of rows is exact up to it.
    init(_ editor: LineEditor, width: Int, bound: Int = .max) {
        // The last column is the cursor's, behind the last character of a full row.
        let limit = max(1, width - 1)
        let characters = editor.characters
        var start = 0
        var column = 0
        for (index, character) in characters.enumerated() {
            let endsRow = character.isLineFeed
            let cells = endsRow ? 0 : DisplayWidth.cells(character)
            if column + cells > limit, index > start {
                ranges.append(start..<index)
                start = index
                column = 0
            }
            guard ranges.count < bound else { return }
            if index == editor.cursor { (cursorRow, cursorColumn) = (ranges.count, min(column, max(0, width - 1))) }
            column += cells
            guard endsRow else { continue }
            ranges.append(start..<index)
            start = index + 1
            column = 0
        }
        guard ranges.count < bound else { return }
        if editor.cursor == characters.count { (cursorRow, cursorColumn) = (ranges.count, min(column, max(0, width - 1))) }
        ranges.append(start..<characters.count)
    }

    /// The first row shown where only `height` fit: the cursor's row is in their middle, as far as the text reaches.
    func firstShown(height: Int) -> Int { max(0, min(ranges.count - height, cursorRow - height / 2)) }
}

extension Character {
    /// `==` would look at how the other is composed, for each that is not ASCII.
    var isLineFeed: Bool { utf8.first == 0x0A }
}

extension LineEditor {
    /// Whether a field of `width` cells has room for it all and the cursor in one row; `false` also where that needs a closer look.
    func surelyFits(width: Int) -> Bool { bytes < width && !characters.contains(where: \.isLineFeed) }

    static func cells(_ character: Character) -> Int {
        character.isLineFeed ? 1 : DisplayWidth.cells(character)
    }

    /// The text of one row.
    func text(of row: Range<Int>) -> String {
        var text = ""
        for character in characters[row] { DisplayWidth.append(character, to: &text) }
        return text
    }

    /// Moves the cursor a row up or down in a field of this width. `false` at the edges, where the key means something else.
    mutating func moveRow(up: Bool, width: Int) -> Bool {
        let rows = InputRows(self, width: width)
        let target = rows.cursorRow + (up ? -1 : 1)
        guard rows.ranges.indices.contains(target) else { return false }
        // Over short rows the cursor keeps the column that it came from.
        var wanted = rows.cursorColumn
        if case .vertical(let column) = run { wanted = column }
        place(inRow: rows.ranges[target], column: wanted)
        run = .vertical(column: wanted)
        return true
    }

    /// Puts the cursor before the character at `column` of a row, or at the row's end.
    mutating func place(inRow row: Range<Int>, column: Int) {
        var index = row.lowerBound
        var cells = 0
        while index < row.upperBound {
            cells += Self.cells(characters[index])
            if cells > column { break }
            index += 1
        }
        // The end of a row that goes on in the next is the start of that one.
        let goesOn = index == row.upperBound && index < characters.count && !characters[index].isLineFeed
        cursor = goesOn ? max(row.lowerBound, index - 1) : index
        run = .other
    }
}
