/// The keys that are most useful where the user is, in the bottom border: they cost no row, and none is shown where there is no border.
extension Model {
    func drawFooter(_ layout: Layout, in frame: inout Frame) {
        guard options.settings.footer, overlay == nil, layout.shape == .full else { return }
        let theme = options.theme
        let row = frame.height - 1
        var column = 2
        for (number, entry) in footer.enumerated() {
            // Whole entries only: half a word explains nothing.
            let width = DisplayWidth.cells(entry.key) + 1 + DisplayWidth.cells(entry.words)
            let separator = number == 0 ? " " : " · "
            guard column + separator.count + width + 1 <= frame.width - 2 else { break }
            column = frame.put(separator, row: row, column: column, style: theme.border)
            column = frame.put(entry.key + " ", row: row, column: column, style: theme.title)
            column = frame.put(entry.words, row: row, column: column, style: theme.dim)
        }
        if column > 2 { frame.put(" ", row: row, column: column, style: theme.border) }
    }

    /// As the keys are bound now; what no key does is left out.
    private var footer: [(key: String, words: String)] {
        footerActions.compactMap { action in
            keyMap.key(for: action).map { ($0, action.shortWords(isNarrow: size.width < Layout.widthForUsers)) }
        }
    }

    private var footerActions: [UserAction] {
        let hasUnread = everyone.log.unread > 0 || conversations.contains { $0.log.unread > 0 }
        let unread: [UserAction] = hasUnread ? [.nextUnread] : []
        return switch focus {
        case .everyone: [.help, .focus(.conversations), .focus(.users)] + unread + [.switcher, .search, .pageUp, .zoom]
        case .conversations: [.help, .focus(.everyone), .nextConversation] + unread + [.switcher, .search, .pageUp, .copy, .zoom]
        case .users: [.help, .focus(.everyone), .focus(.conversations)] + unread + [.switcher]
        }
    }
}

extension UserAction {
    /// What it does, in the fewest words.
    fileprivate func shortWords(isNarrow: Bool) -> String {
        switch self {
        case .focus(.everyone): "everyone"
        case .focus(.conversations): isNarrow ? "talk" : "conversations"
        case .focus(.users): "users"
        case .nextConversation: "next"
        case .nextUnread: "unread"
        case .switcher: "go to"
        case .pageUp: "scroll"
        default: name
        }
    }
}
