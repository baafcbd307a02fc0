import ChatProtocol

/// What is typed while a login is on its way: it is meant for the screen behind the form and becomes the draft there. It changes nothing
/// of what was submitted and submits nothing, for every wrong attempt counts; and nothing but Enter on that screen sends it, for it may
/// have been the password once more.
extension Model {
    /// After so long without a key the next one is no part of what was typed before.
    private static let pause = Moment.second

    /// The server has been given name and password, or is about to be.
    var isLoggingIn: Bool {
        switch session.phase {
        case .connecting, .loggingIn: true
        case .idle, .waiting, .confirming, .online, .ended: false
        }
    }

    mutating func beginTypingAhead() {
        login.isUnderWay = true
        login.ahead.clear()
        login.lastAhead = nil
    }

    /// The login has come to nothing. What was typed for the screen behind it goes, and with it what is still being typed: it is neither
    /// a password nor an answer to what the form says now.
    mutating func endTypingAhead() {
        login.isUnderWay = false
        if login.ahead.isEmpty { login.lastAhead = nil } else { tellOfDropped() }
        login.ahead.clear()
    }

    /// Puts what was typed into the line of the main screen.
    mutating func takeTypedAhead() {
        login.isUnderWay = false
        var lines = login.ahead.text.split(separator: "\n", omittingEmptySubsequences: false).filter { $0 != password }
        login.ahead.clear()
        login.lastAhead = nil
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return }
        with(channel) { _ = $0.editor.handle(.paste(lines.joined(separator: "\n"))) }
        hint = Hint(text: "Typed before the login, not sent · Enter sends it", short: ["Not sent yet · Enter sends it", "Not sent yet"])
    }

    /// Whether the key was for the screen behind the form.
    mutating func pressAhead(_ key: Key, wasQuitAsked: Bool, at now: Moment) -> Bool {
        let isTyping = login.lastAhead.map { now.uptime < $0.later(by: Self.pause) } ?? false
        if case .confirming = session.phase {
            // Nobody answers a question in the middle of a word.
            guard login.isUnderWay, login.fingerprint != nil, isTyping, key.isTyped else { return false }
        } else if !login.isUnderWay {
            guard isTyping, key.isTyped else { return false }
            login.lastAhead = now.uptime
            tellOfDropped()
            return true
        }
        switch key {
        case .control("c"):
            login.ahead.clear()
            askToQuit(wasQuitAsked, key: "Ctrl-C", at: now)
            return true
        case .control("d") where login.ahead.isEmpty: return false
        case .tab, .backtab, .up, .down, .escape:
            // Back to the form, on purpose; completion has to wait.
            if key != .escape, !login.ahead.isEmpty { return true }
            login.ahead.clear()
            login.lastAhead = nil
            login.isUnderWay = false
            return key == .escape
        case .enter where login.ahead.isEmpty:
            if case .waiting = session.phase { tell(.reconnectNow, at: now) }
            return true
        case .function(1): return false
        case .enter: _ = login.ahead.handle(.alt(.enter))
        default: _ = login.ahead.handle(key)
        }
        guard !login.ahead.isEmpty else { return true }
        login.lastAhead = now.uptime
        hint = Hint(text: "Logging in first · what you type now will be your draft · Esc goes back to the form")
        return true
    }

    private mutating func tellOfDropped() { hint = Hint(text: "What you typed during the login is dropped") }
}

extension Key {
    /// Whether it is one of those that text is typed with.
    fileprivate var isTyped: Bool {
        switch self {
        case .character, .paste, .enter, .alt(.enter), .backspace, .tab: true
        default: false
        }
    }
}
