import Glibc

/// How many cells text takes on the screen: the one answer that wrapping, drawing and the line editor share.
///
/// The widths are libc's, which ncurses asks too, so that what is drawn is where it was reckoned to be. A character is drawn as
/// ``drawable(_:)`` says, for a cell of ncurses holds one base and four marks: emoji sequences degrade to their first emoji, flags to
/// their two letters, and variation selectors go.
package enum DisplayWidth {
    /// The most code points that a cell holds.
    package static let scalarsPerCell = 5

    /// What stands for a code point that this terminal cannot show.
    private static let replacement: Unicode.Scalar = "\u{FFFD}"
    /// What carries a combining mark that came without a base.
    private static let dottedCircle: Unicode.Scalar = "\u{25CC}"

    /// The width of one character in cells; 0 for a control character, which is never drawn.
    package static func cells(_ character: Character) -> Int {
        if let columns = widthAlone(character) { return columns }
        var total = 0
        forEachCell(of: character) { _, width in total += width }
        return total
    }

    /// The width of a text in cells.
    package static func cells(_ text: some StringProtocol) -> Int {
        var text = Substring(text)
        let alone = text.withUTF8 { bytes -> Int? in
            var total = 0
            for scalar in ScalarsOfUTF8(bytes) {
                guard let columns = widthAlone(scalar) else { return nil }
                total += columns
            }
            return total
        }
        return alone ?? text.reduce(0) { $0 + cells($1) }
    }

    /// The width of a code point that is a character by itself, whatever of its kind stands beside it; `nil` if that needs a closer look.
    static func widthAlone(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0x20..<0x7F: return 1
        // A line break is one character with a return before it, and both take no room.
        case 0..<0x20, 0x7F: return 0
        // Latin, Greek, Cyrillic, punctuation, arrows and lines, ideographs.
        case 0xA1...0xAC, 0xAE...0x2FF, 0x370...0x482, 0x48A...0x52F, 0x2010...0x2027, 0x2190...0x25FF, 0x4E00...0x9FFF:
            let columns = width(scalar)
            return columns > 0 ? columns : nil
        default: return nil
        }
    }

    /// Whether it is a code point that is seen, and becomes one character with no other of which this is true.
    static func standsAlone(_ character: Character) -> Bool { widthAlone(character).map { $0 > 0 } ?? false }

    /// What is drawn for `character`: one text for each cell or pair of cells, none for a control character.
    package static func drawable(_ character: Character) -> [(text: Character, width: Int)] {
        if let columns = widthAlone(character) { return columns > 0 ? [(character, columns)] : [] }
        var parts: [(text: Character, width: Int)] = []
        forEachCell(of: character) { text, width in parts.append((text, width)) }
        return parts
    }

    /// Adds what is drawn for `character`.
    static func append(_ character: Character, to text: inout String) {
        guard let columns = widthAlone(character) else { return forEachCell(of: character) { part, _ in text.append(part) } }
        if columns > 0 { text.append(character) }
    }

    /// As much of `text` as fits into `width` cells, whole characters only.
    package static func prefix(_ text: some StringProtocol, width: Int) -> String {
        var used = 0
        var end = text.startIndex
        while end < text.endIndex {
            used += cells(text[end])
            if used > width { break }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }

    /// `text` itself if it fits, otherwise as much as fits before an ellipsis.
    package static func truncated(_ text: String, width: Int) -> String {
        if cells(text) <= width { return text }
        return width < 1 ? "" : prefix(text, width: width - 1) + "…"
    }

    /// Makes sure that libc's widths are those of UTF-8. Call it before other threads start and before the terminal is taken;
    /// without that it happens at the first character that is not ASCII.
    package static func prepare() { _ = isPrepared }

    private static let isPrepared: Bool = {
        func isUTF8() -> Bool { libcWidth(0xE9) == 1 && libcWidth(0x6F22) == 2 }
        if isUTF8() { return true }
        // The user's own locale first; a terminal that got this far shows UTF-8 even where the locale does not say so.
        for name in ["", "C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil {
            if isUTF8() { return true }
        }
        return false
    }()

    private static func widthAlone(_ character: Character) -> Int? {
        var text = String(character)
        let scalar = text.withUTF8 { bytes -> Unicode.Scalar? in
            var scalars = ScalarsOfUTF8(bytes)
            let first = scalars.next()
            return scalars.isAtEnd ? first : nil
        }
        return scalar.flatMap { widthAlone($0) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F ? 1 : -1 }
        _ = isPrepared
        return Int(libcWidth(wchar_t(scalar.value)))
    }

    /// Calls `body` with what goes into each cell, and how many columns that is.
    private static func forEachCell(of character: Character, _ body: (Character, Int) -> Void) {
        let scalars = character.unicodeScalars
        // Most characters are one code point, and that is what is drawn; a lone half of a flag is a letter.
        if let only = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex, !(0x1F1E6...0x1F1FF).contains(only.value)
        {
            let columns = width(only)
            if columns > 0 { return body(character, columns) }
        }
        var cell = String.UnicodeScalarView()
        var cellWidth = 0
        var isEmoji = false

        func flush() {
            guard !cell.isEmpty else { return }
            body(Character(String(cell)), cellWidth)
            cell = String.UnicodeScalarView()
            cellWidth = 0
        }

        scan: for scalar in scalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0: continue
            case 0xFE00...0xFE0F, 0xE0000...0xE0FFF: continue
            case 0x200D:
                // The rest of the sequence qualifies the emoji it joins; in other scripts the letters go on.
                if isEmoji { break scan }
                continue
            case 0x1F3FB...0x1F3FF where !cell.isEmpty: continue
            case 0x1F1E6...0x1F1FF:
                flush()
                cell.append(Unicode.Scalar(UInt8(ascii: "A") + UInt8(scalar.value - 0x1F1E6)))
                cellWidth = 1
                continue
            default: break
            }
            let columns = width(scalar)
            if columns > 0 {
                flush()
                cell.append(scalar)
                cellWidth = columns
                isEmoji = scalar.properties.isEmoji
            } else if columns == 0, isMark(scalar) {
                if cell.isEmpty {
                    cell.append(dottedCircle)
                    cellWidth = 1
                }
                if cell.count < scalarsPerCell { cell.append(scalar) }
            } else if columns < 0 {
                flush()
                cell.append(replacement)
                cellWidth = 1
            }
        }
        flush()
    }

    /// A code point that adds to the one before it, and is not merely invisible.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        // The vowels and finals of decomposed Hangul.
        case .otherLetter: (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FF).contains(scalar.value)
        default: false
        }
    }
}

// POSIX has it, but the header shows it only under a feature macro that the Glibc module does not set.
@_silgen_name("wcwidth")
private func libcWidth(_ character: wchar_t) -> Int32
