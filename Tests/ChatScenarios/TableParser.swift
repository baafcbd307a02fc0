import ChatProtocol

/// Reads the cases of one piece of the table. The form is told at `ScenarioTable`.
struct TableParser {
    private static let nameless = "(before the first case)"

    private let source: CaseText

    init(_ source: CaseText) { self.source = source }

    func scenarios() -> [Scenario] {
        cases().flatMap(expanded)
    }

    /// The lines of one case, continuations joined.
    private struct RawCase {
        var name: String
        var place: TablePlace
        var lines: [(number: Int, text: String)] = []
    }

    private func cases() -> [RawCase] {
        var cases: [RawCase] = []
        var number = source.line
        for line in source.text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let text = LineScanner.trimmed(line)
            if text.isEmpty || text.hasPrefix("//") { continue }
            if text.hasPrefix("## ") {
                cases.append(RawCase(name: String(text.dropFirst(3)), place: TablePlace(file: source.file, line: number)))
            } else if cases.isEmpty {
                cases.append(RawCase(name: Self.nameless, place: TablePlace(file: source.file, line: number)))
                cases[0].lines.append((number, text))
            } else if let last = cases[cases.count - 1].lines.indices.last,
                text.hasPrefix("|") || cases[cases.count - 1].lines[last].text.hasSuffix(",")
            {
                cases[cases.count - 1].lines[last].text += " " + text
            } else {
                cases[cases.count - 1].lines.append((number, text))
            }
        }
        return cases
    }

    // MARK: Cases for several values

    /// One scenario for each combination of the values in the `for` lines.
    private func expanded(_ raw: RawCase) -> [Scenario] {
        var variants = [raw]
        for (number, text) in raw.lines where text.hasPrefix("for ") {
            do {
                let (names, rows) = try values(in: text)
                for name in names where !raw.lines.contains(where: { $0.text.contains("$\(name)") }) {
                    return [broken(raw, at: number, "$\(name) is not in the case")]
                }
                variants = variants.flatMap { variant in rows.map { row in replace(names, with: row, in: variant) } }
            } catch {
                return [broken(raw, at: number, error.reason)]
            }
        }
        return variants.map { variant in
            var variant = variant
            variant.lines.removeAll { $0.text.hasPrefix("for ") }
            return scenario(variant)
        }
    }

    /// `for a, b = 1, 2 | 3, 4` gives the names a and b and the rows (1, 2) and (3, 4).
    private func values(in text: String) throws(Unreadable) -> (names: [String], rows: [[String]]) {
        let sides = LineScanner.split(text.dropFirst(4), at: " = ")
        guard sides.count == 2 else { throw Unreadable("for NAME, … = VALUE, … | VALUE, …") }
        let names = LineScanner.split(sides[0], at: ",")
        let rows = LineScanner.split(sides[1], at: " | ").map { names.count == 1 ? [$0] : LineScanner.split($0, at: ",") }
        guard rows.allSatisfy({ $0.count == names.count }) else { throw Unreadable("not as many values as names: \(text)") }
        return (names, rows)
    }

    private func replace(_ names: [String], with row: [String], in raw: RawCase) -> RawCase {
        var raw = raw
        for (name, value) in zip(names, row) {
            for index in raw.lines.indices where !raw.lines[index].text.hasPrefix("for ") {
                raw.lines[index].text = LineScanner.split(keepingSpace: raw.lines[index].text, at: "$" + name).joined(separator: value)
            }
        }
        raw.name += " (\(row.joined(separator: ", ")))"
        return raw
    }

    // MARK: One case

    private func scenario(_ raw: RawCase) -> Scenario {
        var scenario = Scenario(name: raw.name, topic: source.topic, place: raw.place)
        for (number, text) in raw.lines {
            do {
                try read(text, number, into: &scenario)
            } catch {
                return broken(raw, at: number, error.reason)
            }
        }
        guard raw.name != Self.nameless else { return broken(raw, at: raw.place.line, "a line before the first case") }
        guard !scenario.steps.isEmpty else { return broken(raw, at: raw.place.line, "a case in which nobody does anything") }
        return scenario
    }

    private func broken(_ raw: RawCase, at line: Int, _ reason: String) -> Scenario {
        var scenario = Scenario(name: raw.name, topic: source.topic, place: raw.place)
        scenario.fault = TableFault(place: TablePlace(file: source.file, line: line), reason: reason)
        return scenario
    }

    private func read(_ text: String, _ number: Int, into scenario: inout Scenario) throws(Unreadable) {
        guard !text.contains("$") else { throw Unreadable("no value for a name in: \(text)") }
        let sides = LineScanner.split(text, at: "->")
        switch sides.count {
        case 1:
            guard scenario.steps.isEmpty else { throw Unreadable("a preparation after the first step: \(text)") }
            try prepare(text, &scenario)
        case 2:
            let action = try action(sides[0])
            let views = try views(sides[1], after: action, sides[0])
            scenario.steps.append(Scenario.Step(line: number, action: action, views: views))
        default: throw Unreadable("more than one arrow in: \(text)")
        }
    }

    private func prepare(_ text: String, _ scenario: inout Scenario) throws(Unreadable) {
        let parts = LineScanner.split(text, at: ",")
        var words = try Words(parts[0])
        let first = try words.take("a word")
        switch first {
        case "settings":
            for part in parts {
                var words = try Words(part)
                _ = words.skip("settings")
                try set(&scenario.settings, &words)
            }
        case "online":
            for part in parts {
                var words = try Words(part)
                _ = words.skip("online")
                let login = try login(try account(&words), &words)
                try words.end()
                scenario.setup.append(.online(login))
            }
        case "visited", "locked":
            for part in parts {
                var words = try Words(part)
                _ = words.skip(first)
                let name = try account(&words).name
                try words.end()
                scenario.setup.append(first == "visited" ? .visit(name) : .lockOut(name))
            }
        case "later":
            scenario.setup.append(.wait(milliseconds: try milliseconds(try words.take("a number of seconds"))))
            try words.end()
        default:
            guard Account.named(first) != nil else { throw Unreadable("neither a preparation nor a step: \(text)") }
            try prepare(by: first, &words, parts, &scenario)
        }
    }

    private func prepare(
        by user: String, _ words: inout Words, _ parts: [String], _ scenario: inout Scenario
    ) throws(Unreadable) {
        switch try words.take("what \(user) did") {
        case "blocks":
            var others = [try account(&words).name]
            try words.end()
            for part in parts.dropFirst() {
                var words = try Words(part)
                others.append(try account(&words).name)
                try words.end()
            }
            scenario.setup.append(.block(user: user, others: others))
        case "wrote":
            let to = try account(&words).name
            scenario.setup.append(.write(from: user, to: to, text: try words.take("a text")))
            try words.end()
            guard parts.count == 1 else { throw Unreadable("one message a line") }
        case let verb: throw Unreadable("\(user) cannot \(verb) as a preparation")
        }
    }

    private func set(_ settings: inout Scenario.Settings, _ words: inout Words) throws(Unreadable) {
        let name = try words.take("a setting")
        let value = Int(try words.number(name))
        try words.end()
        switch name {
        case "block": settings.blockDuration = value
        case "timeout": settings.timeout = value
        case "mailbox": settings.mailbox = value
        case "window": settings.resumeWindow = value
        default: throw Unreadable("there is no setting \(name)")
        }
    }

    // MARK: Pieces

    func account(_ words: inout Words) throws(Unreadable) -> Account {
        let name = try words.take("a user")
        guard let account = Account.named(name) else { throw Unreadable("\(name) has no account") }
        return account
    }

    /// `[as NAME PASSWORD] [extended] [quiet] [port N]`
    func login(_ account: Account?, _ words: inout Words) throws(Unreadable) -> Scenario.Login {
        var login = Scenario.Login(name: account?.name ?? "", password: account?.password ?? "", dialect: .original, port: 0)
        if words.skip("as") {
            login.name = try words.take("a name")
            login.password = try words.take("a password")
        } else if account == nil {
            throw Unreadable("this connection has no user's name: say login as NAME PASSWORD")
        }
        login.dialect = dialect(&words, .original)
        if words.skip("port") {
            guard let port = UInt16(exactly: try words.number("a port")) else { throw Unreadable("a port is 0 to 65535") }
            login.port = port
        }
        login.isPeer = words.skip("peer")
        return login
    }

    func dialect(_ words: inout Words, _ standard: Dialect) -> Dialect {
        var dialect = standard
        if words.skip("extended") { dialect.isExtended = true }
        if words.skip("original") { dialect.isExtended = false }
        if words.skip("quiet") { dialect.wantsPresence = false }
        return dialect
    }

    /// Seconds with up to three decimals.
    func milliseconds(_ text: String) throws(Unreadable) -> Int {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count <= 2, let whole = Int(parts[0]), whole >= 0, fraction.count <= 3,
            let thousandths = Int((fraction + "000").prefix(3))
        else { throw Unreadable("not a number of seconds: \(text)") }
        return whole * 1000 + thousandths
    }
}
