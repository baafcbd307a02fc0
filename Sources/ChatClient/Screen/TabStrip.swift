/// Which tabs stand where in a row: around the one shown as many as fit.
struct TabStrip: Equatable, Sendable {
    struct Tab: Equatable, Sendable {
        var index: Int
        var columns: Range<Int>
    }

    var row: Int
    private(set) var tabs: [Tab] = []
    /// There are more to the left, told by a sign in the first column.
    private(set) var hasBefore = false
    /// There are more to the right, told by a sign in this column.
    private(set) var moreColumn: Int?

    init(row: Int = 0) { self.row = row }

    /// - Parameter label: the text of a tab; asked of those near `active` alone.
    init(row: Int, columns: Range<Int>, active: Int, count: Int, label: (Int) -> String) {
        self.row = row
        // From the one shown to the left as long as all of it stays visible.
        let space = columns.count - 4
        var first = active
        var used = DisplayWidth.cells(label(active))
        while first > 0 {
            let more = DisplayWidth.cells(label(first - 1)) + 1
            if used + more > space { break }
            used += more
            first -= 1
        }
        hasBefore = first > 0
        var column = columns.lowerBound + (hasBefore ? 1 : 0)
        var index = first
        while index < count {
            let cells = DisplayWidth.cells(label(index))
            if column + cells > columns.upperBound - 2, index > active { break }
            let end = max(column, min(columns.upperBound, column + cells))
            tabs.append(Tab(index: index, columns: column..<end))
            index += 1
            column = end + (index < count ? 1 : 0)
        }
        if index < count { moreColumn = column }
    }

    /// The tab at a place of the screen.
    func index(row: Int, column: Int) -> Int? {
        row == self.row ? tabs.first { $0.columns.contains(column) }?.index : nil
    }
}
