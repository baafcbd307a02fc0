/// What a user typed, as a query of FTS5: all words must occur, in any order; the last may be the beginning of one.
struct SearchWords {
    /// Longer queries are cut.
    private static let bound = 16

    /// `nil` if there is nothing in it that the index knows.
    let query: String?

    /// - Parameter room: only in this one.
    init(_ text: String, room: Int64?) {
        // What is neither letter nor digit separates words in the index too, so quotes and operators cannot get through.
        let words = text.split(whereSeparator: { !Self.isWord($0) }).prefix(Self.bound)
        guard !words.isEmpty else {
            query = nil
            return
        }
        let isOpen = text.last.map(Self.isWord) ?? false
        let terms = words.enumerated().map { "\"\($1)\"" + (isOpen && $0 == words.count - 1 ? "*" : "") }
        query = "text : (\(terms.joined(separator: " AND ")))" + (room.map { " AND room : \"\($0)\"" } ?? "")
    }

    private static func isWord(_ character: Character) -> Bool {
        character.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
                .otherNumber, .privateUse:
                true
            default: false
            }
        }
    }
}
