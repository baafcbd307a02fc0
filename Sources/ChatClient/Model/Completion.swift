import ChatPeer
import ChatProtocol

/// A completion under way: Tab again takes the next candidate.
struct Completion: Equatable, Sendable {
    struct Candidate: Equatable, Sendable {
        /// What is put onto the line.
        let text: String
        /// What stands for it in the list.
        let label: String

        init(_ text: String, label: String? = nil) {
            self.text = text
            self.label = label ?? text.withoutEnding
        }
    }

    let candidates: [Candidate]
    /// Which candidate stands on the line; `nil` while only what they have in common does.
    var index: Int?
    /// How many characters before the cursor the next one replaces.
    var length: Int
}

extension Model {
    /// Candidates looked at, at most.
    private static let candidateBound = 200

    mutating func complete(forward: Bool) {
        if let current = completion, !current.candidates.isEmpty {
            let count = current.candidates.count
            let next = current.index.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
            place(current.candidates[next].text, over: current.length, of: current.candidates, index: next)
            return
        }
        let before = room.editor.textBeforeCursor
        if let path = Self.path(in: before) {
            let query = FolderQuery(path, home: options.home)
            listing = Listing(query: query, channel: channel, before: before, length: path.count, isForward: forward)
            effects.append(.list(query))
            return
        }
        let start = before.lastIndex { $0 == " " || $0 == "\n" }.map { before.index(after: $0) } ?? before.startIndex
        let word = String(before[start...])
        offer(candidates(for: word, after: String(before[..<start])), over: word.count, forward: forward)
    }

    /// Puts the only candidate in place, or what all have in common, or the first.
    mutating func offer(_ candidates: [Completion.Candidate], over length: Int, forward: Bool) {
        switch candidates.count {
        case 0:
            let words = room.editor.isEmpty ? "\(key(.complete)) completes names, and commands after a /" : "Nothing to complete"
            hint = Hint(text: words)
        case 1: place(candidates[0].text, over: length, of: candidates, index: 0)
        default:
            let common = Self.commonPrefix(candidates.map(\.text))
            guard common.count > length else {
                let next = forward ? 0 : candidates.count - 1
                place(candidates[next].text, over: length, of: candidates, index: next)
                return
            }
            place(common, over: length, of: candidates, index: nil)
        }
    }

    private mutating func place(_ text: String, over length: Int, of candidates: [Completion.Candidate], index: Int?) {
        guard with(channel, { $0.editor.replaceBeforeCursor(length, with: text) }) == true else { return }
        // Nothing is left to choose, and the next Tab goes on behind it.
        completion = candidates.count > 1 ? Completion(candidates: candidates, index: index, length: text.count) : nil
        if candidates.count > 1 {
            let words = candidates.enumerated().map { $0 == index ? "[\($1.label)]" : $1.label }
            hint = Hint(text: words.dropFirst(max(0, (index ?? 0) - 3)).joined(separator: " "))
        }
    }

    private func candidates(for word: String, after before: String) -> [Completion.Candidate] {
        if before.isEmpty, word.hasPrefix("/") {
            return Self.commandNames.map { "/\($0) " }.filter { $0.hasPrefix(word) }.map { .init($0) }
        }
        if word.hasPrefix(":"), word.count > 1 {
            let found = EmojiNames.matches(String(word.dropFirst())).prefix(Self.candidateBound)
            if !found.isEmpty { return found.map { .init($0.emoji, label: "\($0.emoji) \($0.name)") } }
        }
        if before.hasPrefix("/"), let known = arguments(before: before) {
            return known.filter { $0.hasPrefix(word) }.prefix(Self.candidateBound).map { .init($0 + " ") }
        }
        // Every name is a candidate where a command wants one; elsewhere there must be something to go by.
        let isArgument = before.hasPrefix("/") && before.split(separator: " ").count == 1
        guard isArgument || !word.isEmpty else { return [] }
        let ending = before.isEmpty ? ": " : " "
        let wanted = word.lowercased()
        return users.lazy.filter { $0 != me }.map(\.text).filter { $0.lowercased().hasPrefix(wanted) }.prefix(Self.candidateBound).map {
            .init($0 + ending)
        }
    }

    /// What may follow in a command whose next argument is none of a text and no user; `nil` for all others.
    private func arguments(before: String) -> [String]? {
        let words = before.split(separator: " ").map(String.init)
        switch (words[0], words.count) {
        case ("/set", 1): return (SettingKey.allCases.map(\.rawValue) + ["bind"]).sorted()
        case ("/set", 2) where words[1] == "bind": return (keyMap.bindings.map(\.key.name).filter { !$0.contains(" ") }).sorted()
        case ("/set", 2): return SettingKey(rawValue: words[1])?.values ?? []
        case ("/set", 3) where words[1] == "bind": return (UserAction.names + ["none"]).sorted()
        case ("/transfers", 1): return TransferDeed.allCases.map(\.rawValue).sorted()
        case ("/transfers", 2): return transfers.filter { !$0.status.isOver }.map { "\($0.number)" }
        case ("/download", 1), ("/searchfile", 1), ("/searchchunk", 1):
            return Set(transfers.map(\.status.file.name.text) + foundFiles.names(withRoots: words[0] == "/download")).sorted()
        case ("/withdraw", 1): return Set(transfers.map(\.status.file.name.text) + ownFiles.names()).sorted()
        case ("/verify", 2): return ["yes"]
        default: return nil
        }
    }

    private static func commonPrefix(_ texts: [String]) -> String {
        guard let first = texts.first else { return "" }
        var length = first.count
        for text in texts.dropFirst() {
            length = min(length, zip(first, text).prefix { $0 == $1 }.count)
        }
        return String(first.prefix(length))
    }
}

extension String {
    /// A candidate without what is put after it.
    fileprivate var withoutEnding: String {
        var text = self
        while text.last == " " || text.last == ":" { text.removeLast() }
        return text
    }
}
