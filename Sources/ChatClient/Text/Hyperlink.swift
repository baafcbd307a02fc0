/// Addresses in text that a terminal can open (OSC 8): http, https and mailto, and nothing that hides where it leads.
package enum Hyperlink {
    struct Found: Equatable, Sendable {
        let range: Range<String.Index>
        /// Printable ASCII alone; everything else in it is percent-encoded.
        let target: String
    }

    /// Longer ones are left alone: terminals cut or ignore them.
    static let bound = 2000
    /// Looked for in one text, at most.
    private static let most = 50

    private static let schemes: [[UInt8]] = ["https://", "http://", "mailto:"].map { Array($0.utf8) }

    static func all(in text: String) -> [Found] {
        let bytes = text.utf8
        var found: [Found] = []
        var index = bytes.startIndex
        while index < bytes.endIndex, found.count < most {
            let byte = bytes[index]
            // A scheme begins a word.
            let canBegin = byte | 0x20 == UInt8(ascii: "h") || byte | 0x20 == UInt8(ascii: "m")
            if canBegin, !isInWord(index, of: text), let (link, end) = link(at: index, in: text) {
                if let link { found.append(link) }
                index = end
                continue
            }
            index = bytes.index(after: index)
        }
        return found
    }

    /// What begins with a scheme, and where it ends; what is too long is no link, and is not looked at again.
    private static func link(at start: String.Index, in text: String) -> (Found?, end: String.Index)? {
        let bytes = text.utf8[start...]
        guard
            let scheme = schemes.first(where: { scheme in
                bytes.count >= scheme.count && zip(bytes, scheme).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
            })
        else { return nil }
        var end = text.utf8.index(start, offsetBy: scheme.count)
        let body = end
        var length = scheme.count
        var open = 0
        for character in text[body...] {
            guard !isEnd(character) else { break }
            if character == "(" { open += 1 }
            if character == ")" {
                // One that closes what the sentence has opened is none of the address.
                guard open > 0 else { break }
                open -= 1
            }
            length += character.utf8.count
            end = text.index(end, offsetBy: 1)
        }
        guard length <= bound else { return (nil, end) }
        while end > body, ".,;:!?'*_~".contains(text[text.index(before: end)]) { end = text.index(before: end) }
        guard end > body else { return nil }
        let target = encoded(text[start..<end])
        return (target.utf8.count <= bound ? Found(range: start..<end, target: target) : nil, end)
    }

    private static func isInWord(_ index: String.Index, of text: String) -> Bool {
        guard index > text.startIndex else { return false }
        let previous = text.unicodeScalars[text.unicodeScalars.index(before: index)].properties
        return previous.isAlphabetic || previous.numericType != nil
    }

    private static func isEnd(_ character: Character) -> Bool {
        character.isWhitespace || "<>\"`{}|\\^⏎“”«»".contains(character) || character == "\u{FFFD}"
    }

    /// RFC 3986, section 2.1, for what is no printable ASCII.
    private static func encoded(_ text: Substring) -> String {
        let digits = Array("0123456789ABCDEF")
        var target = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte) {
                target.append(Character(Unicode.Scalar(byte)))
            } else {
                target += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return target
    }

    /// Whether the terminal of this environment is known to understand them; others may print them.
    package static func isKnown(_ variable: (String) -> String?) -> Bool {
        func number(_ name: String) -> Int { Int(variable(name)?.prefix { $0.isNumber } ?? "") ?? 0 }
        let terminal = variable("TERM") ?? ""
        let program = variable("TERM_PROGRAM") ?? ""
        if program == "tmux" {
            // Passed on since 3.4.
            let parts = (variable("TERM_PROGRAM_VERSION") ?? "").split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
            return !parts.lexicographicallyPrecedes([3, 4])
        }
        if ["screen", "tmux", "dumb", "linux"].contains(where: terminal.hasPrefix) { return false }
        if ["iTerm.app", "WezTerm", "vscode", "ghostty", "rio"].contains(program) { return true }
        if ["xterm-kitty", "foot", "alacritty", "contour", "xterm-ghostty", "wezterm"].contains(where: terminal.hasPrefix) { return true }
        return number("VTE_VERSION") >= 5000 || number("KONSOLE_VERSION") >= 201_200 || variable("KITTY_WINDOW_ID") != nil
            || variable("WT_SESSION") != nil
    }
}
