/// What the terminal draws on, as far as it tells: by its answer to a question (OSC 11), which may never come, or before that by `COLORFGBG`.
package enum Background: Hashable, Sendable {
    case dark, light

    /// Reads the colour that xterm and its like answer with, in the forms of XParseColor(3): `rgb:fdfd/f6f6/e3e3`, `rgba:ff/ff/ff/80`, `#ffffff`.
    init?(color: String) {
        let parts: [Substring]
        if color.hasPrefix("#") {
            let digits = color.dropFirst()
            guard digits.utf8.count % 3 == 0 else { return nil }
            let length = digits.utf8.count / 3
            parts = (0..<3).map { digits.dropFirst($0 * length).prefix(length) }
        } else {
            guard color.hasPrefix("rgb:") || color.hasPrefix("rgba:"), let colon = color.firstIndex(of: ":") else { return nil }
            parts = color[color.index(after: colon)...].split(separator: "/", omittingEmptySubsequences: false)
        }
        guard (3...4).contains(parts.count) else { return nil }
        var shares: [Double] = []
        for part in parts.prefix(3) {
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(\.isHexadecimal), let value = Int(part, radix: 16) else {
                return nil
            }
            shares.append(Double(value) / Double(1 << (4 * part.utf8.count) - 1))
        }
        // How bright it seems (ITU-R BT.601).
        self = 0.299 * shares[0] + 0.587 * shares[1] + 0.114 * shares[2] > 0.5 ? .light : .dark
    }

    /// Reads what rxvt, Konsole and others put into the environment: numbers of the colours of text and background, `15;0` or `0;default;15`.
    package init?(colorFGBG: String) {
        guard let last = colorFGBG.split(separator: ";", omittingEmptySubsequences: false).last, let number = Int(last) else { return nil }
        switch number {
        case 0...6, 8: self = .dark
        case 7, 9...15: self = .light
        default: return nil
        }
    }
}

extension UInt8 {
    var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
