import ChatProtocol

/// The picture before, for as long as nothing on it can be different but the draft and the status line: most keys are letters, and what they
/// do must not wait for the drawing of all the rest.
struct Backdrop: Sendable {
    let frame: Frame
    let layout: Layout
    let theme: Theme
    /// Until when, as uptime, the status line stays as it is while nothing has to be said about the draft.
    let statusEnd: UInt64
    /// Something came that may have to be seen on it.
    var isOutdated = false
}

extension Model {
    /// The last picture lacks something that has come.
    package var isPictureOutdated: Bool { backdrop?.isOutdated ?? false }

    /// Notes what the input may have changed on the screen. What is neither news nor a key for the draft has all drawn anew.
    mutating func outdateBackdrop(by input: Input) {
        switch input {
        case .key(let key): if !changesDraftAlone(key) { backdrop = nil }
        case .link, .peer, .sharing, .trouble, .history, .tick: backdrop?.isOutdated = true
        case .settings, .names, .edited, .resize, .terminate: backdrop = nil
        }
    }

    /// Whether what is drawn beside the draft and the status line stays as it is when the draft changes.
    var canKeepBackdrop: Bool { screen == .main && overlay == nil && help == nil && focus != .users }

    // Not inlined where the model changes: there it would be copied first.
    @inline(never)
    private func changesDraftAlone(_ key: Key) -> Bool {
        guard canKeepBackdrop, prefix == nil, freshSince == nil else { return false }
        switch key {
        case .character, .backspace, .left, .right: return keyMap.action(for: key) == nil && !keyMap.isPrefix(key)
        default: return false
        }
    }

    /// When the status line that is drawn now may be another although only the draft has changed.
    func statusEnd(at now: Moment) -> UInt64 { speaksOfDraft ? 0 : nextChange ?? .max }

    /// Whether what the status line says may be about the draft or the last key.
    private var speaksOfDraft: Bool {
        // What Enter does meanwhile depends on it.
        if case .waiting = session.phase { return true }
        return hint != nil || inRoom { $0.heldLine != nil || $0.editor.characters.first == "/" }
    }

    func drawDraft(on backdrop: Backdrop, _ layout: Layout, at now: Moment) -> Frame {
        var frame = backdrop.frame
        if speaksOfDraft || now.uptime >= backdrop.statusEnd {
            for row in layout.status.rows { frame.fill(row: row, columns: layout.status.columns) }
            drawStatus(layout.status, in: &frame, at: now)
        }
        for row in layout.input.rows { frame.fill(row: row, columns: layout.input.columns) }
        drawInput(layout.input, in: &frame)
        return frame
    }
}
