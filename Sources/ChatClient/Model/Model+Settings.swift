import ChatPeer
import ChatProtocol

/// Settings: from the file at the start and at /reload, and one by one with /set.
extension Model {
    /// Takes the text of the file in. What the command line said holds nevertheless.
    mutating func takeSettings(_ text: String, at now: Moment) {
        let file = SettingsFile(text)
        adopt(file.settings)
        openStore(at: now)
        tell(file.faults, at: now)
        if file.faults.isEmpty { hint = Hint(text: "The settings are read again") }
    }

    mutating func tell(_ faults: [SettingsFile.Fault], at now: Moment) {
        guard !faults.isEmpty else { return }
        let lines = faults.map { "line \($0.line): \($0.words)" }
        note(.fault("Settings that mean nothing and change nothing:\n" + lines.joined(separator: "\n")), in: channel, at: now)
    }

    /// Everything follows the settings from now on.
    mutating func adopt(_ settings: Settings) {
        let old = options.settings
        var settings = settings
        for change in options.fixed { settings.apply(change) }
        options.settings = settings
        keyMap = KeyMap.standard.rebound(settings.bindings)
        suitTheme(colors: options.theme.terminalColors)
        if settings.mouse != old.mouse { effects.append(.mouse(settings.mouse)) }
        privates?.consent = settings.privates
        if !settings.history { store.state = .off }
        if settings.serve != options.serves {
            options.serves = settings.serve
            if desk != nil { effects.append(.sharing(.serve(settings.serve.rule(privates?.book)))) }
        }
    }

    /// The terminal has told what it draws on.
    mutating func take(_ background: Background) {
        options.background = background
        suitTheme(colors: options.theme.terminalColors)
    }

    /// Takes the theme that the user's choice means on this background.
    mutating func suitTheme(colors: Int) {
        options.theme = Theme(colors: colors, kind: options.settings.theme.kind(on: options.background))
    }

    /// `/set`, `/set KEY`, `/set KEY VALUE`, `/set bind KEY ACTION`
    mutating func runSet(_ arguments: String, at now: Moment) {
        let words = arguments.split(whereSeparator: \.isWhitespace)
        if words.isEmpty {
            acceptLine()
            effects.append(.settings(.create))
            return listSettings(at: now)
        }
        if words.count == 1, let key = SettingKey(rawValue: String(words[0])) {
            acceptLine()
            let values = key.values.map { " (" + $0.joined(separator: ", ") + ")" } ?? ""
            return note(.notice("\(key.rawValue) = \(options.settings[key])\(values)\n\(key.words)"), in: channel, at: now)
        }
        do throws(SettingFault) {
            let change = try SettingChange(arguments)
            acceptLine()
            // What is set by hand holds over what the command line said.
            options.fixed.removeAll { change.replaces($0) }
            var settings = options.settings
            settings.apply(change)
            adopt(settings)
            openStore(at: now)
            effects.append(.settings(.write(change)))
            hint =
                change.key?.holdsFromNextStart == true
                ? Hint(text: change.line + " · from the next start on", short: ["From the next start on"]) : Hint(text: change.line)
        } catch {
            refuse(error.words)
        }
    }

    private mutating func listSettings(at now: Moment) {
        var lines = SettingKey.allCases.map { "\($0.rawValue) = \(options.settings[$0])" }
        let bindings = options.settings.bindings.sorted { $0.key.name < $1.key.name }
        lines += bindings.map { SettingChange.binding($0.key, $0.value).line }
        lines.append("They are kept in \(Sanitizer.line(options.settingsPath)) · /set KEY VALUE changes one · /reload reads them again")
        note(.notice(lines.joined(separator: "\n")), in: channel, at: now)
    }

    /// The key that does something, for hints: as it is bound now.
    func key(_ action: UserAction) -> String { keyMap.key(for: action) ?? "(no key)" }

    // MARK: Words for the terminal

    /// Puts what search has found on the clipboard, or else the last message of the room.
    mutating func copy() {
        let entries = room.shown.entries
        guard let entry = foundEntry ?? entries.last(where: { $0.speaker != nil }) ?? entries.last else {
            hint = Hint(text: "Nothing to copy")
            return
        }
        effects.append(.report(.copy(entry.text)))
        hint = Hint(
            text: "Copied, if the terminal allows it: " + Sanitizer.line(entry.text),
            short: ["Copied, if the terminal allows it", "Copied"])
    }

    /// Rings, and notifies if the terminal is not looked at; each at most once a second.
    mutating func ring(_ words: String = "A private session has news", at now: Moment) {
        if let lastBell, now.uptime < lastBell.later(by: Moment.second) { return }
        let report = hasFocus ? nil : TerminalReport.notification(words, by: options.settings.notifications)
        guard options.settings.bell || report != nil else { return }
        lastBell = now.uptime
        if options.settings.bell { effects.append(.bell) }
        if let report { effects.append(.report(report)) }
    }
}
