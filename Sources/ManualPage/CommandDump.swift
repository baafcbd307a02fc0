import ChatProtocol

/// What a program says of its own command line (`--experimental-dump-help` of ArgumentParser): the one source of help and manual.
package struct CommandDump: Sendable {
    package struct Argument: Equatable, Sendable {
        /// `--user NAME`, `-h, --help`, `HOST`.
        package let term: String
        package let text: String
        package let isPositional: Bool
    }

    package let name: String
    package let abstract: String
    package let discussion: String
    package let arguments: [Argument]
    package let subcommands: [CommandDump]

    package init(json: String) throws {
        let object = try JSONParser.object(in: Array(json.utf8))
        self.init(object["command"]?.object ?? [:])
    }

    init(_ object: JSONObject) {
        name = object["commandName"]?.string ?? ""
        abstract = object["abstract"]?.string ?? ""
        discussion = object["discussion"]?.string ?? ""
        arguments = (object["arguments"]?.array ?? []).compactMap { $0.object.flatMap(Argument.init) }
        subcommands = (object["subcommands"]?.array ?? []).compactMap(\.object).filter { $0["shouldDisplay"]?.bool != false }
            .map { CommandDump($0) }.filter { $0.name != "help" }
    }

    package func subcommand(_ name: String) -> CommandDump? { subcommands.first { $0.name == name } }

    /// Options and arguments as entries, but for those named.
    package func entries(without others: [Argument] = []) -> [ManualPage.Block] {
        arguments.filter { argument in !others.contains(argument) }.map { .entry(term: $0.term, text: $0.text) }
    }

    /// `name [OPTIONS] ARGUMENTS`
    package var usage: String {
        let positional = arguments.filter(\.isPositional).map(\.term)
        return ([name] + (positional.count < arguments.count ? ["[OPTIONS]"] : []) + positional).joined(separator: " ")
    }
}

extension CommandDump.Argument {
    /// `nil` for what is not to be shown.
    init?(_ object: JSONObject) {
        guard object["shouldDisplay"]?.bool != false else { return nil }
        let kind = object["kind"]?.string
        let value = (object["valueName"]?.string ?? "").uppercased()
        let names = (object["names"]?.array ?? []).compactMap(\.object).compactMap { name in
            name["name"]?.string.map { (name["kind"]?.string == "long" ? "--" : "-") + $0 }
        }
        let isRepeating = object["isRepeating"]?.bool == true
        isPositional = kind == "positional"
        if isPositional {
            let shown = isRepeating ? value + "..." : value
            term = object["isOptional"]?.bool == true ? "[\(shown)]" : shown
        } else {
            // The short form first, as is usual.
            let forms = names.sorted { $0.utf8.count < $1.utf8.count }.joined(separator: ", ")
            term = kind == "option" ? "\(forms) \(value)" : forms
        }
        var words = object["abstract"]?.string ?? ""
        if let all = object["allValues"]?.array?.compactMap(\.string), !all.isEmpty {
            words += " One of: " + all.joined(separator: ", ") + "."
        }
        if let fallback = object["defaultValue"]?.string, kind != "flag" {
            words += " Default: \(fallback.hasSuffix(".0") ? String(fallback.dropLast(2)) : fallback)."
        }
        text = words
    }
}
