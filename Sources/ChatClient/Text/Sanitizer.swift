/// The one border for text from others: nothing that passes it can move the cursor, change the direction of writing, hide, or pile up.
///
/// Gone are control characters (C0, DEL, C1), bidirectional controls, invisible and zero-width characters, and tags; code points that mean
/// nothing, or something else on each machine, become U+FFFD; a character keeps at most ``marks`` combining marks.
package enum Sanitizer {
    /// Combining marks that one character may carry.
    package static let marks = 8

    /// Text for one line: line breaks become a visible ⏎, a tab a space.
    package static func line(_ text: String) -> String {
        isPlain(text, newlines: false) ? text : cleaned(text, lineBreak: "⏎")
    }

    /// Text of a message: line breaks are `\n`, a tab is a space.
    package static func body(_ text: String) -> String {
        isPlain(text, newlines: true) ? text : cleaned(text, lineBreak: "\n")
    }

    /// Printable ASCII alone, which is most text there is.
    private static func isPlain(_ text: String, newlines: Bool) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes where byte < 0x20 || byte > 0x7E {
                if byte == 0x0A, newlines { continue }
                return false
            }
            return true
        }
    }

    private static func cleaned(_ text: String, lineBreak: Unicode.Scalar) -> String {
        var out = String.UnicodeScalarView()
        var marksInRow = 0
        var previous: Unicode.Scalar = " "
        // A joiner is let through only when an emoji stands on both sides of it.
        var joinerWaits = false
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch verdict(on: scalar) {
            case .drop: continue
            case .lineBreak:
                joinerWaits = false
                marksInRow = 0
                if scalar == "\n", previous == "\r" { continue }
                out.append(lineBreak)
            case .space:
                marksInRow = 0
                joinerWaits = false
                out.append(" ")
            case .replace:
                marksInRow = 0
                joinerWaits = false
                out.append("\u{FFFD}")
            case .joiner:
                joinerWaits = out.last.map(isPicture) ?? false
            case .mark:
                marksInRow += 1
                joinerWaits = false
                if marksInRow <= marks { out.append(scalar) }
            case .keep:
                marksInRow = 0
                if joinerWaits, isPicture(scalar) { out.append("\u{200D}") }
                joinerWaits = false
                out.append(scalar)
            }
        }
        return String(out)
    }

    private enum Verdict { case keep, drop, replace, lineBreak, space, mark, joiner }

    private static func verdict(on scalar: Unicode.Scalar) -> Verdict {
        switch scalar.value {
        case 0x20..<0x7F: return .keep
        case 0x0A, 0x0D, 0x2028, 0x2029: return .lineBreak
        case 0x09: return .space
        case 0..<0x20, 0x7F..<0xA0: return .drop
        case 0x200D: return .joiner
        // Invisible without being format characters: grapheme joiner, fillers, inherent vowels, variation selectors, tags.
        case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x3164, 0xFFA0, 0xFE00...0xFE0F, 0xE0000...0xE0FFF: return .drop
        // Format characters that are seen.
        case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD: return .keep
        default: break
        }
        switch scalar.properties.generalCategory {
        case .format, .control: return .drop
        case .lineSeparator, .paragraphSeparator: return .lineBreak
        case .privateUse, .unassigned, .surrogate: return .replace
        case .nonspacingMark, .enclosingMark, .spacingMark: return .mark
        default: return .keep
        }
    }

    private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0xFF && (scalar.properties.isEmoji || scalar.properties.isEmojiModifier)
    }
}
