/// What a key can do besides editing the line.
enum UserAction: Hashable, Sendable {
    case help
    case focus(Pane)
    case nextConversation, previousConversation
    /// The nth, from 1.
    case conversation(Int)
    case nextUnread
    case lastConversation
    case switcher
    case search, recall
    case pageUp, pageDown, toTop, toEnd
    case firstUnread
    case zoom
    case mouse, bare
    case dividerUp, dividerDown
    case complete, completeBackward
    case retry
    case redraw
    case interrupt, endOfInput
    case suspend
    case escape
}

/// Which key does what: the one table that the program obeys and help is made from.
struct KeyMap: Sendable {
    struct Binding: Sendable {
        let key: Key
        let action: UserAction
        /// For help; bindings next to each other with the same words share a line there.
        let words: String
    }

    let bindings: [Binding]
    private let actions: [Key: UserAction]

    init(_ bindings: [Binding]) {
        self.bindings = bindings
        actions = Dictionary(bindings.map { ($0.key, $0.action) }, uniquingKeysWith: { first, _ in first })
    }

    func action(for key: Key) -> UserAction? { actions[key] }

    static let standard = KeyMap(
        [
            Binding(key: .function(1), action: .help, words: "this help, and back"),
            Binding(key: .function(2), action: .focus(.everyone), words: "write to everyone"),
            Binding(key: .function(3), action: .focus(.conversations), words: "write in the conversation"),
            Binding(key: .function(4), action: .focus(.users), words: "the list of users: arrows choose, Enter opens"),
            Binding(key: .control("n"), action: .nextConversation, words: "next conversation"),
            Binding(key: .control("p"), action: .previousConversation, words: "previous conversation"),
        ]
            + (1...9).map { number in
                Binding(
                    key: .alt(.character(Character("\(number)"))), action: .conversation(number), words: "conversation by its number")
            }
            + [
                Binding(key: .alt(.character("a")), action: .nextUnread, words: "next with something unread"),
                Binding(key: .alt(.character("/")), action: .lastConversation, words: "back to where you were before"),
                Binding(key: .control("g"), action: .switcher, words: "go to a conversation or a person by name"),
                Binding(key: .control("s"), action: .search, words: "search in what was said here"),
                Binding(key: .control("r"), action: .recall, words: "search in what you have typed, in all rooms"),
                Binding(key: .pageUp, action: .pageUp, words: "scroll up"),
                Binding(key: .pageDown, action: .pageDown, words: "scroll down"),
                Binding(key: .alt(.home), action: .toTop, words: "the oldest line"),
                Binding(key: .alt(.end), action: .toEnd, words: "the newest line"),
                Binding(key: .alt(.character("u")), action: .firstUnread, words: "the line “new”"),
                Binding(key: .alt(.character("z")), action: .zoom, words: "this pane alone, and back"),
                Binding(key: .alt(.up), action: .dividerUp, words: "move the divider up"),
                Binding(key: .alt(.down), action: .dividerDown, words: "move the divider down"),
                Binding(key: .alt(.character("m")), action: .mouse, words: "give the mouse to the terminal, and take it back"),
                Binding(key: .alt(.character("l")), action: .bare, words: "the text alone, to be copied with the terminal's mouse"),
                Binding(key: .tab, action: .complete, words: "complete a command or a name"),
                Binding(key: .backtab, action: .completeBackward, words: "the completion before"),
                Binding(key: .alt(.character("r")), action: .retry, words: "send the last failed line again"),
                Binding(key: .control("l"), action: .redraw, words: "draw the screen again"),
                Binding(key: .control("c"), action: .interrupt, words: "clear the line; twice on an empty line: quit"),
                Binding(key: .control("d"), action: .endOfInput, words: "twice on an empty line: quit"),
                Binding(key: .control("z"), action: .suspend, words: "suspend"),
                Binding(key: .escape, action: .escape, words: "close help or the list of users"),
            ])

    /// What the line editor does, for help: its keys are those of readline.
    static let editing: [(keys: String, words: String)] = [
        ("Enter", "send"),
        ("Alt-Enter", "new line"),
        ("Up Down", "another row of the draft; at its edges earlier lines, and the draft again"),
        ("Ctrl-A Ctrl-E", "start and end of the line"),
        ("Ctrl-B Ctrl-F", "a character back, forward"),
        ("Alt-B Alt-F", "a word back, forward"),
        ("Ctrl-U Ctrl-K", "cut to the start, to the end"),
        ("Ctrl-W Alt-D", "cut the word before, after"),
        ("Ctrl-Y Alt-Y", "put back what was cut, or what was before that"),
        ("Ctrl-T", "swap two characters"),
        ("Ctrl-_", "undo"),
    ]

    /// The lines of help: keys and what they do.
    var help: [(keys: String, words: String)] {
        var lines: [(keys: String, words: String)] = []
        var first = ""
        for binding in bindings {
            if let last = lines.last, last.words == binding.words {
                lines[lines.count - 1].keys = "\(first)…\(binding.key.name.suffix(1))"
            } else {
                first = binding.key.name
                lines.append((binding.key.name, binding.words))
            }
        }
        return lines
    }
}

extension Key {
    /// As people write it: `Ctrl-N`, `Alt-1`, `F2`, `PgUp`.
    var name: String {
        switch self {
        case .character(let character): String(character).uppercased()
        case .enter: "Enter"
        case .tab: "Tab"
        case .backtab: "Shift-Tab"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .insert: "Insert"
        case .left: "Left"
        case .right: "Right"
        case .up: "Up"
        case .down: "Down"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .escape: "Esc"
        case .function(let number): "F\(number)"
        case .control(let character): "Ctrl-" + String(character).uppercased()
        case .alt(let key): "Alt-" + key.name
        case .paste: "paste"
        case .mouse: "mouse"
        case .focusIn: "focus in"
        case .focusOut: "focus out"
        }
    }
}
