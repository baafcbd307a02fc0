import ChatProtocol

/// A word of a line of the table, or a text in quotation marks with the escapes of JSON.
struct Word: Equatable {
    let text: String
    let isQuoted: Bool
}

/// Cuts lines of the table into pieces. Nothing inside quotation marks is a separator.
enum LineScanner {
    static func split(_ line: some StringProtocol, at separator: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var isQuoted = false
        var isEscaped = false
        var rest = Substring(line)
        while let character = rest.first {
            if !isQuoted, rest.hasPrefix(separator) {
                pieces.append(trimmed(piece))
                piece = ""
                rest.removeFirst(separator.count)
                continue
            }
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = isQuoted
            } else if character == "\"" {
                isQuoted.toggle()
            }
            piece.append(character)
            rest.removeFirst()
        }
        pieces.append(trimmed(piece))
        return pieces
    }

    /// Every place counts, also inside quotation marks.
    static func split(keepingSpace line: String, at separator: String) -> [String] {
        var pieces = [""]
        var rest = Substring(line)
        while let character = rest.first {
            if rest.hasPrefix(separator) {
                rest.removeFirst(separator.count)
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
                rest.removeFirst()
            }
        }
        return pieces
    }

    static func words(_ text: some StringProtocol) throws(Unreadable) -> [Word] {
        var words: [Word] = []
        for piece in split(text, at: " ") where !piece.isEmpty {
            words.append(try word(piece))
        }
        return words
    }

    /// `a*16384` is so many of the character before the asterisk.
    private static func word(_ piece: String) throws(Unreadable) -> Word {
        if piece.hasPrefix("\"") {
            let json = Array("{\"text\":\(piece)}".utf8)
            guard let object = try? JSONParser.object(in: json), let text = object["text"]?.string else {
                throw Unreadable("not a text in quotation marks: \(piece)")
            }
            return Word(text: text, isQuoted: true)
        }
        guard !piece.contains("\"") else { throw Unreadable("a quotation mark inside a word: \(piece)") }
        if piece.count > 2, let character = piece.first, piece.dropFirst().first == "*" {
            guard let count = Int(piece.dropFirst(2)), count > 0 else { throw Unreadable("not a number of characters: \(piece)") }
            return Word(text: String(repeating: character, count: count), isQuoted: true)
        }
        return Word(text: piece, isQuoted: false)
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// The words of a piece, taken from the front.
struct Words {
    private var rest: ArraySlice<Word>
    private let whole: String

    init(_ text: String) throws(Unreadable) {
        whole = text
        rest = try LineScanner.words(text)[...]
    }

    var isEmpty: Bool { rest.isEmpty }
    var count: Int { rest.count }

    /// The next word if it is not in quotation marks.
    var peek: String? { rest.first.flatMap { $0.isQuoted ? nil : $0.text } }

    mutating func take(_ what: String) throws(Unreadable) -> String {
        guard let word = rest.popFirst() else { throw Unreadable("\(what) is missing in: \(whole)") }
        return word.text
    }

    /// Takes the next word if it is `word`.
    mutating func skip(_ word: String) -> Bool {
        guard peek == word else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ what: String) throws(Unreadable) -> Int64 {
        let word = try take(what)
        guard let number = Int64(word) else { throw Unreadable("\(what) is no whole number in: \(whole)") }
        return number
    }

    mutating func userName(_ what: String) throws(Unreadable) -> UserName {
        let word = try take(what)
        guard let name = UserName(word) else { throw Unreadable("\(what) is no user name in: \(whole)") }
        return name
    }

    /// `#7` is a sequence number.
    mutating func sequence() throws(Unreadable) -> UInt64? {
        guard let word = peek, word.hasPrefix("#") else { return nil }
        rest.removeFirst()
        guard let number = UInt64(word.dropFirst()) else { throw Unreadable("not a sequence number: \(word)") }
        return number
    }

    func end() throws(Unreadable) {
        guard let word = rest.first else { return }
        throw Unreadable("“\(word.text.prefix(40))” is too much in: \(whole)")
    }
}
