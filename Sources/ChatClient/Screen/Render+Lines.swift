import ChatProtocol

/// The status line and the input line.
extension Model {
    func drawStatus(_ place: Layout.Rectangle, in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        var (lefts, leftStyle) = context(at: now)
        var (rights, rightStyle) = connection(at: now)
        if isSpoken {
            lefts = lefts.map(Spoken.words)
            rights = rights.map(Spoken.words)
        }
        let isImportant = rightStyle == theme.warning
        // What is wrong with the connection is always said, in as many words as it can have, and gives way only to a word about the last
        // key; what is right gives way to everything.
        let remaining = max(0, place.width - DisplayWidth.cells(lefts.first ?? "") - 2)
        var most = remaining
        if isImportant, hint == nil {
            most = max(place.width / 2, remaining)
            // Rather than in the fewest words, at the cost of what else there is to say.
            if !rights.dropLast().contains(where: { DisplayWidth.cells($0) <= most }) {
                most = max(most, place.width - 2 - Self.leastForContext, min(place.width, DisplayWidth.cells(rights.last ?? "")))
            }
        }
        let fits = rights.contains { DisplayWidth.cells($0) <= most }
        let right = fits || isImportant ? Wording.fitting(most, rights) : ""
        if right.isEmpty { rightStyle = theme.status }
        let cells = DisplayWidth.cells(right)
        let room = right.isEmpty ? place.width : place.width - cells - 2
        // A beginning of a word beside it says nothing.
        let left = room < Self.leastForContext && !right.isEmpty ? "" : Wording.fitting(room, lefts)
        frame.put(left, row: place.row, column: place.column, style: leftStyle)
        frame.put(right, row: place.row, column: place.columns.upperBound - cells, style: rightStyle, limit: place.columns.upperBound)
    }

    private static let leastForContext = 8

    /// What there is to say about where the user is, or about the last key, in several lengths.
    private func context(at now: Moment) -> ([String], Style) {
        let theme = options.theme
        if let hint { return ([hint.text] + hint.short, hint.isFault ? theme.warning : theme.hint) }
        switch overlay {
        case .switcher: return (["↑ ↓ choose · Enter goes there · Esc closes"], theme.status)
        case .search(let search): return ([search.words], theme.hint)
        case .recall(let recall):
            let isFound = recall.line != nil || recall.query.isEmpty
            let lost = isFound ? "" : "Not found · "
            let long = "\(lost)↑ older ↓ newer · Enter takes the line · Esc goes back"
            return ([long, "\(lost)↑ older ↓ newer · Enter takes it", "\(lost)↑ older ↓ newer"], theme.hint)
        case .finder(let finder): return ([words(of: finder)], theme.hint)
        case .bare, nil: break
        }
        if let seconds = inactivityWarning(at: now) {
            let versions = [
                "Inactive: logged out in \(seconds) s unless you send something", "Logged out in \(seconds) s unless you send",
                "Logged out in \(seconds) s", "Logout in \(seconds) s",
            ]
            return (versions, theme.warning)
        }
        if let words = heldHint { return (words, theme.warning) }
        if let words = commandHint { return (words, theme.hint) }
        if let words = askingWords { return (words, theme.warning) }
        if focus == .users {
            let long = "↑ ↓ choose · Enter opens a conversation · Esc goes back"
            return ([long, "↑ ↓ choose · Enter opens · Esc back", "↑ ↓ choose · Enter"], theme.status)
        }
        if arrangement.isZoomed { return ([zoomedContext], theme.status) }
        switch channel {
        case .everyone: return (["Everyone · \(key(.help)) help"], theme.status)
        case .private(let name): return privateContext(name, at: now)
        case .direct(let name):
            guard isOnline else { return ([name.text], theme.status) }
            if blocked.contains(name) {
                return (["You block \(name) · /unblock hears \(name) again", "You block \(name)", "blocked by you"], theme.warning)
            }
            if room.isRefused, !roster.contains(name) {
                let versions = [
                    "\(name) has blocked you: messages are refused", "has blocked you: messages are refused", "messages are refused",
                    "refused",
                ]
                return (versions, theme.warning)
            }
            let more = privates == nil || isInPrivateSession(.private(name)) ? "" : " · /startprivate: just you two"
            if roster.contains(name) { return ([name.text + " · online" + more], theme.status) }
            switch room.existence {
            case .unsure: return (["\(name) · not online", "not online"], theme.status)
            case .certain:
                return (["\(name) · not online, messages wait", "not online, messages wait", "away: messages wait"], theme.status)
            case .none: return (["There is no user \(name)", "No such user"], theme.warning)
            }
        }
    }

    /// What the panes that are not shown would have said.
    private var zoomedContext: String {
        let unread = unreadElsewhere.count
        return unread == 0 ? "\(key(.zoom)) shows all panes" : "\(unread) unread elsewhere · \(key(.nextUnread)) goes there"
    }

    /// The truth about the connection, in several lengths; the shortest has what matters.
    func connection(at now: Moment) -> ([String], Style) {
        let theme = options.theme
        let waiting = waitingLines
        let lines = waiting == 0 ? "" : waiting == 1 ? " · 1 line waits" : " · \(waiting) lines wait"
        switch session.phase {
        case .idle: return (["not connected"], theme.status)
        case .connecting: return (["connecting to \(server)…" + lines, "connecting…" + lines, "connecting…"], theme.warning)
        case .loggingIn: return (["logging in…" + lines, "logging in…"], theme.warning)
        case .online(let online):
            let security = online.security
            if let lag = lagWords(at: now) {
                return ([lag + lines + " · \(online.name)@\(server) · \(security.words)", lag + lines, lag], theme.warning)
            }
            return (["\(online.name)@\(server) · \(security.words)", security.words, security.fewWords], theme.status)
        case .waiting(let until, let reason):
            let seconds = Self.seconds(until: until, at: now.uptime)
            let when = seconds == 0 ? "reconnecting" : "reconnecting in \(seconds) s"
            let few = seconds == 0 ? "reconnecting" : "offline, \(seconds) s"
            let now = seconds == 0 || !inRoom { $0.editor.isEmpty } ? "" : " · Enter: now"
            let all = when + lines + " · " + Sanitizer.line(reason)
            return ([all + now, all, when + lines + now, when + now, when, few], theme.warning)
        case .confirming: return (["unknown server"], theme.warning)
        case .ended(.loggedOut): return (["logged out"], theme.status)
        case .ended(.inactivity):
            let versions = [
                "logged out for inactivity · Enter logs in again", "logged out · Enter logs in again", "inactive: Enter logs in",
                "Enter logs in again",
            ]
            return (versions, theme.warning)
        case .ended(.replaced):
            let versions = [
                "your session goes on elsewhere · Enter takes it back", "goes on elsewhere · Enter takes it back",
                "elsewhere: Enter takes it",
                "Enter takes it back",
            ]
            return (versions, theme.warning)
        case .ended: return (["not logged in"], theme.warning)
        }
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

    fileprivate var fewWords: String {
        switch self {
        case .tlsVerified, .tlsPinned: words
        case .plaintext: "not encrypted"
        }
    }
}
