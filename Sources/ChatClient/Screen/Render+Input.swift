/// The input: a prompt that says where text goes, and the draft behind it, in as many rows as it needs and may have.
extension Model {
    /// The draft, or what stands in its place for a while.
    func drawInput(_ place: Layout.Rectangle, in frame: inout Frame) {
        switch overlay {
        case .search(let search): draw(search.query, behind: "search ▸ ", place, in: &frame)
        case .recall(let recall): draw(recall, place, in: &frame)
        case .switcher, .finder, .bare, nil: drawDraft(place, in: &frame)
        }
    }

    private func draw(_ query: LineEditor, behind prompt: String, _ place: Layout.Rectangle, in frame: inout Frame) {
        let end = place.columns.upperBound
        let column = frame.put(prompt, row: place.row, column: place.column, style: options.theme.prompt, limit: end)
        let (text, cursor) = query.window(width: max(1, end - column))
        frame.put(text, row: place.row, column: column, style: options.theme.text, limit: end, isVerbatim: true)
        frame.cursor = Frame.Place(row: place.row, column: min(column + cursor, end - 1))
    }

    /// What was typed to find a line, and the line.
    private func draw(_ recall: Recall, _ place: Layout.Rectangle, in frame: inout Frame) {
        let theme = options.theme
        let end = place.columns.upperBound
        let query = DisplayWidth.truncated(recall.query.text, width: max(1, place.width / 3))
        let name = place.width >= 40 ? "typed before " : ""
        var column = frame.put("\(name)“", row: place.row, column: place.column, style: theme.prompt, limit: end)
        column = frame.put(query, row: place.row, column: column, style: theme.text, limit: end, isVerbatim: true)
        frame.cursor = Frame.Place(row: place.row, column: min(column, end - 1))
        column = frame.put("” ▸ ", row: place.row, column: column, style: theme.prompt, limit: end)
        let line = DisplayWidth.truncated(Sanitizer.line(recall.line ?? ""), width: max(0, end - column))
        frame.put(line, row: place.row, column: column, style: theme.text, limit: end, isVerbatim: true)
        for range in SearchPattern(recall.query.text)?.ranges(in: line) ?? [] {
            let start = column + DisplayWidth.cells(line[..<range.lowerBound])
            frame.put(line[range], row: place.row, column: start, style: theme.match, limit: end, isVerbatim: true)
        }
    }

    /// The prompt where the input is so wide, and how wide it leaves the draft.
    func prompt(width: Int) -> (text: String, rest: Int) {
        var text = destination + (isSpoken ? ": " : " ▸ ")
        if width - DisplayWidth.cells(text) < 10 { text = isSpoken ? "> " : "▸ " }
        return (text, max(1, width - DisplayWidth.cells(text)))
    }

    /// How many rows the draft wants, as far as there may be so many.
    var inputRows: Int {
        guard screen == .main else { return 1 }
        switch overlay {
        case .search, .recall: return 1
        case .switcher, .finder, .bare, nil: break
        }
        let most = Layout.mostInputRows(height: size.height)
        // Asked for with every key, and with every message that comes: what is surely short is not looked at.
        if most == 1 || inRoom({ $0.editor.isEmpty }) { return 1 }
        let width = prompt(width: Layout.inputWidth(width: size.width, height: size.height)).rest
        return inRoom { room in
            if room.editor.surelyFits(width: width) { return 1 }
            return min(most, InputRows(room.editor, width: width, bound: most).ranges.count)
        }
    }

    /// Whether the cursor went to another row of the draft.
    mutating func moveInDraft(up: Bool) -> Bool {
        let input = layout.input
        guard input.height > 1 else { return false }
        let width = prompt(width: input.width).rest
        return with(channel) { $0.editor.moveRow(up: up, width: width) } ?? false
    }

    private func drawDraft(_ place: Layout.Rectangle, in frame: inout Frame) {
        let theme = options.theme
        let prompt = prompt(width: place.width).text
        let style = channel.isPrivate ? theme.privatePrompt : theme.prompt
        let end = place.columns.upperBound
        let column = frame.put(prompt, row: place.row, column: place.column, style: style, limit: end)
        var editor = inRoom { $0.editor }
        let isSecret = SecretLine.hides(editor.characters)
        if isSecret { editor.maskArguments() }
        guard place.height > 1 else {
            let (text, cursor) = editor.window(width: end - column)
            frame.put(text, row: place.row, column: column, style: theme.text, limit: end, isVerbatim: !isSecret)
            frame.cursor = Frame.Place(row: place.row, column: column + cursor)
            return
        }
        let rows = InputRows(editor, width: end - column)
        let first = rows.firstShown(height: place.height)
        for (row, range) in zip(place.rows, rows.ranges[first...]) {
            frame.put(editor.text(of: range), row: row, column: column, style: theme.text, limit: end, isVerbatim: !isSecret)
        }
        // Rows that are not shown are told of where the prompt leaves room, or over the last blank before the draft.
        guard !isSpoken else {
            frame.cursor = Frame.Place(row: place.row + rows.cursorRow - first, column: column + rows.cursorColumn)
            return
        }
        if first > 0 { frame.put("↑", row: place.row, column: column - 1, style: theme.dim, limit: end) }
        if first + place.height < rows.ranges.count {
            frame.put("↓", row: place.rows.upperBound - 1, column: column - 1, style: theme.dim, limit: end)
        }
        frame.cursor = Frame.Place(row: place.row + rows.cursorRow - first, column: column + rows.cursorColumn)
    }
}
