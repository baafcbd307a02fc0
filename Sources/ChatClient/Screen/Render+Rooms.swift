import ChatProtocol

/// What was said, who is there.
extension Model {
    mutating func drawRooms(_ layout: Layout, in frame: inout Frame) {
        if let pane = layout.everyone {
            let metrics = metrics(for: everyone, width: pane.width)
            draw(&everyone.log, in: pane, metrics, empty: ["Nothing said yet."], belowAt: layout.tabsRow ?? layout.topRow, of: &frame)
        }
        guard let pane = layout.conversation else { return }
        guard conversations.indices.contains(active) else {
            drawLines(Self.welcome, in: pane, &frame)
            return
        }
        let metrics = metrics(for: conversations[active], width: pane.width)
        let name = conversations[active].partner?.text ?? ""
        draw(
            &conversations[active].log, in: pane, metrics, empty: ["Nothing said yet. What you write here goes to \(name) alone."],
            belowAt: layout.statusBorderRow ?? layout.topRow, of: &frame)
    }

    /// What somebody who sees this for the first time needs: how to move, how to send, how to get help.
    private static let welcome = [
        "F2 everyone · F3 conversation · F4 users: where text goes",
        "/msg NAME opens a conversation · Tab completes · Enter sends",
        "F1 shows all keys and commands",
    ]

    private func drawLines(_ lines: [String], in pane: Layout.Rectangle, _ frame: inout Frame) {
        let wrapped = lines.flatMap { Wrapper.lines($0, width: pane.width) }
        for (row, line) in zip(pane.rows, wrapped) {
            frame.put(line, row: row, column: pane.column, style: options.theme.dim, limit: pane.columns.upperBound)
        }
    }

    private func draw(
        _ log: inout Log, in pane: Layout.Rectangle, _ metrics: LogMetrics, empty: [String], belowAt row: Int, of frame: inout Frame
    ) {
        guard !log.isEmpty else {
            drawLines(empty, in: pane, &frame)
            return
        }
        let (rows, below) = log.visible(height: pane.height, metrics)
        for (row, content) in zip(pane.rows, rows) { draw(content, row: row, in: pane, of: &frame) }
        guard !log.isAtEnd else { return }
        let words = below > 0 ? " \(below) more below ↓ " : " more below ↓ "
        let column = pane.columns.upperBound - DisplayWidth.cells(words)
        frame.put(words, row: row, column: max(pane.column, column), style: options.theme.unread, limit: pane.columns.upperBound)
    }

    private func draw(_ content: LogRow, row: Int, in pane: Layout.Rectangle, of frame: inout Frame) {
        let end = pane.columns.upperBound
        if content.isRule, let piece = content.pieces.first {
            frame.fill("─", row: row, columns: pane.columns, style: piece.style)
            let words = DisplayWidth.truncated(" \(piece.text) ", width: pane.width)
            frame.put(
                words, row: row, column: pane.column + (pane.width - DisplayWidth.cells(words)) / 2, style: piece.style, limit: end)
            return
        }
        for piece in content.pieces {
            frame.put(piece.text, row: row, column: pane.column + piece.column, style: piece.style, limit: end)
        }
    }

    // MARK: Users

    func drawUsers(_ layout: Layout, in frame: inout Frame) {
        guard let pane = layout.users else { return }
        let theme = options.theme
        let users = users
        // The chosen one is always shown; the last row says how many are not.
        var first = 0
        var capacity = pane.height
        if users.count > capacity { capacity -= 1 }
        if focus == .users, let chosen, let place = users.firstIndex(of: chosen), place >= capacity { first = place - capacity + 1 }
        let end = min(users.count, first + max(0, capacity))
        for (row, name) in zip(pane.rows, users[first..<end]) {
            let isHere = isOnline && (name == me || roster.contains(name))
            let unread = unread(from: name)
            let count = unread > 0 ? "\(unread)" : ""
            let sign = isHere ? "●" : "○"
            frame.put(sign, row: row, column: pane.column, style: isHere ? theme.online : theme.offline)
            let room = pane.width - 2 - (count.isEmpty ? 0 : count.utf8.count + 1)
            frame.put(
                DisplayWidth.truncated(name.text, width: room), row: row, column: pane.column + 2,
                style: !isHere ? theme.offline : name == me ? theme.own : theme.name(name), limit: pane.columns.upperBound)
            frame.put(count, row: row, column: pane.columns.upperBound - count.utf8.count, style: theme.unread)
            if focus == .users, name == chosen { frame.emphasise(.reverse, row: row, columns: pane.columns) }
        }
        if end - first < users.count {
            frame.put(
                "and \(users.count - (end - first)) more", row: pane.rows.upperBound - 1, column: pane.column, style: theme.dim,
                limit: pane.columns.upperBound)
        }
    }
}
