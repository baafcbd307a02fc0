/// The bare view: what one pane says and nothing around it, still, for the terminal's own selection.
struct Bare: Sendable {
    let channel: Channel
    /// The reader was at the end, and is again afterwards.
    let wasAtEnd: Bool
}

extension Model {
    mutating func showBare() {
        if focus == .users { focus = textPane }
        let wasAtEnd = room.shown.isAtEnd
        // What comes meanwhile must not move what is being selected.
        with(channel) { room in
            if wasAtEnd, let last = room.shown.entries.last { room.shown.anchor = Log.Anchor(entry: last.number, row: .max / 4) }
        }
        if options.settings.mouse { effects.append(.mouse(false)) }
        open(.bare(Bare(channel: channel, wasAtEnd: wasAtEnd)))
    }

    mutating func leaveBare(_ bare: Bare) {
        overlay = nil
        if bare.wasAtEnd { with(bare.channel) { $0.shown.anchor = nil } }
        if options.settings.mouse { effects.append(.mouse(true)) }
    }

    mutating func drawBare(_ bare: Bare, in frame: inout Frame) {
        let area = Layout.Rectangle(row: 0, column: 0, width: frame.width, height: max(0, frame.height - 1))
        guard let metrics = metrics(in: bare.channel, width: area.width) else { return }
        let rows = with(bare.channel) { $0.shown.visible(height: area.height, metrics) } ?? []
        for (row, content) in zip(area.rows, rows) { draw(content, row: row, in: area, of: &frame) }
        let words = DisplayWidth.truncated("Any key goes back", width: frame.width)
        frame.put(words, row: frame.height - 1, column: frame.width - DisplayWidth.cells(words), style: options.theme.dim)
    }
}
