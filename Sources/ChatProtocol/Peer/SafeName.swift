@_spi(_Unicode) import Swift

/// The name of a file that may come from anyone: a name only, never a path, and nothing in it deceives the eye.
///
/// 1 to 200 bytes of UTF-8 in Unicode's composed form (NFC, so that a name has one spelling); no separators, no leading dot, no white
/// space at either end; no control, format (bidirectional, zero-width), private or unassigned characters, nothing that is drawn as nothing.
package struct SafeName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Bytes of UTF-8; leaves room for ` (2)` and the like within the 255 that file systems allow.
    package static let most = 200

    package enum Fault: Equatable, Sendable {
        case empty, tooLong, separator, leadingDot, spaceAtEnd, unseen, notComposed

        package var words: String {
            switch self {
            case .empty: "the name is empty"
            case .tooLong: "the name is longer than \(SafeName.most) bytes"
            case .separator: "the name contains a slash or a backslash"
            case .leadingDot: "the name begins with a dot"
            case .spaceAtEnd: "the name begins or ends with a space"
            case .unseen: "the name contains characters that cannot be seen"
            case .notComposed: "the name is not in Unicode's composed form (NFC)"
            }
        }
    }

    package let text: String

    /// Takes a name as it came from others: what is not in order is refused, never repaired.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        self.text = text
    }

    /// Takes a name of this machine's own file system or user, where composed form cannot be expected, and composes it.
    package init?(composing text: String) { self.init(Self.composed(text)) }

    package var description: String { text }

    package static func < (a: SafeName, b: SafeName) -> Bool { a.text < b.text }

    /// `name (2).ext` for 2.
    package func numbered(_ number: Int) -> String {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return "\(text) (\(number))" }
        return "\(text[..<dot]) (\(number))\(text[dot...])"
    }

    package static func composed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text._nfc)
        return String(scalars)
    }

    package static func fault(in text: String) -> Fault? {
        if text.isEmpty { return .empty }
        // First, so that nothing below works on more than a name's worth.
        if text.utf8.count > most { return .tooLong }
        var marks = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "/", "\\": return .separator
            case "." where index == 0: return .leadingDot
            default: break
            }
            if isUnseen(scalar) { return .unseen }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark:
                marks += 1
                // Marks pile up over other lines; none belongs at the start.
                if marks > mostMarks || index == 0 { return .unseen }
            default: marks = 0
            }
        }
        if let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        {
            return .spaceAtEnd
        }
        // Compared as bytes: as strings, canonically equivalent spellings are equal.
        return text.utf8.elementsEqual(composed(text).utf8) ? nil : .notComposed
    }

    /// Combining marks that one character may carry.
    private static let mostMarks = 8

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20...0x7E).contains(scalar.value) { return false }
        switch scalar.value {
        // Invisible without being format characters: grapheme joiner, fillers, inherent vowels, variation selectors, tags, empty braille.
        case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x2800, 0x3164, 0xFFA0, 0xFE00...0xFE0F, 0xE0000...0xE0FFF:
            return true
        // Stands for what could not be read.
        case 0xFFFD: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }
}
