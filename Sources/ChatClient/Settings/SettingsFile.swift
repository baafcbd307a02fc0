/// The settings file as a value: its lines, what they set, and what is wrong with them. Writing changes the one line that must change.
package struct SettingsFile: Equatable, Sendable {
    package struct Fault: Equatable, Sendable {
        /// From 1.
        package let line: Int
        package let words: String
    }

    /// Longer files are cut: nobody has that many settings.
    private static let lineBound = 2000
    /// Faults told; the rest would tell nothing new.
    private static let faultBound = 10

    private var lines: [String]
    package private(set) var settings = Settings()
    package private(set) var faults: [Fault] = []

    package init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(Self.lineBound).map(String.init)
        if lines.last == "" { lines.removeLast() }
        for (number, line) in lines.enumerated() {
            do throws(SettingFault) {
                if let change = try Self.change(in: line) { settings.apply(change) }
            } catch {
                if faults.count < Self.faultBound { faults.append(Fault(line: number + 1, words: error.words)) }
            }
        }
    }

    package var text: String { lines.map { $0 + "\n" }.joined() }

    /// Writes a change where the file already speaks about it: in the last line that sets it, below the comment that shows it, or at the
    /// end.
    package mutating func write(_ change: SettingChange) {
        settings.apply(change)
        func isSame(_ line: String) -> Bool { (try? Self.change(in: line)).map(change.replaces) ?? false }
        if let place = lines.lastIndex(where: isSame) {
            lines[place] = change.line
        } else if let place = lines.lastIndex(where: { $0.hasPrefix("#") && isSame(String($0.dropFirst())) }) {
            lines.insert(change.line, at: place + 1)
        } else {
            lines.append(change.line)
        }
    }

    /// What a line sets; `nil` for blanks and comments.
    private static func change(in line: String) throws(SettingFault) -> SettingChange? {
        guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { return nil }
        return try SettingChange(line)
    }

    /// A new file: every setting with what it may be, as comments.
    package static let standard: SettingsFile = {
        var text = """
            # Settings of banter's full screen. One "key = value" a line; "#" begins a line that is a comment.
            # /reload reads this file again; /set KEY VALUE changes a setting at once and in here.
            """
        for key in SettingKey.allCases {
            text += "\n\n# \(key.words)"
            if let values = key.values { text += "\n# One of: " + values.joined(separator: ", ") }
            text += "\n#\(key.rawValue) = \(Settings()[key])"
        }
        text += """


            # Keys: "bind KEY ACTION", for keys such as Ctrl-O, Alt-X, F5 or Alt-PgUp; the action "none" takes a key's meaning away.
            # The actions:

            """
        for line in Wrapper.lines(UserAction.names.joined(separator: " "), width: 100) { text += "#   \(line)\n" }
        text += "#bind Ctrl-O switcher\n"
        return SettingsFile(text)
    }()
}

/// What the program has to do with the file. Whatever becomes of it comes back as an input.
package enum SettingsDeed: Equatable, Sendable {
    /// Write ``SettingsFile/standard`` if there is none.
    case create
    /// Read it and give its text to the model; there is none: an empty one.
    case read
    /// Read it, write the change into it, and save it.
    case write(SettingChange)
}
