package import ChatProtocol

/// The picture of the model.
extension Model {
    /// Draws everything for a screen of this size. Changes nothing but what it remembers for the next time: wrapped lines, and when
    /// the words of the status line will change by themselves.
    ///
    /// - Parameter isDraftFirst: what has come since the last picture may be left for the next one (``isPictureOutdated``), if that shows
    ///   sooner what was typed.
    package mutating func render(width: Int, height: Int, now: Moment, isDraftFirst: Bool = false) -> Frame {
        size = (max(0, width), max(0, height))
        markSeen()
        planChange(at: now)
        let layout = layout
        if let backdrop, isDraftFirst || !backdrop.isOutdated, backdrop.layout == layout, backdrop.theme == options.theme, canKeepBackdrop {
            return drawDraft(on: backdrop, layout, at: now)
        }
        backdrop = nil
        var frame = Frame(width: size.width, height: size.height)
        frame.isSpoken = isSpoken
        guard layout.shape != .unusable else {
            drawTooSmall(in: &frame)
            return frame
        }
        switch screen {
        case .login: drawLogin(in: &frame, at: now)
        case .main:
            if case .bare(let bare) = overlay {
                drawBare(bare, in: &frame)
                return frame
            }
            tabs = TabStrip()
            if layout.shape == .full { drawBorders(layout, in: &frame) }
            drawFooter(layout, in: &frame)
            if help != nil {
                drawHelp(layout, in: &frame)
                drawTitles(layout, beside: [:], in: &frame)
            } else {
                let marks = drawRooms(layout, in: &frame)
                drawTitles(layout, beside: marks, in: &frame)
                drawUsers(layout, in: &frame)
            }
            drawTransfers(layout.transfers, in: &frame)
            drawStatus(layout.status, in: &frame, at: now)
            drawInput(layout.input, in: &frame)
            if case .switcher(let switcher) = overlay { drawSwitcher(switcher, layout, in: &frame) }
            if case .finder(let finder) = overlay { drawFinder(finder, layout, in: &frame) }
            if isSpoken, overlay == nil, help == nil, let row = chosenRow(layout) { frame.cursor = Frame.Place(row: row, column: 0) }
            if canKeepBackdrop {
                backdrop = Backdrop(frame: frame, layout: layout, theme: options.theme, statusEnd: statusEnd(at: now))
            }
        }
        return frame
    }

    private func drawTooSmall(in frame: inout Frame) {
        let words = ["Too small: make it \(Layout.least.width)×\(Layout.least.height)", "Too small", "…"]
        let text = words.first { DisplayWidth.cells($0) <= frame.width } ?? ""
        frame.put(text, row: frame.height / 2, column: 0, style: options.theme.warning)
    }

    private func drawBorders(_ layout: Layout, in frame: inout Frame) {
        let style = options.theme.border
        let right = frame.width - 1
        let bottom = frame.height - 1
        let statusBorder = layout.statusBorderRow ?? bottom
        func line(_ row: Int, _ left: String, _ end: String, to column: Int) {
            frame.fill("─", row: row, columns: 1..<column, style: style)
            frame.put(left, row: row, column: 0, style: style)
            frame.put(end, row: row, column: column, style: style)
        }
        for row in 1..<bottom {
            frame.put("│", row: row, column: 0, style: style)
            frame.put("│", row: row, column: right, style: style)
        }
        line(0, "┌", "┐", to: right)
        line(statusBorder, "├", "┤", to: right)
        line(bottom, "└", "┘", to: right)
        if let column = layout.usersBorderColumn {
            for row in 1..<statusBorder { frame.put("│", row: row, column: column, style: style) }
            frame.put("┬", row: 0, column: column, style: style)
            frame.put("┴", row: statusBorder, column: column, style: style)
        }
        if let row = layout.tabsRow, help == nil { line(row, "├", "┤", to: layout.usersBorderColumn ?? right) }
    }

    // MARK: Titles

    /// - Parameter marks: the columns, by their rows, from which on another thing stands in the row of a title.
    private mutating func drawTitles(_ layout: Layout, beside marks: [Int: Int], in frame: inout Frame) {
        let theme = options.theme
        let isFull = layout.shape == .full
        var end = isFull ? (layout.usersBorderColumn ?? frame.width - 1) : frame.width
        let column = isFull ? 2 : 0
        // Where one pane is shown, what came elsewhere is told beside its title; read aloud, in it.
        if !isFull, !isSpoken { end = drawUnread(before: marks[0] ?? end, in: &frame) ?? end }
        if isSpoken, help == nil, focus != .users {
            frame.put(spokenTitle, row: 0, column: 0, style: theme.focusedTitle, limit: marks[0] ?? end)
        } else if help != nil {
            let width = end - column
            let title = Wording.fitting(width, helpTitles)
            frame.put(title, row: 0, column: column, style: theme.focusedTitle, limit: end)
        } else if isFull || focus == .everyone {
            var title = " Everyone "
            if everyone.log.unread > 0 { title = " Everyone (\(everyone.log.unread)\(everyone.log.hasMention ? ", you" : "")) " }
            frame.put(
                title, row: 0, column: column, style: focus == .everyone ? theme.focusedTitle : theme.title,
                limit: min(end, marks[0] ?? end))
        } else if focus == .conversations {
            drawTabs(row: 0, columns: 0..<min(end, marks[0] ?? end), in: &frame)
        }
        if layout.users != nil, isFull || help == nil {
            let count = isOnline ? " Online · \(roster.count + 1) " : " Online · ? "
            let start = layout.usersBorderColumn.map { $0 + 2 } ?? 0
            frame.put(
                count, row: 0, column: start, style: focus == .users ? theme.focusedTitle : theme.title,
                limit: isFull ? frame.width - 1 : frame.width)
        }
        if let row = layout.tabsRow, help == nil {
            drawTabs(row: row, columns: 2..<max(2, min(end - 1, marks[row] ?? end)), in: &frame)
        }
    }

    /// The conversations by number, with the one shown in brackets, as many as fit around it.
    private mutating func drawTabs(row: Int, columns: Range<Int>, in frame: inout Frame) {
        let theme = options.theme
        guard !conversations.isEmpty else {
            frame.put(" Conversations ", row: row, column: columns.lowerBound, style: theme.title, limit: columns.upperBound)
            return
        }
        let end = columns.upperBound
        tabs = TabStrip(row: row, columns: columns, active: active, count: conversations.count, label: tabLabel)
        // What is unread in those that have no room.
        let hidden = unread(outside: tabs)
        if hidden > 0, columns.count > 16 {
            let words = "(\(hidden))"
            tabs = TabStrip(
                row: row, columns: columns.lowerBound..<end - words.count, active: active, count: conversations.count, label: tabLabel)
            if let column = tabs.moreColumn {
                let words = "(\(unread(outside: tabs)))"
                frame.put(words, row: row, column: min(column + 1, end - words.count), style: theme.unread, limit: end)
            }
        }
        if tabs.hasBefore { frame.put("‹", row: row, column: columns.lowerBound, style: theme.dim) }
        for tab in tabs.tabs {
            frame.put(tabLabel(tab.index), row: row, column: tab.columns.lowerBound, style: tabStyle(tab.index), limit: end)
        }
        if let column = tabs.moreColumn { frame.put("›", row: row, column: column, style: theme.dim, limit: end) }
    }

    private func tabLabel(_ index: Int) -> String {
        let room = conversations[index]
        let unread = isAsking(room) ? " asks" : room.log.unread > 0 ? " (\(room.log.unread))" : ""
        let text = "\(index + 1) \(room.isPrivate ? "🔒" : "")\(room.partner?.text ?? "")\(warning(of: room))\(unread)"
        return index == active ? "[\(text)]" : " \(text) "
    }

    private func tabStyle(_ index: Int) -> Style {
        let theme = options.theme
        let room = conversations[index]
        let isActive = index == active
        if isActive, focus == .conversations { return room.isPrivate ? theme.privatePrompt : theme.focusedTitle }
        if room.log.unread > 0 || isAsking(room) { return theme.unread }
        let own = room.isPrivate ? theme.privateTitle : theme.title
        return isActive ? own.with(.bold) : own
    }
}
