import ChatProtocol

/// What the mouse does: a click goes where it points, the wheel scrolls what is under it, and the divider can be dragged.
extension Model {
    private static let wheelRows = 3

    private enum Target: Equatable {
        case everyone, conversation, users
        case user(UserName)
        case tab(Int)
        case divider
        case input(row: Int, column: Int)
        case nothing
    }

    mutating func toggleMouse() {
        options.settings.mouse.toggle()
        effects.append(.mouse(options.settings.mouse))
        hint = Hint(
            text: options.settings.mouse
                ? "The mouse works here" : "The mouse is the terminal's: it selects text · \(key(.mouse)) takes it back",
            short: options.settings.mouse
                ? [] : ["The terminal's mouse · \(key(.mouse)): back", "Mouse off · \(key(.mouse))"])
    }

    mutating func press(_ event: MouseEvent) {
        switch overlay {
        case .switcher(let switcher):
            if press(event, on: switcher) { return }
        case .search, .recall, .finder:
            if event.kind == .press { overlay = nil }
        case .bare, nil: break
        }
        if help != nil {
            if case .wheel(let up) = event.kind { for _ in 0..<Self.wheelRows { _ = scrollHelp(up ? .up : .down) } }
            return
        }
        switch event.kind {
        case .press: click(target(of: event))
        case .drag: if isDragging { putDivider(at: event.row) }
        case .release: isDragging = false
        case .wheel(let up):
            let rows = up ? -Self.wheelRows : Self.wheelRows
            switch target(of: event) {
            case .everyone: scroll(.rows(rows), in: .everyone)
            case .conversation, .tab, .divider:
                if conversations.indices.contains(active) { scroll(.rows(rows), in: conversations[active].channel) }
            case .user, .users:
                focus(.users)
                moveChoice(by: up ? -1 : 1, in: users)
            case .input: _ = moveInDraft(up: up)
            case .nothing: break
            }
        }
    }

    private mutating func click(_ target: Target) {
        switch target {
        case .everyone: focus(.everyone)
        case .conversation: focus(.conversations)
        case .users: focus(.users)
        case .user(let name):
            chosen = name
            if name == me { hint = Hint(text: "That is you") } else { open(with: name) }
        case .tab(let index): open(index)
        case .divider: isDragging = !conversations.isEmpty
        case .input(let row, let column): placeCursor(row: row, column: column)
        case .nothing: break
        }
    }

    private mutating func placeCursor(row: Int, column: Int) {
        if focus == .users { focus = textPane }
        let height = layout.input.height
        let width = prompt(width: layout.input.width).rest
        with(channel) { room in
            guard height > 1 else { return room.editor.placeInWindow(column: column, width: width) }
            let rows = InputRows(room.editor, width: width)
            let place = rows.firstShown(height: height) + row
            guard rows.ranges.indices.contains(place) else { return }
            room.editor.place(inRow: rows.ranges[place], column: column)
        }
    }

    private func target(of event: MouseEvent) -> Target {
        let layout = layout
        let (row, column) = (event.row, event.column)
        func isIn(_ place: Layout.Rectangle?) -> Bool {
            guard let place else { return false }
            // The padding belongs to the pane.
            return place.rows.contains(row) && (place.columns.lowerBound - 1...place.columns.upperBound).contains(column)
        }
        if let index = tabs.index(row: row, column: column), !conversations.isEmpty { return .tab(index) }
        if isIn(layout.input) {
            let start = layout.input.column + layout.input.width - prompt(width: layout.input.width).rest
            return .input(row: row - layout.input.row, column: max(0, column - start))
        }
        if isIn(layout.users), let pane = layout.users {
            let shown = shownUsers(in: pane, of: users)
            let place = shown.lowerBound + row - pane.row
            return shown.contains(place) ? .user(users[place]) : .users
        }
        if isIn(layout.everyone) { return .everyone }
        if isIn(layout.conversation) { return .conversation }
        let end = layout.usersBorderColumn ?? size.width
        if row == layout.tabsRow, column < end { return .divider }
        guard row == layout.topRow, layout.shape != .unusable else { return .nothing }
        return column > end || layout.shape == .single && focus == .users ? .users : layout.everyone == nil ? .conversation : .everyone
    }

    private mutating func press(_ event: MouseEvent, on switcher: Switcher) -> Bool {
        var switcher = switcher
        let matches = matches(of: switcher)
        let area = switcherArea(matches: matches.count, layout)
        switch event.kind {
        case .wheel(let up):
            switcher.chosen = max(0, min(matches.count - 1, switcher.chosen + (up ? -1 : 1)))
            overlay = .switcher(switcher)
        case .press:
            guard area.rows.contains(event.row), area.columns.contains(event.column) else {
                overlay = nil
                return false
            }
            let place = switcher.firstShown(of: matches.count, height: area.height - 1) + event.row - area.row - 1
            guard event.row > area.row, matches.indices.contains(place) else { return true }
            overlay = nil
            go(to: matches[place].target)
        case .drag, .release: break
        }
        return true
    }
}

extension LineEditor {
    /// Puts the cursor where the field of one row shows this column.
    mutating func placeInWindow(column: Int, width: Int) {
        var cells = column - window(width: width).cursorColumn
        while cells < 0, cursor > 0 {
            cursor -= 1
            cells += Self.cells(characters[cursor])
        }
        while cells > 0, cursor < characters.count, Self.cells(characters[cursor]) <= cells {
            cells -= Self.cells(characters[cursor])
            cursor += 1
        }
        run = .other
    }
}
