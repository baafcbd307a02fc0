import ChatProtocol

/// A completion under way: Tab again takes the next candidate.
struct Completion: Equatable, Sendable {
    let candidates: [String]
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
            place(current.candidates[next], over: current.length, of: current.candidates, index: next)
            return
        }
        let before = room.editor.textBeforeCursor
        let word = String(before.suffix(from: before.lastIndex(of: " ").map { before.index(after: $0) } ?? before.startIndex))
        let candidates = candidates(for: word, before: String(before.dropLast(word.count)))
        switch candidates.count {
        case 0:
            let words = room.editor.isEmpty ? "\(key(.complete)) completes names, and commands after a /" : "Nothing to complete"
            hint = Hint(text: words)
        case 1: place(candidates[0], over: word.count, of: candidates, index: 0)
        default:
            let common = Self.commonPrefix(candidates)
            guard common.count > word.count else {
                let next = forward ? 0 : candidates.count - 1
                place(candidates[next], over: word.count, of: candidates, index: next)
                return
            }
            place(common, over: word.count, of: candidates, index: nil)
        }
    }

    private mutating func place(_ text: String, over length: Int, of candidates: [String], index: Int?) {
        guard with(channel, { $0.editor.replaceBeforeCursor(length, with: text) }) == true else { return }
        completion = Completion(candidates: candidates, index: index, length: text.count)
        if candidates.count > 1 {
            let words = candidates.enumerated().map { place, candidate in
                let word = candidate.withoutEnding
                return place == index ? "[\(word)]" : word
            }
            hint = Hint(text: words.dropFirst(max(0, (index ?? 0) - 3)).joined(separator: " "))
        }
    }

    private func candidates(for word: String, before: String) -> [String] {
        if before.isEmpty, word.hasPrefix("/") {
            return Self.commandNames.map { "/\($0) " }.filter { $0.hasPrefix(word) }
        }
        // Every name is a candidate where a command wants one; elsewhere there must be something to go by.
        let isArgument = before.hasPrefix("/") && before.split(separator: " ").count == 1
        guard isArgument || !word.isEmpty else { return [] }
        let ending = before.isEmpty ? ": " : " "
        let wanted = word.lowercased()
        return users.lazy.filter { $0 != me }.map(\.text).filter { $0.lowercased().hasPrefix(wanted) }.prefix(Self.candidateBound).map {
            $0 + ending
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
