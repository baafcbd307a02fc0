import ChatProtocol

/// The login screen.
extension Model {
    private static let labelWidth = 10

    func drawLogin(in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        let width = min(64, frame.width - 2)
        let left = (frame.width - width) / 2
        // From the middle down; on a low screen without the blanks.
        let isLow = frame.height < 14
        var row = isLow ? 0 : max(0, frame.height / 2 - 6)
        let last = frame.height - 1
        if DisplayWidth.cells(server) <= width - Self.labelWidth {
            frame.put("Banter", row: row, column: left, style: theme.focusedTitle)
            frame.put(server, row: row, column: left + Self.labelWidth, style: theme.dim)
        } else {
            // To whom the password goes is more than what this is.
            frame.put(DisplayWidth.truncated(server, width: width), row: row, column: left, style: theme.focusedTitle)
        }
        row += isLow ? 1 : 2

        if let fingerprint = login.fingerprint {
            let lines = Self.question(fingerprint, width: width, height: frame.height - row - (hint == nil ? 0 : 1))
            for (line, isFingerprint) in lines {
                frame.put(line, row: row, column: left, style: isFingerprint ? theme.mention : theme.text)
                row += 1
            }
            frame.cursor = Frame.Place(row: max(0, min(row, frame.height) - 1), column: left)
            if let hint { frame.put(Wording.fitting(width, [hint.text] + hint.short), row: last, column: left, style: theme.hint) }
            return
        }
        field("Name", login.name, .name, row: row, left: left, width: width, in: &frame)
        field("Password", login.password, .password, row: row + 1, left: left, width: width, in: &frame)
        row += isLow ? 2 : 3
        var lines: [(text: Substring, style: Style)] = []
        if let fault = login.fault { lines += Wrapper.lines(fault, width: width).map { ($0, theme.fault) } }
        if let hint { lines += Wrapper.lines(hint.text, width: width).map { ($0, theme.hint) } }
        for line in lines.prefix(max(0, frame.height - row)) {
            frame.put(line.text, row: row, column: left, style: line.style)
            row += 1
        }
        // Gives way to what there is to say.
        if row <= last { drawLoginStatus(row: last, left: left, width: width, in: &frame, at: now) }
    }

    /// Whether to trust a server that is not known: as much of it as there is room for, but always the whole fingerprint.
    static func question(_ fingerprint: String, width: Int, height: Int) -> [(line: String, isFingerprint: Bool)] {
        func wrapped(_ text: String) -> [(line: String, isFingerprint: Bool)] {
            Wrapper.lines(text, width: width).map { (String($0), false) }
        }
        let key = Wrapper.lines(fingerprint, width: width).map { (line: String($0), isFingerprint: true) }
        let blank = [(line: "", isFingerprint: false)]
        let before = wrapped("This server is not known here. Its key has the fingerprint")
        let after = wrapped("The server prints it when it starts. If they are the same, y trusts it from now on; n goes back.")
        let versions = [
            before + blank + key + blank + after, before + key + after,
            wrapped("Unknown server:") + key + wrapped("Does it print the same? y trusts it, n goes back"),
            key + wrapped("y trusts, n: back"),
        ]
        return versions.first { $0.count <= height } ?? versions[versions.count - 1]
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
            let words = editor.isEmpty ? "" : login.isTried && !isLoggingIn ? "(tried; Enter tries it again)" : "(typed)"
            let isWide = width - Self.labelWidth >= words.utf8.count + 2
            frame.put(isWide ? words : "", row: row, column: column + 2, style: theme.dim, limit: left + width)
            if isFocused { frame.cursor = Frame.Place(row: row, column: column) }
        }
    }

    private func drawLoginStatus(row: Int, left: Int, width: Int, in frame: inout Frame, at now: Moment) {
        let theme = options.theme
        let (words, style): (String, Style)
        switch session.phase {
        case .idle, .ended, .confirming:
            let versions = [
                "Enter goes on · Tab changes the field · F1 helps · Ctrl-C twice quits",
                "Enter goes on · Tab changes the field · Ctrl-C twice quits",
                "Enter goes on · Ctrl-C twice quits",
                "Ctrl-C twice quits",
            ]
            (words, style) = (Wording.fitting(width, versions), theme.dim)
        default:
            let state = connection(at: now)
            (words, style) = (Wording.fitting(width, state.0), state.1)
        }
        frame.put(DisplayWidth.truncated(words, width: width), row: row, column: left, style: style)
    }
}
