import ChatProtocol

/// Scrolling, which needs to know how the rooms are laid out.
extension Model {
    /// Scrolls what has the focus.
    mutating func scroll(_ move: Log.Move) {
        if focus == .users {
            let users = users
            let page = max(1, (layout.users?.height ?? 2) - 1)
            switch move {
            case .page(let up): moveChoice(by: up ? -page : page, in: users)
            case .toTop: moveChoice(by: -users.count, in: users)
            case .toEnd: moveChoice(by: users.count, in: users)
            case .toNew, .to, .rows: break
            }
            return
        }
        if move == .toNew, room.shown.newLine == nil { hint = Hint(text: "Nothing new here") }
        scroll(move, in: channel)
    }

    /// Scrolls a room, if it is shown.
    mutating func scroll(_ move: Log.Move, in channel: Channel) {
        let layout = layout
        guard let pane = channel == .everyone ? layout.everyone : layout.conversation else { return }
        guard let metrics = metrics(in: channel, width: pane.width) else { return }
        if move == .toEnd { with(channel) { $0.leavePast() } }
        with(channel) { $0.shown.scroll(move, height: pane.height, metrics) }
        if room(on: channel)?.past.isShown == true { return moveWindow(move, in: channel, height: pane.height, metrics) }
        if move.isUp { wantOlderHistory(in: channel, height: pane.height, metrics) }
    }

    func metrics(in channel: Channel, width: Int) -> LogMetrics? {
        if channel == .everyone { return metrics(for: everyone, width: width) }
        return conversations.first { $0.channel == channel }.map { metrics(for: $0, width: width) }
    }

    func metrics(for room: Room, width: Int) -> LogMetrics {
        var metrics = LogMetrics(
            width: width, longestName: room.shown.longestName, deliveredThrough: room.deliveredThrough, isOnline: isOnline,
            theme: options.theme, timeZone: options.timeZone)
        metrics.clock = options.settings.clock
        metrics.retryKey = key(.retry)
        metrics.isSpoken = isSpoken
        metrics.hasLinks = options.settings.links == .on || options.settings.links == .auto && options.knowsLinks
        if let (pattern, found) = highlight(in: room.channel) {
            metrics.pattern = pattern
            metrics.found = found
        }
        return metrics
    }

    var isOnline: Bool { if case .online = session.phase { true } else { false } }
}
