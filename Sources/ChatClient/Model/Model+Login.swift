import ChatProtocol

/// What keys do on the login screen.
extension Model {
    mutating func pressOnLogin(_ key: Key, wasQuitAsked: Bool, at now: Moment) {
        switch key {
        case .control("l"):
            effects.append(.redraw)
            return
        case .control("z"):
            effects.append(.suspend)
            return
        default: break
        }
        if pressAhead(key, wasQuitAsked: wasQuitAsked, at: now) { return }
        if login.fingerprint != nil {
            confirm(key, wasQuitAsked: wasQuitAsked, at: now)
            return
        }
        let isEmpty = login.field == .name ? login.name.isEmpty : login.password.isEmpty
        switch key {
        case .control("c"):
            // Twice quits, whatever is in the field.
            if !isEmpty { clearField() }
            askToQuit(wasQuitAsked, key: "Ctrl-C", at: now)
        case .control("d") where isEmpty: askToQuit(wasQuitAsked, key: "Ctrl-D", at: now)
        case .tab, .backtab, .up, .down: login.field = login.field == .name ? .password : .name
        case .enter:
            if login.field == .name, !login.name.isEmpty, login.password.isEmpty {
                login.field = .password
            } else {
                submitLogin(at: now)
            }
        case .alt(.enter): break
        case .function(1):
            hint = Hint(
                text: "Type your name, Enter, your password, Enter. Whoever runs the server makes accounts (banterd user add)",
                short: ["Name, Enter, password, Enter"])
        case .escape: hint = Hint(text: "Ctrl-C twice quits")
        case .paste(let text):
            // A password copied with its line's end must not fail for it.
            _ = login.edit(.paste(String(text.filter { !$0.isNewline })))
        default: _ = login.edit(key)
        }
    }

    private mutating func clearField() {
        switch login.field {
        case .name: login.name.clear()
        case .password: login.password.clear()
        }
        login.isTried = false
    }

    mutating func submitLogin(at now: Moment) {
        guard let name = UserName(login.name.text) else {
            login.fault = login.name.isEmpty ? nil : "A name has 1 to 32 of A-Z a-z 0-9 _ . -"
            login.field = .name
            return
        }
        guard !login.password.isEmpty else {
            login.field = .password
            return
        }
        login.fault = nil
        login.isTried = true
        password = login.password.text
        beginTypingAhead()
        tell(.login(name: name, password: password), at: now)
        // Declined before, the question comes again.
        if case .confirming(let fingerprint) = session.phase { login.fingerprint = Sanitizer.line(fingerprint) }
    }

    private mutating func confirm(_ key: Key, wasQuitAsked: Bool, at now: Moment) {
        switch key {
        case .character("y"), .character("Y"):
            login.fingerprint = nil
            if case .confirming(let fingerprint) = session.phase { tell(.trust(fingerprint: fingerprint), at: now) }
        case .character("n"), .character("N"), .escape:
            login.fingerprint = nil
            endTypingAhead()
            login.fault = "Not trusted. Your password was not sent"
        case .control("c"), .control("d"): askToQuit(wasQuitAsked, key: key.name, at: now)
        default: break
        }
    }
}
