import ChatProtocol

extension TableParser {
    /// The left side of a step: what is done.
    func action(_ text: String) throws(Unreadable) -> Scenario.Action {
        if text == "restart" { return .restart }
        if text.hasPrefix("after ") { return .wait(milliseconds: try milliseconds(LineScanner.trimmed(text.dropFirst(6)))) }
        guard let colon = text.firstIndex(of: ":") else { throw Unreadable("who does this: \(text)") }
        let actor = String(text[..<colon])
        guard isConnectionName(actor) else { throw Unreadable("not the name of a connection: \(actor)") }
        let rest = LineScanner.trimmed(text[text.index(after: colon)...])
        if rest.hasPrefix("raw ") { return .send(Array(rest.dropFirst(4).utf8), on: actor) }
        var words = try Words(rest)
        let action = try action(&words, by: actor)
        try words.end()
        return action
    }

    func isConnectionName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    private func action(_ words: inout Words, by actor: String) throws(Unreadable) -> Scenario.Action {
        let verb = try words.take("what \(actor) does")
        switch verb {
        case "opens": return .open(actor)
        case "drops": return .drop(actor)
        case "login":
            let login = try login(Account.named(actor), &words)
            return .login(login, on: actor, id: try id(&words))
        case "resume":
            let of = words.skip("unknown") ? nil : words.skip("of") ? try words.take("a connection") : actor
            let after = words.skip("after") ? try words.number("the last message") : nil
            return .resume(of: of, after: after, dialect: dialect(&words, .extended), on: actor)
        case "history":
            var object = JSONObject()
            object.set("action", .string("history"))
            if words.skip("with") { object.set("with", .string(try words.take("a user"))) }
            if words.skip("limit") { object.set("limit", .int(try words.number("a limit"))) }
            return words.skip("earlier") ? .earlierHistory(object, on: actor) : .send(object.bytes, on: actor)
        default:
            var object = try request(verb, &words)
            if let id = try id(&words) { object.set("id", id) }
            return .send(object.bytes, on: actor)
        }
    }

    private func request(_ verb: String, _ words: inout Words) throws(Unreadable) -> JSONObject {
        var object = JSONObject()
        object.set("action", .string(verb))
        switch verb {
        case "message":
            object.set("user", .string(try words.take("a recipient")))
            object.set("message", .string(try words.take("a text")))
            if words.skip("key") { object.set("key", .string(try words.take("a key"))) }
        case "broadcast":
            object.set("message", .string(try words.take("a text")))
            if words.skip("key") { object.set("key", .string(try words.take("a key"))) }
        case "startprivate":
            object.set("user", .string(try words.take("a user")))
            if words.skip("for") { object.set("purpose", .string(try words.take("a purpose"))) }
        case "register", "have", "withdraw", "searchfile", "searchchunk": try swarmRequest(verb, &words, &object)
        case "block", "unblock": object.set("user", .string(try words.take("a user")))
        case "whoelsesince": object.set("since", number(try words.take("a number of seconds")))
        case "ack": object.set("seq", .int(try words.number("a sequence number")))
        case "passwd":
            object.set("old", .string(try words.take("the old password")))
            object.set("new", .string(try words.take("the new password")))
        case "whoelse", "logout", "ping", "pong": break
        case "do": object.set("action", .string(try words.take("an action")))
        default: throw Unreadable("nobody can \(verb)")
        }
        return object
    }

    /// `register NAME [pieces N …]`, `have N …`, `withdraw`, `searchfile NAME`, `searchchunk NAME N …`.
    private func swarmRequest(_ verb: String, _ words: inout Words, _ object: inout JSONObject) throws(Unreadable) {
        let content = FileContent.ofTable
        if verb != "have", verb != "withdraw" { object.set("name", .string(try words.take("a file"))) }
        if !verb.hasPrefix("search") {
            object.set("root", .string(content.root.description))
            object.set("size", .int(Int64(content.size)))
        }
        switch verb {
        case "register":
            var pieces = PieceSet(capacity: content.pieceCount)
            let isWhole = !words.skip("pieces")
            if !isWhole { for piece in try numbers(&words) { pieces.insert(piece) } }
            object.set("pieces", .string(isWhole ? "all" : Hexadecimal.text(pieces.bytes)))
        case "have": object.set("pieces", .array(try numbers(&words).map { .int(Int64($0)) }))
        case "searchchunk": object.set("chunks", .array(try numbers(&words).map { .int(Int64($0)) }))
        default: break
        }
    }

    func numbers(_ words: inout Words) throws(Unreadable) -> [Int] {
        var numbers: [Int] = []
        while let number = words.peek.flatMap({ Int($0) }) {
            numbers.append(number)
            _ = words.skip(words.peek ?? "")
        }
        return numbers
    }

    /// `id 7` or `id "seven"`.
    func id(_ words: inout Words) throws(Unreadable) -> JSONValue? {
        guard words.skip("id") else { return nil }
        return number(try words.take("an id"))
    }

    private func number(_ text: String) -> JSONValue {
        if let whole = Int64(text) { return .int(whole) }
        if let number = Double(text) { return .double(number) }
        return .string(text)
    }
}

extension FileContent {
    /// Every file of the table, whatever it is called: four pieces.
    static let ofTable: FileContent = {
        let root = Hash256([UInt8](repeating: 7, count: Hash256.byteCount))
        guard let content = root.flatMap({ FileContent(root: $0, size: 1_000_000) }) else { fatalError("32 bytes are a root") }
        return content
    }()
}

extension JSONObject {
    mutating func set(_ key: String, _ value: JSONValue) { members.append((key: key, value: value)) }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(.object(self))
        return writer.bytes
    }
}
