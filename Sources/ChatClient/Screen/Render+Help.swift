/// The help, made from the key map and the table of commands: first what one needs, then everything.
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

    /// The first line that is shown: on a screen that has grown there may be fewer to go.
    private func firstHelpLine(of count: Int) -> Int { max(0, min(help ?? 0, count - helpPage)) }

    /// How many lines are on a page.
    var helpPage: Int { max(1, helpArea.height) }

    /// Which page is shown, in several lengths.
    var helpTitles: [String] {
        let count = helpLines().count
        let pages = max(1, (count + helpPage - 1) / helpPage)
        let first = firstHelpLine(of: count)
        let page = first >= max(0, count - helpPage) ? pages : min(pages, first / helpPage + 1)
        if isSpoken { return ["Help, page \(page) of \(pages). Esc closes", "Help, page \(page) of \(pages)"] }
        let what = helpWords.isEmpty ? "Help" : "Help on “\(helpWords)”"
        let more = page < pages ? " · PgDn goes on" : ""
        return [
            " \(what) · page \(page) of \(pages) · Esc closes\(more) · /help WORD searches ",
            " \(what) · page \(page) of \(pages) · Esc closes\(more) ", " Help · page \(page) of \(pages) · Esc closes ",
            " Help \(page)/\(pages) · Esc ", " Help \(page)/\(pages) ",
        ]
    }

    /// What one needs to begin with; what no key does and no command is left out.
    private var essentials: [(String, String)] {
        func keys(_ actions: UserAction...) -> String { actions.compactMap { keyMap.key(for: $0) }.joined(separator: " ") }
        func command(_ name: String) -> String {
            if let entry = CommandTable.entry(named: name) { return "/" + entry.usage }
            return Self.localCommands.first { $0.name == name }.map { "/\($0.name) \($0.arguments)" } ?? ""
        }
        let entries = [
            ("Enter", "says what you have typed. The prompt says to whom: “\(destination) ▸”"),
            ("/msg USER", "opens a conversation with one person; or choose one: \(keys(.focus(.users))), then Enter"),
            (
                keys(.focus(.everyone), .focus(.conversations)),
                "to everyone, to the conversations; \(keys(.nextConversation)) is the next one"
            ),
            (keys(.nextUnread), "goes to what you have not read"),
            (command("startprivate"), "just you two, past the server. It is kept nowhere (/set history-private on: on this machine)"),
            (command("register"), "offers a file; /searchfile NAME tells who has one, /download NAME fetches it"),
            (keys(.search), "searches what was said here, \(command("search")) in all conversations"),
            (keys(.pageUp), "what was said before"),
            (keys(.interrupt) + " twice", "leaves, as does /quit"),
            ("/help WORD", "looks for a word in this help; PgDn shows all keys and commands, Esc closes it"),
        ]
        return entries.filter { !$0.0.isEmpty && !$0.0.hasPrefix(" ") }
    }

    /// The lines of help at the present width: those with the words that are looked for, if any are.
    func helpLines() -> [HelpLine] {
        let width = helpArea.width
        let isNarrow = width < Self.keysWidth * 2
        let pattern = SearchPattern(helpWords.lowercased())
        var lines: [HelpLine] = []
        func section(_ title: String, _ entries: [(String, String)]) {
            let entries = entries.filter { pattern?.occurs(in: "\($0.0) \($0.1)") ?? true }
            guard !entries.isEmpty else { return }
            if !lines.isEmpty { lines.append(HelpLine()) }
            lines.append(HelpLine(left: title, isHeading: true))
            for (left, right) in entries {
                if isNarrow {
                    lines += Wrapper.lines(left, width: width).map { HelpLine(left: String($0)) }
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
        if pattern == nil { section("What one needs", essentials) }
        section("Keys", keyMap.help.map { ($0.keys, $0.words) })
        section("On the line", keyMap.editing.map { ($0.keys, $0.words) })
        section(
            "Commands",
            CommandTable.entries.map { ("/" + $0.usage, $0.summary) }
                + Self.localCommands.map { ("/" + $0.name + ($0.arguments.isEmpty ? "" : " " + $0.arguments), $0.words) })
        section("Settings: /set KEY VALUE", SettingKey.allCases.map { ($0.rawValue, $0.words) })
        if lines.isEmpty {
            lines = Wrapper.lines("Nothing here has “\(helpWords)” in it.", width: width).map { HelpLine(right: String($0)) }
        }
        return lines
    }

    /// `/help`, `/help WORD`: a command's name may have its slash.
    mutating func openHelp(on words: String = "") {
        acceptLine()
        help = 0
        helpWords = DisplayWidth.truncated(Sanitizer.line(words.hasPrefix("/") ? String(words.dropFirst()) : words), width: 30)
    }

    func drawHelp(_ layout: Layout, in frame: inout Frame) {
        guard help != nil else { return }
        let theme = options.theme
        let area = helpArea
        let lines = helpLines()
        let first = firstHelpLine(of: lines.count)
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
