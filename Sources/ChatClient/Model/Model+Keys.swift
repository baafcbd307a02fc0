import ChatPeer
import ChatProtocol

/// What keys do on the main screen.
extension Model {
    mutating func press(_ key: Key, at now: Moment) {
        switch key {
        case .focusIn:
            hasFocus = true
            return
        case .focusOut:
            hasFocus = false
            return
        case .background(let background): return take(background)
        case .mouse(let event) where event.kind == .drag || event.kind == .release || screen != .main:
            if screen == .main { press(event) }
            return
        default: break
        }
        let wasQuitAsked = isQuitAsked
        isQuitAsked = false
        everyone.log.isCatchingUp = false
        if conversations.indices.contains(active) { conversations[active].log.isCatchingUp = false }
        hint = nil
        if key != .tab, key != .backtab { completion = nil }

        guard screen == .main else {
            pressOnLogin(key, wasQuitAsked: wasQuitAsked, at: now)
            return
        }
        freshSince = nil
        if case .mouse(let event) = key { return press(event) }
        if overlay != nil, pressOnOverlay(key, at: now) { return }
        if help != nil, scrollHelp(key) { return }
        if let first = prefix {
            prefix = nil
            if let action = keyMap.action(for: .sequence(first, key)) {
                _ = perform(action, wasQuitAsked: wasQuitAsked, at: now)
            } else if key != .escape {
                hint = Hint(text: "\(first.name) \(key.name) does nothing")
            }
            return
        }
        if keyMap.isPrefix(key) {
            prefix = key
            hint = Hint(text: "\(key.name) …")
            return
        }
        if let action = keyMap.action(for: key), perform(action, wasQuitAsked: wasQuitAsked, at: now) { return }
        if focus == .users, choose(key) { return }
        if key == .enter {
            enter(at: now)
        } else {
            edit(key)
        }
    }

    /// What a search led to is marked no more.
    private mutating func dropFinding() {
        guard finding != nil else { return }
        finding = nil
        backdrop = nil
    }

    private mutating func edit(_ key: Key) {
        dropFinding()
        if key == .up || key == .down, moveInDraft(up: key == .up) { return }
        guard with(channel, { $0.editor.handle(key) }) == .ignored else {
            if case .paste(let text) = key { tellOfPaste(text) }
            return
        }
        let added: Int
        switch key {
        case .paste(let text): added = text.utf8.count
        case .character(let character): added = character.utf8.count
        default: return
        }
        guard room.editor.bytes + added > LineEditor.limit else { return }
        let words = "\(LineEditor.limit / 1024) KiB is the longest message"
        if case .paste = key { hint = Hint(text: "Not pasted: \(words)", isFault: true) } else { hint = Hint(text: words, isFault: true) }
    }

    /// What was pasted with newlines is sent on purpose alone.
    private mutating func tellOfPaste(_ text: String) {
        let characters = LineEditor.clean(text)
        // Blank ones are lines, too; the end of the last is not the beginning of another.
        let lines = characters.count { $0 == "\n" } + (characters.last == "\n" ? 0 : 1)
        if lines > 1 {
            hint = Hint(
                text: "\(lines) lines pasted, not sent · Enter sends them as one message", short: ["\(lines) lines · Enter sends them"])
        }
    }

    /// Carries an action out. `false` leaves the key to the line.
    private mutating func perform(_ action: UserAction, wasQuitAsked: Bool, at now: Moment) -> Bool {
        switch action {
        case .help:
            help = help == nil ? 0 : nil
            helpWords = ""
        case .focus(let pane): focus(pane)
        case .nextConversation: step(by: 1)
        case .previousConversation: step(by: -1)
        case .conversation(let number):
            if conversations.indices.contains(number - 1) {
                open(number - 1)
            } else {
                hint = Hint(text: "There is no conversation \(number)")
            }
        case .nextUnread: openNextUnread()
        case .lastConversation: if let previous { show(previous) }
        case .switcher: openSwitcher()
        case .search: beginSearch()
        case .recall: beginRecall()
        case .pageUp: scroll(.page(up: true))
        case .pageDown: scroll(.page(up: false))
        case .toTop: scroll(.toTop)
        case .toEnd: scroll(.toEnd)
        case .firstUnread: scroll(.toNew)
        case .zoom: zoom()
        case .mouse: toggleMouse()
        case .bare: showBare()
        case .copy: copy()
        case .dividerUp: moveDivider(by: -1)
        case .dividerDown: moveDivider(by: 1)
        case .complete: complete(forward: true)
        case .completeBackward: complete(forward: false)
        case .editor: openEditor()
        case .retry: retry(at: now)
        case .redraw: effects.append(.redraw)
        case .interrupt:
            if inquiry?.channel == channel { return giveUpInquiry() }
            if room.editor.isEmpty { askToQuit(wasQuitAsked, key: "Ctrl-C", at: now) } else { clearLine() }
        case .endOfInput:
            guard room.editor.isEmpty else { return false }
            askToQuit(wasQuitAsked, key: "Ctrl-D", at: now)
        case .suspend: effects.append(.suspend)
        case .escape:
            if focus == .users {
                focus = textPane
            } else if finding != nil {
                dropFinding()
            } else {
                hint = Hint(text: "\(self.key(.help)) help · \(self.key(.interrupt)) twice quits")
            }
        }
        return true
    }

    mutating func askToQuit(_ wasAsked: Bool, key: String, at now: Moment) {
        if wasAsked {
            leave(at: now)
            return
        }
        isQuitAsked = true
        let count = waitingLines
        let short = count == 0 ? [] : ["\(count) not sent · \(key) again quits", "\(key) quits: \(count) lost"]
        hint = Hint(text: unsentWords + "\(key) again quits", isFault: count > 0, short: short)
    }

    private mutating func clearLine() {
        with(channel) { room in
            room.heldLine = nil
            // Undo brings the line back, unless it was a secret.
            if SecretLine.hides(room.editor.text) { room.editor.clear() } else { room.editor.set("") }
        }
    }

    /// Logs out if possible, and ends.
    mutating func leave(at now: Moment) {
        if quitDeadline == nil {
            exitStatus = session.phase.exitStatus
            peer(.quit, at: now)
        }
        if case .ended = session.phase {
            effects.append(.quit(status: exitStatus))
        } else if quitDeadline != nil {
            effects.append(.quit(status: exitStatus))
        } else {
            quitDeadline = now.uptime + 2 * Moment.second
            tell(.logout, at: now)
        }
    }

    // MARK: Help and users

    /// Whether the open help took the key; all others go to the line, which stays alive under it.
    mutating func scrollHelp(_ key: Key) -> Bool {
        guard let line = help else { return false }
        let page = helpPage
        switch key {
        case .escape: help = nil
        case .up: help = max(0, line - 1)
        case .down: help = line + 1
        case .pageUp: help = max(0, line - page)
        case .pageDown: help = line + page
        default: return false
        }
        let last = max(0, helpLines().count - page)
        if let line = help { help = min(line, last) }
        return true
    }

    /// Whether the list of users took the key. Typing goes back to where text goes.
    private mutating func choose(_ key: Key) -> Bool {
        let users = users
        switch key {
        case .up: moveChoice(by: -1, in: users)
        case .down: moveChoice(by: 1, in: users)
        case .home: moveChoice(by: -users.count, in: users)
        case .end: moveChoice(by: users.count, in: users)
        case .enter:
            guard let chosen, chosen != me else {
                hint = Hint(text: "That is you")
                return true
            }
            open(with: chosen)
        case .character, .paste, .backspace, .alt(.enter):
            focus = textPane
            return false
        default: return false
        }
        return true
    }

    mutating func moveChoice(by count: Int, in users: [UserName]) {
        guard !users.isEmpty else {
            chosen = nil
            return
        }
        // Somebody who left is remembered by place.
        let place = chosen.flatMap { name in users.firstIndex(of: name) ?? users.firstIndex { $0 > name } } ?? 0
        chosen = users[max(0, min(users.count - 1, place + count))]
    }
}
