/// Breaks text into lines of the screen.
///
/// A line ends at a newline, or at the last space that fits (the spaces there are not drawn), or, in a word longer than a line or
/// between wide characters, wherever the line is full. Nothing else is lost or changed, so the lines are slices of the text.
package enum Wrapper {
    /// The lines of `text`, each at most `width` cells; always at least one.
    ///
    /// - Parameter first: the width of the first line, if it differs. A first line of less than one cell is left empty.
    ///   A character wider than `width` has a line of its own and is cut by whoever draws it.
    package static func lines(_ text: String, width: Int, first: Int? = nil) -> [Substring] {
        let width = max(1, width)
        let first = min(first ?? width, width)
        if first < 1 { return [text.prefix(0)] + lines(text, width: width) }
        if text.utf8.count <= first, isPlain(text) { return [text[...]] }

        var lines: [Substring] = []
        var limit = first
        var start = text.startIndex
        var cells = 0
        /// Where the line would end and the next begin if it broke at the last space, and the cells since.
        var space: (end: String.Index, next: String.Index)?
        var cellsAfterSpace = 0
        var index = start

        func isBlank(_ character: Character) -> Bool { character.utf8.first == 0x20 && character.utf8.count == 1 }

        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character.isLineBreak {
                lines.append(text[start..<index])
                limit = width
                start = next
                cells = 0
                space = nil
                index = next
                continue
            }
            let columns = DisplayWidth.cells(character)
            if cells + columns > limit {
                limit = width
                if isBlank(character) {
                    // The spaces at the break belong to no line.
                    lines.append(text[start..<(trailing(space, before: index) ?? index)])
                    var after = next
                    while after < text.endIndex, isBlank(text[after]) { after = text.index(after: after) }
                    start = after
                    index = after
                    cells = 0
                    space = nil
                    if after < text.endIndex, text[after] == "\n" {
                        start = text.index(after: after)
                        index = start
                    }
                    if index == text.endIndex { return lines }
                    continue
                }
                if let place = space, place.end > start {
                    lines.append(text[start..<place.end])
                    start = place.next
                    cells = cellsAfterSpace
                    space = nil
                    // What is left may still be too much for a narrow line: look at this character again.
                    continue
                }
                if index > start {
                    lines.append(text[start..<index])
                    start = index
                    cells = 0
                    space = nil
                    continue
                }
                // One character that is wider than a whole line.
            }
            cells += columns
            if isBlank(character) {
                if let place = space, place.next == index {
                    space = (place.end, next)
                } else {
                    space = (index, next)
                }
                cellsAfterSpace = 0
            } else {
                cellsAfterSpace += columns
                if columns > 1 {
                    // Ideographs need no space to break after them.
                    space = (next, next)
                    cellsAfterSpace = 0
                }
            }
            index = next
        }
        lines.append(text[start...])
        return lines
    }

    private static func trailing(_ space: (end: String.Index, next: String.Index)?, before index: String.Index) -> String.Index? {
        guard let space, space.next == index else { return nil }
        return space.end
    }

    private static func isPlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
    }
}

extension Character {
    /// `\n` or `\r\n`. `==` would look at how the other is composed, for each that is not ASCII.
    fileprivate var isLineBreak: Bool { utf8.first == 0x0A || utf8.first == 0x0D && utf8.count == 2 }
}
