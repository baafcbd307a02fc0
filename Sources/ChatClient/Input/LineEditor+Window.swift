extension LineEditor {
    /// The part of the line that a field of `width` cells shows, newlines as ⏎, and the cursor's column in it.
    ///
    /// The cursor is always inside. A line that is too long moves in steps of a third of the field, so that it does not shift with
    /// every key; a mark at the left edge tells that something stands before.
    package func window(width: Int) -> (text: String, cursorColumn: Int) {
        guard width > 0 else { return ("", 0) }
        let before = characters[..<cursor].reduce(0) { $0 + Self.cells($1) }
        let edge = max(0, before - (width - 1))
        let step = max(1, width / 3)
        let target = min(before, edge == 0 ? 0 : (edge + step - 1) / step * step)

        var column = 0
        var index = 0
        while index < cursor, column < target {
            column += Self.cells(characters[index])
            index += 1
        }
        var shown = ""
        var used = 0
        let start = column
        if index > 0, index < cursor {
            let first = Self.cells(characters[index])
            if first > 0 {
                shown = "‹" + String(repeating: " ", count: first - 1)
                used = first
                index += 1
            }
        }
        while index < characters.count {
            let character = characters[index]
            let cells = Self.cells(character)
            if used + cells > width { break }
            if character.isLineFeed {
                shown.append("⏎")
            } else {
                DisplayWidth.append(character, to: &shown)
            }
            used += cells
            index += 1
        }
        return (shown, min(before - start, width - 1))
    }
}
