/// The help, made from the key map and the table of commands.
extension Model {
    struct HelpLine: Equatable, Sendable {
        var left = ""
        var right = ""
        var isHeading = false
    }

    private static let keysWidth = 22

    private var helpArea: Layout.Rectangle {
        let layout = layout
        let isFull = layout.shape == .full
        let end = layout.statusBorderRow ?? max(1, size.height - 2)
        let right = isFull ? (layout.usersBorderColumn ?? size.width - 1) - 1 : size.width
        let column = isFull ? 2 : 0
        return Layout.Rectangle(row: 1, column: column, width: max(1, right - column), height: max(0, end - 1))
    }

    /// The lines of help at the present width.
    func helpLines() -> [HelpLine] {
        let width = helpArea.width
        let isNarrow = width < Self.keysWidth * 2
        var lines: [HelpLine] = []
        func section(_ title: String, _ entries: [(String, String)]) {
            if !lines.isEmpty { lines.append(HelpLine()) }
            lines.append(HelpLine(left: title, isHeading: true))
            for (left, right) in entries {
                if isNarrow {
                    lines.append(HelpLine(left: left))
                    lines += Wrapper.lines(right, width: width - 2).map { HelpLine(right: String($0)) }
                    continue
                }
                for (number, line) in Wrapper.lines(right, width: width - Self.keysWidth).enumerated() {
                    let fits = DisplayWidth.cells(left) < Self.keysWidth - 1
                    if number == 0, !fits { lines.append(HelpLine(left: left)) }
                    lines.append(HelpLine(left: number == 0 && fits ? left : "", right: String(line)))
                }
            }
        }
        section("Keys", keyMap.help.map { ($0.keys, $0.words) })
        section("On the line", keyMap.editing.map { ($0.keys, $0.words) })
        section(
            "Commands",
            CommandTable.entries.map { ("/" + $0.usage, $0.summary) }
                + Self.localCommands.map { ("/" + $0.name + ($0.arguments.isEmpty ? "" : " " + $0.arguments), $0.words) })
        return lines
    }

    func drawHelp(_ layout: Layout, in frame: inout Frame) {
        guard let first = help else { return }
        let theme = options.theme
        let area = helpArea
        let lines = helpLines()
        let isNarrow = area.width < Self.keysWidth * 2
        for (row, line) in zip(area.rows, lines.dropFirst(first)) {
            frame.put(
                line.left, row: row, column: area.column, style: line.isHeading ? theme.focusedTitle : theme.prompt,
                limit: area.columns.upperBound)
            frame.put(
                line.right, row: row, column: area.column + (isNarrow ? 2 : Self.keysWidth), style: theme.text,
                limit: area.columns.upperBound)
        }
        // Beside it; where there is one pane, help has it.
        if layout.shape == .full { drawUsers(layout, in: &frame) }
    }
}
