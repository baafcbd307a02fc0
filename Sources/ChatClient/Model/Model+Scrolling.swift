import ChatProtocol

/// Scrolling, which needs to know how the rooms are laid out.
extension Model {
    mutating func scroll(_ move: Log.Move) {
        let layout = layout
        if focus == .users {
            let users = users
            let page = max(1, (layout.users?.height ?? 2) - 1)
            switch move {
            case .page(let up): moveChoice(by: up ? -page : page, in: users)
            case .toTop: moveChoice(by: -users.count, in: users)
            case .toEnd: moveChoice(by: users.count, in: users)
            case .toNew, .to: break
            }
            return
        }
        let channel = channel
        guard let pane = channel == .everyone ? layout.everyone : layout.conversation else { return }
        if move == .toNew, room.log.newLine == nil { hint = Hint(text: "Nothing new here") }
        let metrics = metrics(for: room, width: pane.width)
        with(channel) { $0.log.scroll(move, height: pane.height, metrics) }
        if move == .page(up: true) || move == .toTop { wantOlderHistory(in: channel, height: pane.height, metrics) }
    }

    func metrics(for room: Room, width: Int) -> LogMetrics {
        var metrics = LogMetrics(
            width: width, longestName: room.log.longestName, deliveredThrough: room.deliveredThrough, isOnline: isOnline,
            theme: options.theme, timeZone: options.timeZone)
        if let (pattern, found) = highlight(in: room.channel) {
            metrics.pattern = pattern
            metrics.found = found
        }
        return metrics
    }

    var isOnline: Bool { if case .online = session.phase { true } else { false } }
}
