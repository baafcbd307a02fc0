/// A sequence for the terminal itself, beside what is drawn: made here alone, and nothing that others wrote gets into it unchecked.
package struct TerminalReport: Equatable, Sendable {
    package let text: String

    /// Puts `text` on the clipboard (OSC 52), where the terminal allows that.
    static func copy(_ text: String) -> TerminalReport {
        TerminalReport(text: "\u{1B}]52;c;" + base64(Array(text.utf8)) + "\u{7}")
    }

    /// `nil` where notifications are off.
    static func notification(_ words: String, by way: Settings.Notifications) -> TerminalReport? {
        // A semicolon would end the words.
        let words = String(Sanitizer.line(words).map { $0 == ";" ? "," : $0 }.prefix(200))
        switch way {
        case .off: return nil
        case .osc9: return TerminalReport(text: "\u{1B}]9;\(words)\u{7}")
        case .osc777: return TerminalReport(text: "\u{1B}]777;notify;Banter;\(words)\u{7}")
        }
    }

    /// RFC 4648.
    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 { text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : "=") }
        }
        return text
    }
}
