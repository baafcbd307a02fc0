import ChatProtocol

/// The login screen.
extension Model {
    private static let labelWidth = 10

    func drawLogin(in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        let width = min(64, frame.width - 2)
        let left = (frame.width - width) / 2
        var lines: [(text: String, style: Style)] = []
        func say(_ text: String, _ style: Style) {
            for line in Wrapper.lines(text, width: width) { lines.append((String(line), style)) }
        }

        // From the middle down; on a low screen without the blanks.
        let isLow = frame.height < 14
        var row = isLow ? 0 : max(0, frame.height / 2 - 6)
        frame.put("Banter", row: row, column: left, style: theme.focusedTitle)
        frame.put(
            DisplayWidth.truncated(server, width: width - Self.labelWidth), row: row, column: left + Self.labelWidth, style: theme.dim)
        row += isLow ? 1 : 2

        if let fingerprint = login.fingerprint {
            say("This server is not known here. Its key has the fingerprint", theme.text)
            if !isLow { say("", theme.text) }
            say(fingerprint, theme.mention)
            if !isLow { say("", theme.text) }
            say("The server prints it when it starts. If they are the same, y trusts it from now on; n goes back.", theme.text)
        } else {
            field("Name", login.name, .name, row: row, left: left, width: width, in: &frame)
            field("Password", login.password, .password, row: row + 1, left: left, width: width, in: &frame)
            row += isLow ? 2 : 3
            if let fault = login.fault { say(fault, theme.fault) }
            if let hint { say(hint.text, theme.hint) }
        }
        let last = frame.height - 1
        for line in lines where row < last {
            frame.put(line.text, row: row, column: left, style: line.style)
            row += 1
        }
        if login.fingerprint != nil { frame.cursor = Frame.Place(row: max(0, min(row, last) - 1), column: left) }
        drawLoginStatus(row: last, left: left, width: width, in: &frame, at: now)
    }

    private func field(
        _ label: String, _ editor: LineEditor, _ field: LoginForm.Field, row: Int, left: Int, width: Int, in frame: inout Frame
    ) {
        let theme = options.theme
        let isFocused = login.field == field
        frame.put(label, row: row, column: left, style: isFocused ? theme.prompt : theme.dim)
        let column = left + Self.labelWidth
        if field == .name {
            let (text, cursor) = editor.window(width: max(1, width - Self.labelWidth))
            frame.put(text, row: row, column: column, style: theme.text, limit: left + width)
            if isFocused { frame.cursor = Frame.Place(row: row, column: column + cursor) }
        } else {
            // Not even its length is shown.
            let words = editor.isEmpty ? "" : login.isTried ? "(tried; Enter tries it again)" : "(typed)"
            let isWide = width - Self.labelWidth >= words.utf8.count + 2
            frame.put(isWide ? words : "", row: row, column: column + 2, style: theme.dim, limit: left + width)
            if isFocused { frame.cursor = Frame.Place(row: row, column: column) }
        }
    }

    private func drawLoginStatus(row: Int, left: Int, width: Int, in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        let (words, style): (String, Style)
        switch session.phase {
        case .idle, .ended, .confirming: (words, style) = ("Enter goes on · Tab changes the field · Ctrl-C twice quits", theme.dim)
        default: (words, style) = connection(at: now)
        }
        frame.put(DisplayWidth.truncated(words, width: width), row: row, column: left, style: style)
    }
}
