/// The names of actions in the settings file, and what they do, for help.
extension UserAction {
    /// All but those that the file writes with a number.
    private static let simple: [(name: String, action: UserAction, words: String)] = [
        ("help", .help, "this help, and back"),
        ("everyone", .focus(.everyone), "write to everyone"),
        ("conversations", .focus(.conversations), "write in the conversation"),
        ("users", .focus(.users), "the list of users: arrows choose, Enter opens"),
        ("next", .nextConversation, "next conversation"),
        ("previous", .previousConversation, "previous conversation"),
        ("next-unread", .nextUnread, "next with something unread"),
        ("last", .lastConversation, "back to where you were before"),
        ("switcher", .switcher, "go to a conversation or a person by name"),
        ("search", .search, "search in what was said here"),
        ("history-search", .recall, "search in what you have typed, in all rooms"),
        ("page-up", .pageUp, "scroll up"),
        ("page-down", .pageDown, "scroll down"),
        ("top", .toTop, "the oldest line"),
        ("end", .toEnd, "the newest line"),
        ("first-unread", .firstUnread, "the line “new”"),
        ("zoom", .zoom, "this pane alone, and back"),
        ("divider-up", .dividerUp, "move the divider up"),
        ("divider-down", .dividerDown, "move the divider down"),
        ("mouse", .mouse, "give the mouse to the terminal, and take it back"),
        ("bare", .bare, "the text alone, to be copied with the terminal's mouse"),
        ("copy", .copy, "copy the last message, or the one that search has found"),
        ("complete", .complete, "complete a command, a name, a path or an emoji (:smi)"),
        ("complete-backward", .completeBackward, "the completion before"),
        ("editor", .editor, "the draft in $VISUAL or $EDITOR"),
        ("retry", .retry, "send the last failed line again"),
        ("redraw", .redraw, "draw the screen again"),
        ("interrupt", .interrupt, "clear the line; twice on an empty line: quit"),
        ("end-of-input", .endOfInput, "twice on an empty line: quit"),
        ("suspend", .suspend, "suspend"),
        ("escape", .escape, "close help or the list of users"),
    ]

    private static let numbered = "conversation-"

    init?(name: String) {
        if let entry = Self.simple.first(where: { $0.name == name }) {
            self = entry.action
        } else if name.hasPrefix(Self.numbered), let number = Int(name.dropFirst(Self.numbered.count)), (1...99).contains(number) {
            self = .conversation(number)
        } else {
            return nil
        }
    }

    var name: String {
        if case .conversation(let number) = self { return Self.numbered + "\(number)" }
        return Self.simple.first { $0.action == self }?.name ?? ""
    }

    var words: String {
        if case .conversation = self { return "conversation by its number" }
        return Self.simple.first { $0.action == self }?.words ?? ""
    }

    static var names: [String] { simple.map(\.name) + [numbered + "1"] }
}

extension Key {
    /// Reads what ``name`` writes, in any case of its letters. `nil` for keys that type or that the line cannot do without.
    init?(name: String) {
        let words = name.split(separator: " ")
        if words.count == 2, let first = Key(name: String(words[0])), let second = Self.read(words[1]) {
            self = .sequence(first, second)
            return
        }
        guard let key = Self.read(name[...]) else { return nil }
        switch key {
        case .character, .enter, .backspace, .left, .right: return nil
        default: self = key
        }
    }

    private static func read(_ name: Substring) -> Key? {
        let lower = name.lowercased()
        if lower.hasPrefix("alt-") { return read(name.dropFirst(4)).flatMap { if case .alt = $0 { nil } else { .alt($0) } } }
        if lower.hasPrefix("ctrl-") {
            let rest = lower.dropFirst(5)
            guard rest.count == 1, let character = rest.first else {
                return read(name.dropFirst(5)).flatMap { $0.isNamed ? .alt($0) : nil }
            }
            // Terminals send Backspace, Tab, Enter and Esc for these.
            guard character.isASCII, !"himj[".contains(character) else { return nil }
            return "abcdefghijklmnopqrstuvwxyz_/@\\]^".contains(character) ? .control(character) : nil
        }
        if let key = named.first(where: { $0.name.lowercased() == lower }) { return key }
        if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...24).contains(number) { return .function(number) }
        return lower.count == 1 ? lower.first.map(Key.character) : nil
    }

    private static let named: [Key] = [
        .enter, .tab, .backtab, .backspace, .delete, .insert, .left, .right, .up, .down, .home, .end, .pageUp, .pageDown, .escape,
    ]

    private var isNamed: Bool { Self.named.contains(self) }
}
