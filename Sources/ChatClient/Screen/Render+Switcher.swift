/// The quick switcher: a box over the panes, or in their place where there is one.
extension Model {
    func drawSwitcher(_ switcher: Switcher, _ layout: Layout, in frame: inout Frame) {
        let matches = matches(of: switcher)
        let area = switcherArea(matches: matches.count, layout)
        drawBox(area, title: "Go to", layout, in: &frame)
        let theme = options.theme
        let end = area.columns.upperBound
        let column = frame.put("▸ ", row: area.row, column: area.column, style: theme.prompt, limit: end)
        let (text, cursor) = switcher.query.window(width: max(1, end - column))
        frame.put(text, row: area.row, column: column, style: theme.text, limit: end)
        frame.cursor = Frame.Place(row: area.row, column: min(column + cursor, frame.width - 1))
        let height = area.height - 1
        guard height > 0 else { return }
        guard !matches.isEmpty else {
            frame.put("nobody by that name", row: area.row + 1, column: area.column, style: theme.dim, limit: end)
            return
        }
        let chosen = min(switcher.chosen, matches.count - 1)
        let first = switcher.firstShown(of: matches.count, height: height)
        for (place, candidate) in matches.enumerated().dropFirst(first).prefix(height) {
            let row = area.row + 1 + place - first
            let words = (candidate.unread > 0 ? "\(candidate.unread) new · " : "") + candidate.words
            let isPrivate = if case .room(.private) = candidate.target { true } else { false }
            let style = candidate.unread > 0 ? theme.unread : isPrivate ? theme.privateTitle : theme.text
            let room = area.width - DisplayWidth.cells(words) - 2
            let isWide = room >= 8
            let name = DisplayWidth.truncated(candidate.name, width: isWide ? room : area.width)
            frame.put(name, row: row, column: area.column, style: style, limit: end)
            if isWide {
                frame.put(words, row: row, column: end - DisplayWidth.cells(words), style: candidate.unread > 0 ? theme.unread : theme.dim)
            }
            if place == chosen {
                frame.emphasise(.reverse, row: row, columns: area.columns)
                if isSpoken { frame.cursor = Frame.Place(row: row, column: area.column) }
            }
        }
    }

    func switcherArea(matches: Int, _ layout: Layout) -> Layout.Rectangle {
        box(rows: min(12, max(1, matches)) + 1, width: 52, layout)
    }

    /// The inside of a box of that many rows, in the middle of the panes; without borders and over all of them on a small screen.
    func box(rows: Int, width: Int, _ layout: Layout) -> Layout.Rectangle {
        guard layout.shape == .full, let bottom = layout.statusBorderRow else {
            return Layout.Rectangle(row: 0, column: 0, width: size.width, height: max(1, layout.status.row))
        }
        let height = max(1, min(rows, bottom - 3))
        // Beside the users, if there is room for both.
        let span = layout.usersBorderColumn.map { $0 >= width + 8 ? $0 : size.width } ?? size.width
        let width = min(width, span - 8)
        return Layout.Rectangle(row: max(2, (bottom - height) / 3), column: (span - width) / 2, width: width, height: height)
    }

    func drawBox(_ area: Layout.Rectangle, title: String, _ layout: Layout, in frame: inout Frame) {
        for row in area.rows { frame.fill(row: row, columns: area.column - 2..<area.columns.upperBound + 2) }
        guard layout.shape == .full else { return }
        let style = options.theme.focusedTitle
        let (left, right) = (area.column - 2, area.columns.upperBound + 1)
        for row in area.rows {
            frame.put("│", row: row, column: left, style: style)
            frame.put("│", row: row, column: right, style: style)
        }
        for (row, ends) in [(area.row - 1, ("┌", "┐")), (area.rows.upperBound, ("└", "┘"))] {
            frame.fill("─", row: row, columns: left..<right, style: style)
            frame.put(ends.0, row: row, column: left, style: style)
            frame.put(ends.1, row: row, column: right, style: style)
        }
        frame.put(" \(title) ", row: area.row - 1, column: area.column, style: style, limit: right)
    }
}
