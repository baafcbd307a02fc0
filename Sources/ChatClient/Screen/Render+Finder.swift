import ChatProtocol

/// The list, in a box over the panes: the newest at the bottom, as everywhere, and below it what is typed.
extension Model {
    func words(of finder: Finder) -> String {
        if finder.query.text.isEmpty { return "Type what to look for in all conversations · Esc closes" }
        if finder.lines.isEmpty { return finder.found.isLooking ? "Looking…" : "Not found in the stored history · Esc closes" }
        return
            "\(finder.chosen + 1) of \(finder.lines.count)\(finder.found.isAll ? "" : "+") · ↑ older ↓ newer · Enter goes there · Esc closes"
    }

    func drawFinder(_ finder: Finder, _ layout: Layout, in frame: inout Frame) {
        let theme = options.theme
        let area = box(rows: max(3, min(20, finder.lines.count + 1)), width: max(52, size.width - 16), layout)
        drawBox(area, title: "Search in all conversations", layout, in: &frame)
        let end = area.columns.upperBound
        let bottom = area.row + max(0, area.height - 1)
        let column = frame.put("▸ ", row: bottom, column: area.column, style: theme.prompt, limit: end)
        let (text, cursor) = finder.query.window(width: max(1, end - column))
        frame.put(text, row: bottom, column: column, style: theme.text, limit: end)
        frame.cursor = Frame.Place(row: bottom, column: min(column + cursor, frame.width - 1))
        let height = area.height - 1
        guard height > 0 else { return }
        let first = finder.firstShown(height: height)
        for (place, line) in finder.lines.enumerated().dropFirst(first).prefix(height) {
            let row = bottom - 1 - (place - first)
            let civil = options.timeZone.civil(line.time)
            let day = area.width >= 50 ? "\(civil.shortDay) \(civil.year) " : ""
            var next = frame.put("\(day)\(civil.clock) ", row: row, column: area.column, style: theme.time, limit: end)
            next = frame.put(Self.origin(of: line) + " ", row: row, column: next, style: theme.title, limit: end)
            let text = DisplayWidth.truncated(Sanitizer.line(line.text), width: max(0, end - next))
            frame.put(text, row: row, column: next, style: theme.text, limit: end)
            for range in SearchPattern(finder.query.text)?.ranges(in: text) ?? [] {
                frame.put(text[range], row: row, column: next + DisplayWidth.cells(text[..<range.lowerBound]), style: theme.match)
            }
            if place == finder.chosen { frame.emphasise(.reverse, row: row, columns: area.columns) }
        }
    }

    /// Who said it, and to whom.
    private static func origin(of line: StoredLine) -> String {
        switch (line.channel, line.sender) {
        case (.everyone, let sender): "\(sender?.text ?? "me"):"
        case (.direct(let name), nil): "me → \(name):"
        case (.direct(let name), _?): "\(name) → me:"
        case (.private(let name), nil): "me → 🔒\(name):"
        case (.private(let name), _?): "🔒\(name) → me:"
        }
    }
}
