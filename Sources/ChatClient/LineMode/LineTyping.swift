import ChatProtocol

/// The line that a person types in line mode: an editor for names and commands, and a plain one that shows nothing for the password.
struct LineTyping {
    enum Result: Equatable {
        case nothing
        /// The line changed: draw it.
        case changed
        /// A line is complete; `echo` is what stays on the screen after the prompt.
        case line(String, echo: String)
        case interrupt
        case end
        case suspend
    }

    private var editor = LineEditor()
    private var hidden = ""
    /// Bytes of UTF-8; no password is so long.
    private static let hiddenLimit = 1024
    /// When the last key came, as uptime.
    private var lastKey: UInt64 = 0
    /// What is still being typed belongs to what was dropped.
    private var isDropping = false
    /// After so long without a key the next one is no part of what was typed before.
    private static let pause = Moment.second

    /// - Parameters:
    ///   - prompt: what is asked for now; `nil` for nothing, when what is typed is a command for later.
    ///   - time: as uptime.
    mutating func press(_ key: Key, at prompt: LineMode.Prompt?, isCommand: Bool, time: UInt64 = 0) -> Result {
        let isInOneGo = time < lastKey.later(by: Self.pause)
        lastKey = time
        if isDropping {
            isDropping = isInOneGo
            // An Enter among them would be a wrong password, and three lock the name.
            switch key {
            case .character, .paste, .enter, .alt, .backspace, .tab: if isDropping { return .nothing }
            default: break
            }
        }
        let isHidden = prompt?.isHidden ?? false
        switch key {
        case .control("c"):
            if isHidden ? hidden.isEmpty : editor.isEmpty { return .interrupt }
            clear()
            return .changed
        case .control("d") where isHidden ? hidden.isEmpty : editor.isEmpty: return .end
        case .control("z"): return .suspend
        case .control("l"), .focusIn, .focusOut, .background: return .nothing
        default: break
        }
        if isHidden { return pressHidden(key) }
        if key == .enter, !isCommand || holdsSecret {
            // Neither names nor passwords belong into the history.
            let text = editor.text
            let echo = holdsSecret ? Self.secret : text
            editor.clear()
            return .line(text, echo: Self.oneLine(echo))
        }
        switch editor.handle(key) {
        case .ignored: return .nothing
        case .edited: return .changed
        case .submit(let text): return .line(text, echo: Self.oneLine(text))
        }
    }

    /// What to show after the prompt in so many cells.
    func window(width: Int, isHidden: Bool) -> (text: String, cursorColumn: Int) {
        if isHidden { return ("", 0) }
        if holdsSecret {
            let shown = String(Self.secret.prefix(max(0, width)))
            return (shown, shown.count)
        }
        return editor.window(width: width)
    }

    /// A password is asked for, or no longer: nothing typed for the one may become part of the other, not even what the fingers have begun
    /// and not ended.
    mutating func turn(toHidden isHidden: Bool) {
        guard isHidden else {
            hidden = ""
            return
        }
        isDropping = !editor.isEmpty
        editor.clear()
    }

    private mutating func clear() {
        editor.clear()
        hidden = ""
    }

    private mutating func pressHidden(_ key: Key) -> Result {
        switch key {
        case .character(let character): append(String(character))
        case .paste(let text): append(text.filter { !$0.isNewline })
        case .backspace: _ = hidden.popLast()
        case .control("u"), .control("w"): hidden = ""
        case .enter:
            defer { hidden = "" }
            return .line(hidden, echo: "")
        default: return .nothing
        }
        return .changed
    }

    private mutating func append(_ text: String) {
        if hidden.utf8.count + text.utf8.count <= Self.hiddenLimit { hidden += text }
    }

    private static let secret = "passwd …"
    private var holdsSecret: Bool { editor.text.drop { $0 == " " }.hasPrefix("passwd ") }

    private static func oneLine(_ text: String) -> String { Sanitizer.line(text) }
}
