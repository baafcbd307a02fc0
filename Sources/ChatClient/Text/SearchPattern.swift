/// What is looked for in a text: as typed if there is an upper-case letter in it, in any case of its letters otherwise.
struct SearchPattern: Equatable, Sendable {
    private let characters: [Character]
    private let isExact: Bool
    /// The same as bytes, where all of them are ASCII: most searches are, and bytes are compared many times faster.
    private let bytes: [UInt8]?

    /// `nil` for nothing.
    init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        isExact = text.contains(where: \.isUppercase)
        let folded = isExact ? text : text.lowercased()
        characters = Array(folded)
        bytes = folded.utf8.allSatisfy { $0 < 0x80 } ? Array(folded.utf8) : nil
    }

    func occurs(in text: String) -> Bool { first(in: text, from: text.startIndex) != nil }

    /// Where it occurs, without overlaps.
    func ranges(in text: String) -> [Range<String.Index>] {
        var ranges: [Range<String.Index>] = []
        var start = text.startIndex
        while let range = first(in: text, from: start) {
            ranges.append(range)
            start = range.upperBound
        }
        return ranges
    }

    private func first(in text: String, from start: String.Index) -> Range<String.Index>? {
        guard let bytes else { return firstCharacters(in: text, from: start) }
        guard let offset = firstByte(bytes, in: text, from: start) else { return nil }
        let lower = text.utf8.index(text.startIndex, offsetBy: offset)
        let upper = text.utf8.index(lower, offsetBy: bytes.count)
        // Half of a character, such as a letter without the accent that follows it, is none.
        if String.Index(lower, within: text) != nil, String.Index(upper, within: text) != nil { return lower..<upper }
        return firstCharacters(in: text, from: start)
    }

    private func firstByte(_ wanted: [UInt8], in text: String, from start: String.Index) -> Int? {
        let isExact = isExact
        let begin = text.utf8.distance(from: text.startIndex, to: start)
        // What is drawn was put together here, so its bytes are in one piece already.
        return text.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
            guard bytes.count - begin >= wanted.count else { return nil }
            func matches(_ place: Int) -> Bool {
                for offset in wanted.indices {
                    let byte = bytes[place + offset]
                    let isUpper = !isExact && (0x41...0x5A).contains(byte)
                    if (isUpper ? byte | 0x20 : byte) != wanted[offset] { return false }
                }
                return true
            }
            return (begin...bytes.count - wanted.count).first(where: matches)
        } ?? nil
    }

    private func firstCharacters(in text: String, from start: String.Index) -> Range<String.Index>? {
        var lower = start
        while lower < text.endIndex {
            var upper = lower
            var count = 0
            while count < characters.count, upper < text.endIndex, isSame(text[upper], characters[count]) {
                upper = text.index(after: upper)
                count += 1
            }
            if count == characters.count { return lower..<upper }
            lower = text.index(after: lower)
        }
        return nil
    }

    private func isSame(_ character: Character, _ wanted: Character) -> Bool {
        character == wanted || !isExact && character.lowercased() == String(wanted)
    }
}
