import ChatClient

/// Links (OSC 8), which ncurses cannot carry: after it has drawn, their cells are written once more, as they are, as links.
///
/// A terminal keeps the link with the cell until something else is written there. ncurses writes any cell of a row that has changed, or
/// leaves it; so in these rows everything is written that is a link or was one. The cursor and its colours are saved and brought back,
/// and ncurses need not know.
struct LinkWriter {
    /// What to write after the frame was drawn; empty for nothing.
    ///
    /// - Parameter shown: the frame before; `nil` if the screen was cleared.
    static func text(for frame: Frame, after shown: Frame?) -> String {
        guard !frame.links.isEmpty || shown?.links.isEmpty == false else { return "" }
        var text = ""
        for number in 0..<frame.height {
            let old = shown.flatMap { $0.width == frame.width && number < $0.height ? $0.row(number) : nil }
            let row = frame.row(number)
            if let old, old == row { continue }
            write(row, at: number, after: old, of: frame, to: &text)
        }
        return text.isEmpty ? "" : "\u{1B}7" + text + "\u{1B}[0m\u{1B}8"
    }

    private static func write(_ row: [Cell], at number: Int, after old: [Cell]?, of frame: Frame, to text: inout String) {
        var column = 0
        /// How the last cell was written; `nil` where the cursor is elsewhere.
        var last: (link: UInt16, style: Style)?
        while column < row.count {
            let cell = row[column]
            let wasLink = old.map { $0.indices.contains(column) && $0[column].link != 0 } ?? false
            defer { column += 1 }
            guard cell.link != 0 || wasLink else {
                close(&last, &text)
                continue
            }
            // The right half of a wide character.
            if cell.width == 0 { continue }
            if last == nil { text += "\u{1B}[\(number + 1);\(column + 1)H" }
            if last?.link != cell.link {
                if let last, last.link != 0 { text += "\u{1B}]8;;\u{1B}\\" }
                if cell.link != 0, let target = frame.links[cell.link] { text += "\u{1B}]8;id=b\(cell.link);\(target)\u{1B}\\" }
            }
            if last?.style != cell.style { text += cell.style.sequence }
            last = (cell.link, cell.style)
            text.append(frame.text(of: cell.glyph))
        }
        close(&last, &text)
    }

    private static func close(_ last: inout (link: UInt16, style: Style)?, _ text: inout String) {
        if let last, last.link != 0 { text += "\u{1B}]8;;\u{1B}\\" }
        last = nil
    }
}

extension Style {
    /// SGR: everything off, then this.
    fileprivate var sequence: String {
        var codes = "0"
        if attributes.contains(.bold) { codes += ";1" }
        if attributes.contains(.dim) { codes += ";2" }
        if attributes.contains(.underline) { codes += ";4" }
        if attributes.contains(.reverse) { codes += ";7" }
        if let foreground { codes += Self.codes(foreground, 30) }
        if let background { codes += Self.codes(background, 40) }
        return "\u{1B}[\(codes)m"
    }

    private static func codes(_ color: UInt8, _ base: Int) -> String {
        switch color {
        case ..<8: ";\(base + Int(color))"
        case ..<16: ";\(base + 52 + Int(color))"
        default: ";\(base + 8);5;\(color)"
        }
    }
}
