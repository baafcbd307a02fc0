/// Writes roff with the macros of man(7).
struct Roff {
    private(set) var output = ""
    /// A heading begins a paragraph.
    private var isAfterHeading = false

    private static let width = 78

    mutating func comment(_ words: String) { output += ".\\\" \(words)\n" }

    /// Of the formatter's own, which knows no quotes.
    mutating func request(_ words: String) { output += ".\(words)\n" }

    mutating func macro(_ name: String, _ arguments: String...) {
        output += "." + name
        // In an argument a double quote would end it.
        for argument in arguments {
            let quoted = Self.escaped(argument).split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\(dq")
            output += " \"\(quoted)\""
        }
        output += "\n"
    }

    mutating func section(_ title: String) {
        macro("SH", title)
        isAfterHeading = true
    }

    /// Running text, in short lines: where they break means nothing.
    mutating func text(_ text: String) {
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map({ Self.escaped($0) }) {
            if !line.isEmpty, line.utf8.count + word.utf8.count >= Self.width {
                output += Self.guarded(line) + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { output += Self.guarded(line) + "\n" }
    }

    /// As typed: bold, but for what stands for something else, which is in capitals.
    mutating func term(_ term: String) {
        var line = ""
        for word in term.split(separator: " ") {
            if !line.isEmpty { line += " " }
            line += Self.isPlaceholder(word) ? "\\fI\(Self.escaped(word))\\fR" : "\\fB\(Self.escaped(word))\\fR"
        }
        output += line + "\n"
    }

    mutating func write(_ block: ManualPage.Block) {
        defer { if case .heading = block { isAfterHeading = true } else { isAfterHeading = false } }
        switch block {
        case .heading(let title): macro("SS", title)
        case .paragraph(let words):
            for part in words.split(separator: "\n") where !part.isEmpty {
                if isAfterHeading { isAfterHeading = false } else { macro("PP") }
                text(String(part))
            }
        case .entry(let term, let words):
            macro("TP")
            self.term(term)
            text(words.isEmpty ? "\u{A0}" : words)
        case .example(let lines):
            if !isAfterHeading { macro("PP") }
            macro("RS", "4")
            request("nf")
            for line in lines { output += line.isEmpty ? "\\&\n" : Self.guarded(Self.escaped(line)) + "\n" }
            request("fi")
            macro("RE")
        }
    }

    private static func isPlaceholder(_ word: Substring) -> Bool {
        let letters = word.filter(\.isLetter)
        return letters.count > 1 && letters.allSatisfy(\.isUppercase) && !word.hasPrefix("-") && word.contains { $0.isUppercase }
    }

    /// A line that begins with a full stop or an apostrophe would be a request.
    private static func guarded(_ line: String) -> String { line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line }

    static func escaped(_ text: some StringProtocol) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\e"
            case "-": out += "\\-"
            case "'": out += "\\(aq"
            case "`": out += "\\(ga"
            case "^": out += "\\(ha"
            case "~": out += "\\(ti"
            case "\u{20}"..."\u{7E}": out.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}": break
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                out += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            }
        }
        return out
    }
}
