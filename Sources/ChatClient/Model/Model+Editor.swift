import ChatProtocol

/// What became of a draft that was given to an editor.
package enum EditedDraft: Equatable, Sendable {
    case text(String)
    /// The draft is as it was, and why.
    case failed(String)
    /// The text is longer than a message may be, and kept in this file.
    case tooLong(path: String)
}

/// The draft in the user's own editor.
extension Model {
    mutating func openEditor() {
        guard editing == nil else { return }
        let draft = room.editor.text
        guard !SecretLine.hides(draft) else { return refuse("A password goes into no file: not opened in an editor") }
        editing = channel
        effects.append(.edit(draft))
    }

    /// The editor is closed. What came back is sent by Enter alone.
    mutating func takeEdited(_ draft: EditedDraft, at now: Moment) {
        guard let channel = editing else { return }
        editing = nil
        switch draft {
        case .text(let text):
            // What was for one person's eyes must not end up on another's line.
            if channel != .everyone { _ = conversation(on: channel) }
            let isChanged = with(channel) { room in
                guard room.editor.text != text else { return false }
                room.editor.set(text)
                room.heldLine = nil
                return true
            }
            if isChanged == true, !text.isEmpty { hint = Hint(text: "From the editor, not sent · Enter sends it") }
        case .failed(let words): refuse("The draft is as it was: \(Sanitizer.line(words))")
        case .tooLong(let path):
            let words =
                "What you wrote is longer than \(LineEditor.limit / 1024) KiB, the longest message. It is in \(Sanitizer.line(path))"
            note(.fault(words), in: channel, at: now)
        }
    }
}
