/// Which of the words that there are was probably meant by one that is none of them.
enum Nearest {
    /// Longer ones are no slip of the fingers.
    private static let longest = 64

    /// Those of `known` that are nearest to `typed`, the likeliest first: words that begin with it and words that a slip or two away
    /// (a letter too many, too few, another, or two swapped) would be it. Only if there is none, those that have its letters in their
    /// order, for that is how people shorten. Case does not matter.
    static func words(to typed: some StringProtocol, in known: some Sequence<String>, most: Int = 3) -> [String] {
        let wanted = Array(typed.lowercased().utf8)
        guard (2...longest).contains(wanted.count) else { return [] }
        let slips = wanted.count < 5 ? 1 : wanted.count < 9 ? 2 : 3
        var found: [(word: String, rank: Int)] = []
        var shortened: [String] = []
        for word in known {
            let letters = Array(word.lowercased().utf8)
            if letters.starts(with: wanted) {
                found.append((word, letters.count == wanted.count ? 0 : 1))
            } else if abs(letters.count - wanted.count) <= slips, case let distance = distance(wanted, letters), distance <= slips {
                found.append((word, distance))
            } else if wanted.count > 2, letters.first == wanted.first, letters.holdsInOrder(wanted) {
                shortened.append(word)
            }
        }
        guard !found.isEmpty else { return Array(shortened.prefix(most)) }
        // Sorting is not stable by its contract.
        let sorted = found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        let best = sorted.first?.element.rank ?? 0
        return sorted.prefix { $0.element.rank <= best + 1 }.prefix(most).map(\.element.word)
    }

    /// `hans?`, `hans or hansel?`; nothing for nothing.
    static func question(_ words: [String], sign: String = "") -> String {
        words.isEmpty ? "" : words.map { sign + $0 }.joined(separator: " or ") + "?"
    }

    /// How many slips lead from one to the other: optimal string alignment, after Damerau and Levenshtein.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in 0..<b.count {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1) }
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}

extension Sequence where Element: Equatable {
    /// Whether all of `wanted` is in it, in that order, whatever else is between.
    func holdsInOrder(_ wanted: [Element]) -> Bool {
        var rest = wanted[...]
        for element in self where element == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }
}
