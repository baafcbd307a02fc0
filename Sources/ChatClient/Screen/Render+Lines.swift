import ChatProtocol

/// The status line and the input line.
extension Model {
    func drawStatus(_ place: Layout.Rectangle, in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        var (left, leftStyle) = context(at: now)
        var (right, rightStyle) = connection(at: now)
        if isSpoken {
            left = Spoken.words(left)
            right = Spoken.words(right)
        }
        let isImportant = rightStyle == theme.warning
        let needed = DisplayWidth.cells(left)
        // What is wrong with the connection is always said, in full or at its beginning, and gives way only to a word about the last key;
        // what is right gives way to everything.
        let remaining = max(0, place.width - needed - 2)
        let most = isImportant && hint == nil ? max(place.width / 2, remaining) : remaining
        let cells = DisplayWidth.cells(right)
        if cells > most { right = isImportant ? DisplayWidth.truncated(right, width: most) : shortConnection(fitting: most) }
        if right.isEmpty { rightStyle = theme.status }
        let end = place.columns.upperBound - DisplayWidth.cells(right)
        let room = right.isEmpty ? place.width : place.width - DisplayWidth.cells(right) - 2
        frame.put(DisplayWidth.truncated(left, width: room), row: place.row, column: place.column, style: leftStyle)
        frame.put(right, row: place.row, column: end, style: rightStyle, limit: place.columns.upperBound)
    }

    /// What there is to say about where the user is, or about the last key.
    private func context(at now: Moment) -> (String, Style) {
        let theme = options.theme
        if let hint { return (hint.text, hint.isFault ? theme.warning : theme.hint) }
        switch overlay {
        case .switcher: return ("↑ ↓ choose · Enter goes there · Esc closes", theme.status)
        case .search(let search): return (search.words, theme.hint)
        case .recall(let recall):
            let isFound = recall.line != nil || recall.query.isEmpty
            return ((isFound ? "" : "Not found · ") + "↑ older ↓ newer · Enter takes the line · Esc goes back", theme.hint)
        case .finder(let finder): return (words(of: finder), theme.hint)
        case .bare, nil: break
        }
        if let seconds = inactivityWarning(at: now) {
            return ("Inactive: logged out in \(seconds) s unless you send something", theme.warning)
        }
        if let words = commandHint { return (words, theme.hint) }
        if focus == .users { return ("↑ ↓ choose · Enter opens a conversation · Esc goes back", theme.status) }
        if arrangement.isZoomed { return (zoomedContext, theme.status) }
        switch channel {
        case .everyone: return ("Everyone · \(key(.help)) help", theme.status)
        case .private(let name): return privateContext(name, at: now)
        case .direct(let name):
            guard isOnline else { return (name.text, theme.status) }
            let more = privates == nil || isInPrivateSession(.private(name)) ? "" : " · /startprivate: just you two"
            if roster.contains(name) { return (name.text + " · online" + more, theme.status) }
            switch room.existence {
            case .unsure: return (name.text + " · not online", theme.status)
            case .certain: return (name.text + " · not online, messages wait", theme.status)
            case .none: return ("There is no user \(name)", theme.warning)
            }
        }
    }

    /// What the panes that are not shown would have said.
    private var zoomedContext: String {
        let unread = (conversations.map(\.log) + [everyone.log]).reduce(0) { $0 + $1.unread }
        return unread == 0 ? "\(key(.zoom)) shows all panes" : "\(unread) unread elsewhere · \(key(.nextUnread)) goes there"
    }

    /// The truth about the connection.
    func connection(at now: Moment) -> (String, Style) {
        let theme = options.theme
        let waiting = waitingLines
        let lines = waiting == 0 ? "" : waiting == 1 ? " · 1 line waits" : " · \(waiting) lines wait"
        switch session.phase {
        case .idle: return ("not connected", theme.status)
        case .connecting: return ("connecting to \(server)…" + lines, theme.warning)
        case .loggingIn: return ("logging in…" + lines, theme.warning)
        case .online(let online):
            if let lag = lagWords(at: now) {
                return (lag + lines + " · \(online.name)@\(server) · \(online.security.words)", theme.warning)
            }
            return ("\(online.name)@\(server) · \(online.security.words)", theme.status)
        case .waiting(let until, let reason):
            let seconds = Self.seconds(until: until, at: now.uptime)
            let when = seconds == 0 ? "reconnecting" : "reconnecting in \(seconds) s"
            return (when + lines + " · " + Sanitizer.line(reason), theme.warning)
        case .confirming: return ("unknown server", theme.warning)
        case .ended(.loggedOut): return ("logged out", theme.status)
        case .ended(.inactivity): return ("logged out for inactivity · Enter logs in again", theme.warning)
        case .ended(.replaced): return ("your session goes on elsewhere · Enter takes it back", theme.warning)
        case .ended: return ("not logged in", theme.warning)
        }
    }

    private func shortConnection(fitting width: Int) -> String {
        guard case .online(let online) = session.phase else { return "" }
        return DisplayWidth.cells(online.security.words) <= width ? online.security.words : ""
    }

    var server: String {
        let host = Sanitizer.line(options.host)
        return options.port == 12346 ? host : "\(host.contains(":") ? "[\(host)]" : host):\(options.port)"
    }
}

extension LinkSecurity {
    var words: String {
        switch self {
        case .tlsVerified, .tlsPinned: "TLS"
        case .plaintext: "plain text, not encrypted"
        }
    }
}
