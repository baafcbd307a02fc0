/// Reads a command from a line, without the slash that the full screen puts before it.
package enum CommandParser {
    /// Spaces and tabs before the command and between its words do not matter. A text at the end is everything after the one space
    /// that follows the word before it, as typed.
    package static func parse(_ line: String) -> Result<Command, CommandFault> {
        var rest = Substring(line)
        guard let name = word(from: &rest) else { return .failure(.unknown("")) }
        guard let entry = CommandTable.entry(named: name) else { return .failure(.unknown(String(name))) }
        guard let command = command(name, rest) else { return .failure(.usage(entry.usage)) }
        return .success(command)
    }

    /// Returns `nil` if the arguments are not what the command takes.
    private static func command(_ name: Substring, _ arguments: Substring) -> Command? {
        switch name {
        case "message": userAndText(arguments).map { .message(to: $0, text: $1) }
        case "private": chunkFromUser(arguments) ?? userAndText(arguments).map { .private(to: $0, text: $1) }
        case "broadcast": text(arguments).map { .broadcast($0) }
        case "whoelse": words(arguments, 0).map { _ in .whoelse }
        case "whoelsesince": words(arguments, 1).map { .whoelsesince(seconds: $0[0]) }
        case "block": words(arguments, 1).map { .block($0[0]) }
        case "unblock": words(arguments, 1).map { .unblock($0[0]) }
        case "startprivate": words(arguments, 1).map { .startprivate($0[0]) }
        case "stopprivate": words(arguments, 1).map { .stopprivate($0[0]) }
        case "verify": userAndYes(arguments).map { .verify($0, isConfirmed: $1) }
        case "acceptkey": words(arguments, 1).map { .acceptkey($0[0]) }
        case "register": trimmed(arguments).map { .register($0) }
        case "withdraw": trimmed(arguments).map { .withdraw($0) }
        case "searchfile": trimmed(arguments).map { .searchfile($0) }
        case "searchchunk": lastWord(of: arguments).map { .searchchunk(name: $0, chunks: $1) }
        case "download": trimmed(arguments).map { .download($0) }
        case "transfers": transfers(arguments)
        case "forget": forget(arguments)
        case "passwd": words(arguments, 2).map { .passwd(old: $0[0], new: $0[1]) }
        case "logout": words(arguments, 0).map { _ in .logout }
        case "help": words(arguments, 0).map { _ in .help }
        default: nil
        }
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// Takes the next word off `rest`, and blanks before it but none after it.
    private static func word(from rest: inout Substring) -> Substring? {
        rest = rest.drop(while: isBlank)
        let word = rest.prefix { !isBlank($0) }
        rest = rest[word.endIndex...]
        return word.isEmpty ? nil : word
    }

    /// Exactly so many words and nothing more.
    private static func words(_ arguments: Substring, _ count: Int) -> [String]? {
        var rest = arguments
        var words: [String] = []
        while let word = word(from: &rest) {
            guard words.count < count else { return nil }
            words.append(String(word))
        }
        return words.count == count ? words : nil
    }

    /// What follows one separator; `nil` if not even that is there. It may be blank: the rules refuse that in their own words.
    private static func text(_ arguments: Substring) -> String? {
        guard let first = arguments.first, isBlank(first) else { return nil }
        return String(arguments.dropFirst())
    }

    private static func userAndText(_ arguments: Substring) -> (String, String)? {
        var rest = arguments
        guard let user = word(from: &rest), let text = text(rest) else { return nil }
        return (String(user), text)
    }

    /// A user, and maybe `yes`.
    private static func userAndYes(_ arguments: Substring) -> (String, Bool)? {
        if let user = words(arguments, 1) { return (user[0], false) }
        guard let both = words(arguments, 2), both[1] == "yes" else { return nil }
        return (both[0], true)
    }

    /// Maybe a user, and maybe `yes`.
    private static func forget(_ arguments: Substring) -> Command? {
        guard var given = words(arguments, 0) ?? words(arguments, 1) ?? words(arguments, 2) else { return nil }
        let isConfirmed = given.last == "yes"
        if isConfirmed { given.removeLast() }
        return given.count < 2 ? .forget(given.first, isConfirmed: isConfirmed) : nil
    }

    /// A file name, which may have spaces inside.
    private static func trimmed(_ arguments: Substring) -> String? {
        var name = arguments.drop(while: isBlank)
        while let last = name.last, isBlank(last) { name.removeLast() }
        return name.isEmpty ? nil : String(name)
    }

    /// `USER download NAME CHUNK`, where the last word is a number; anything else is a text.
    private static func chunkFromUser(_ arguments: Substring) -> Command? {
        var rest = arguments
        guard let user = word(from: &rest), word(from: &rest) == "download", let (name, chunk) = lastWord(of: rest),
            chunk.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return .downloadChunk(from: String(user), name: name, chunk: chunk)
    }

    private static func transfers(_ arguments: Substring) -> Command? {
        if words(arguments, 0) != nil { return .transfers(nil, number: "") }
        guard let both = words(arguments, 2), let deed = TransferDeed(rawValue: both[0]) else { return nil }
        return .transfers(deed, number: both[1])
    }

    /// A file name, which may have spaces inside, and the last word.
    private static func lastWord(of arguments: Substring) -> (String, String)? {
        guard let all = trimmed(arguments), let blank = all.lastIndex(where: isBlank), let name = trimmed(all[..<blank]) else {
            return nil
        }
        return (name, String(all[all.index(after: blank)...]))
    }
}
