import ChatProtocol

/// What was said, who is there.
extension Model {
    /// Who scrolled up and has all that is below on the screen, as that has grown, is at the end again.
    private mutating func settleAtEnd(_ channel: Channel) {
        guard overlay == nil else { return }
        with(channel) { room in
            if room.log.anchor != nil, room.log.isEndShown, !room.past.isShown { room.log.anchor = nil }
        }
        // Before the titles say what is unread.
        markSeen()
    }

    /// Returns the columns, by their rows, where it is said that there is more below: titles end before them.
    mutating func drawRooms(_ layout: Layout, in frame: inout Frame) -> [Int: Int] {
        var marks: [Int: Int] = [:]
        if let pane = layout.everyone {
            let metrics = metrics(for: everyone, width: pane.width)
            var log = pane
            if welcomesInRoom {
                let tips = welcome(width: pane.width).prefix(pane.height)
                log.height -= tips.count
                let below = Layout.Rectangle(row: log.rows.upperBound, column: pane.column, width: pane.width, height: tips.count)
                drawLines(Array(tips), in: below, &frame)
            }
            if log.height > 0 {
                let rows = everyone.shown.visible(height: log.height, metrics)
                settleAtEnd(.everyone)
                draw(rows, in: log, empty: [everyone.shown.isHidden ? clearedWords : "Nothing said yet."], of: &frame)
            }
            let row = layout.tabsRow ?? layout.topRow
            marks[row] = drawMore(below: everyone, row: row, in: pane, isShort: layout.shape == .single, of: &frame)
        }
        guard let pane = layout.conversation else { return marks }
        guard conversations.indices.contains(active) else {
            drawLines(welcome(width: pane.width), in: pane, &frame)
            return marks
        }
        keepRows(of: conversations[active].channel)
        let metrics = metrics(for: conversations[active], width: pane.width)
        let rows = conversations[active].shown.visible(height: pane.height, metrics)
        settleAtEnd(conversations[active].channel)
        draw(rows, in: pane, empty: [conversations[active].shown.isHidden ? clearedWords : conversations[active].whereLinesGo], of: &frame)
        let row = layout.statusBorderRow ?? layout.topRow
        marks[row] = drawMore(below: conversations[active], row: row, in: pane, isShort: layout.shape == .single, of: &frame)
        return marks
    }

    private var clearedWords: String { "Cleared · \(key(.pageUp)) brings it back" }

    /// Of the conversations, the one that is shown alone remembers how it was drawn.
    private mutating func keepRows(of channel: Channel) {
        guard drawnConversation != channel else { return }
        if let drawnConversation { with(drawnConversation) { $0.log.drawn = nil } }
        drawnConversation = channel
    }

    /// Says how much is below what the reader has scrolled to; returns the column where that begins.
    private func drawMore(below room: Room, row: Int, in pane: Layout.Rectangle, isShort: Bool, of frame: inout Frame) -> Int? {
        let log = room.shown
        if log.isEndShown, !room.past.isShown { return nil }
        guard room.past.isShown || !log.isAtEnd, !log.isEmpty else { return nil }
        let count = log.below > 0 ? "\(log.below) " : ""
        let words =
            switch (room.past.isShown, isSpoken, isShort) {
            case (false, true, _): " \(count)more below "
            case (false, false, true): " \(count)↓ "
            case (false, false, false): " \(count)more below ↓ "
            case (true, true, _): " stored history, \(key(.toEnd)) now "
            case (true, false, true): " stored ↓ "
            case (true, false, false): " stored history · \(key(.toEnd)) now ↓ "
            }
        let column = max(pane.column, pane.columns.upperBound - DisplayWidth.cells(words))
        frame.put(words, row: row, column: column, style: options.theme.unread, limit: pane.columns.upperBound)
        return column
    }

    private func drawLines(_ lines: [String], in pane: Layout.Rectangle, _ frame: inout Frame) {
        let wrapped = lines.flatMap { Wrapper.lines($0, width: pane.width) }
        for (row, line) in zip(pane.rows, wrapped) {
            frame.put(line, row: row, column: pane.column, style: options.theme.dim, limit: pane.columns.upperBound)
        }
    }

    /// Takes rows, not the log: to change that while the model is looked at would copy all of its entries.
    private func draw(_ rows: [LogRow], in pane: Layout.Rectangle, empty: [String], of frame: inout Frame) {
        guard !rows.isEmpty else {
            drawLines(empty, in: pane, &frame)
            return
        }
        for (row, content) in zip(pane.rows, rows) { draw(content, row: row, in: pane, of: &frame) }
    }

    func draw(_ content: LogRow, row: Int, in pane: Layout.Rectangle, of frame: inout Frame) {
        let end = pane.columns.upperBound
        if content.isRule, let piece = content.pieces.first {
            if isSpoken {
                let words = piece.text == "new" ? "New messages:" : piece.text
                frame.put(words, row: row, column: pane.column, style: piece.style, limit: end)
                return
            }
            frame.fill("─", row: row, columns: pane.columns, style: piece.style)
            let words = DisplayWidth.truncated(" \(piece.text) ", width: pane.width)
            frame.put(
                words, row: row, column: pane.column + (pane.width - DisplayWidth.cells(words)) / 2, style: piece.style, limit: end)
            return
        }
        for piece in content.pieces {
            let start = pane.column + piece.column
            let last = frame.put(piece.text, row: row, column: start, style: piece.style, limit: end, isVerbatim: piece.isSaid)
            if let link = piece.link { frame.link(row: row, columns: start..<max(start, last), to: link, identity: content.entry) }
        }
    }

    // MARK: Users

    /// The chosen one is always shown; the last row says how many are not.
    func shownUsers(in pane: Layout.Rectangle, of users: [UserName]) -> Range<Int> {
        var first = 0
        var capacity = pane.height
        if users.count > capacity { capacity -= 1 }
        if focus == .users, let chosen, let place = users.firstIndex(of: chosen), place >= capacity { first = place - capacity + 1 }
        return first..<min(users.count, first + max(0, capacity))
    }

    func drawUsers(_ layout: Layout, in frame: inout Frame) {
        guard let pane = layout.users else { return }
        let theme = options.theme
        let users = users
        let shown = shownUsers(in: pane, of: users)
        if isSpoken {
            for (row, name) in zip(pane.rows, users[shown]) { frame.put(spoken(name), row: row, column: 0, style: theme.text) }
            if shown.count < users.count {
                frame.put("and \(users.count - shown.count) more", row: pane.rows.upperBound - 1, column: 0, style: theme.dim)
            }
            return
        }
        for (row, name) in zip(pane.rows, users[shown]) {
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
        if shown.count < users.count {
            frame.put(
                "and \(users.count - shown.count) more", row: pane.rows.upperBound - 1, column: pane.column, style: theme.dim,
                limit: pane.columns.upperBound)
        }
    }
}

extension Room {
    fileprivate var whereLinesGo: String {
        let name = partner?.text ?? ""
        return isPrivate
            ? "What you write here goes to \(name) past the server, encrypted from your client to theirs."
            : "Nothing said yet. What you write here goes to \(name) alone, through the server. "
                + "/startprivate opens a session past it, encrypted from your client to theirs."
    }
}
