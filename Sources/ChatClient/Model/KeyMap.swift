/// What a key can do besides editing the line.
package enum UserAction: Hashable, Sendable {
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
    case mouse, bare, copy
    case dividerUp, dividerDown
    case complete, completeBackward
    case editor
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

        init(_ key: Key, _ action: UserAction) {
            self.key = key
            self.action = action
        }
    }

    let bindings: [Binding]
    private let actions: [Key: UserAction]
    /// The first key of each action, as people write it: hints ask for some in every draw.
    private let names: [UserAction: String]
    private let prefixes: Set<Key>
    /// Whether any character means something by itself. Most keys are characters, and cost no look-up.
    let bindsCharacters: Bool

    init(_ bindings: [Binding]) {
        self.bindings = bindings
        actions = Dictionary(bindings.map { ($0.key, $0.action) }, uniquingKeysWith: { first, _ in first })
        names = Dictionary(bindings.map { ($0.action, $0.key.name) }, uniquingKeysWith: { first, _ in first })
        prefixes = Set(bindings.compactMap { if case .sequence(let first, _) = $0.key { first } else { nil } }).subtracting(actions.keys)
        bindsCharacters = prefixes.union(actions.keys).contains { if case .character = $0 { true } else { false } }
    }

    func action(for key: Key) -> UserAction? { isTyped(key) ? nil : actions[key] }

    /// Whether the key is the first of two.
    func isPrefix(_ key: Key) -> Bool { !isTyped(key) && prefixes.contains(key) }

    private func isTyped(_ key: Key) -> Bool {
        guard !bindsCharacters, case .character = key else { return false }
        return true
    }

    /// The key that does it, for hints; `nil` if none does.
    func key(for action: UserAction) -> String? { names[action] }

    /// With these keys doing something else, or nothing.
    func rebound(_ changes: [Key: UserAction?]) -> KeyMap {
        var all = bindings.filter { changes[$0.key] == nil }
        for (key, action) in changes.sorted(by: { $0.key.name < $1.key.name }) {
            guard let action else { continue }
            // Beside the others of its kind, so that help tells them together.
            let place = all.lastIndex { $0.action == action }.map { $0 + 1 } ?? all.count
            all.insert(Binding(key, action), at: place)
        }
        return KeyMap(all)
    }

    static let standard = KeyMap(
        [
            Binding(.function(1), .help), Binding(.function(2), .focus(.everyone)), Binding(.function(3), .focus(.conversations)),
            Binding(.function(4), .focus(.users)), Binding(.control("n"), .nextConversation),
            Binding(.control("p"), .previousConversation),
        ]
            + (1...9).map { Binding(.alt(.character(Character("\($0)"))), .conversation($0)) }
            + [
                Binding(.alt(.character("a")), .nextUnread), Binding(.alt(.character("/")), .lastConversation),
                Binding(.control("g"), .switcher), Binding(.control("s"), .search), Binding(.control("r"), .recall),
                Binding(.pageUp, .pageUp), Binding(.pageDown, .pageDown), Binding(.alt(.home), .toTop), Binding(.alt(.end), .toEnd),
                Binding(.alt(.character("u")), .firstUnread), Binding(.alt(.character("z")), .zoom), Binding(.alt(.up), .dividerUp),
                Binding(.alt(.down), .dividerDown), Binding(.alt(.character("m")), .mouse), Binding(.alt(.character("l")), .bare),
                Binding(.alt(.character("c")), .copy), Binding(.tab, .complete), Binding(.backtab, .completeBackward),
                Binding(.sequence(.control("x"), .control("e")), .editor), Binding(.alt(.character("r")), .retry),
                Binding(.control("l"), .redraw), Binding(.control("c"), .interrupt),
                Binding(.control("d"), .endOfInput), Binding(.control("z"), .suspend), Binding(.escape, .escape),
            ])

    /// What the line editor does, for help: its keys are those of readline.
    static let editing: [(keys: [Key], words: String)] = [
        ([.enter], "send"),
        ([.alt(.enter)], "new line"),
        ([.up, .down], "another row of the draft; at its edges earlier lines, and the draft again"),
        ([.left, .right, .control("b"), .control("f")], "a character back, forward"),
        ([.alt(.left), .alt(.right), .alt(.character("b")), .alt(.character("f"))], "a word back, forward"),
        ([.home, .end, .control("a"), .control("e")], "start and end of the line"),
        ([.backspace, .delete, .control("d")], "delete the character before, under the cursor"),
        ([.control("w")], "cut what stands before, up to a blank"),
        ([.alt(.backspace), .alt(.character("d")), .alt(.delete)], "cut the word before, after"),
        ([.control("u"), .control("k")], "cut to the start, to the end"),
        ([.control("y"), .alt(.character("y"))], "put back what was cut, or what was before that"),
        ([.control("t")], "swap two characters"),
        ([.control("_")], "undo"),
    ]

    /// The keys that reach the line, as it is bound now, and what they do there.
    var editing: [(keys: String, words: String)] {
        Self.editing.compactMap { entry in
            let keys = entry.keys.filter { reachesLine($0) }
            return keys.isEmpty ? nil : (keys.map(\.name).joined(separator: " "), entry.words)
        }
    }

    /// The end of input means something on an empty line alone.
    private func reachesLine(_ key: Key) -> Bool { action(for: key).map { $0 == .endOfInput } ?? true }

    /// The lines of help: keys and what they do.
    var help: [(keys: String, words: String)] {
        var lines: [(keys: String, words: String)] = []
        var last: Binding?
        var first = ""
        for binding in bindings {
            let name = binding.key.name
            if case .conversation(let number) = binding.action, case .conversation(let before) = last?.action, number == before + 1,
                first.dropLast() == name.dropLast()
            {
                lines[lines.count - 1].keys = "\(first)…\(name.suffix(1))"
            } else if binding.action == last?.action {
                lines[lines.count - 1].keys += " " + name
            } else {
                first = name
                lines.append((name, binding.action.words))
            }
            last = binding
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
        case .sequence(let first, let second): first.name + " " + second.name
        case .paste: "paste"
        case .mouse: "mouse"
        case .focusIn: "focus in"
        case .focusOut: "focus out"
        case .background: "background"
        }
    }
}
