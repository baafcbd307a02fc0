extension LineEditor {
    /// Does what `key` means on a line.
    package mutating func handle(_ key: Key) -> Action {
        switch key {
        case .character(let character): return type(character)
        case .paste(let text): return paste(Self.withoutLastNewline(text))
        case .alt(.enter): return paste("\n")
        case .enter: return submit()
        case .backspace: return erase(from: cursor - 1)
        case .delete: return erase(from: cursor)
        case .left, .control("b"): return move(to: cursor - 1)
        case .right, .control("f"): return move(to: cursor + 1)
        case .home, .control("a"): return move(to: 0)
        case .end, .control("e"): return move(to: characters.count)
        case .alt(.character("b")), .alt(.left): return move(to: wordStart())
        case .alt(.character("f")), .alt(.right): return move(to: wordEnd())
        case .control("d"): return erase(from: cursor)
        case .control("k"): return kill(cursor..<characters.count)
        case .control("u"): return kill(0..<cursor)
        case .control("w"): return kill(blankWordStart()..<cursor)
        case .alt(.backspace): return kill(wordStart()..<cursor)
        case .alt(.character("d")), .alt(.delete): return kill(cursor..<wordEnd())
        case .control("y"): return yank()
        case .alt(.character("y")): return yankPop()
        case .control("t"): return transpose()
        case .control("_"): return undoLast()
        case .up: return recall(.older)
        case .down: return recall(.newer)
        default: return .ignored
        }
    }

    // MARK: Typing

    private mutating func type(_ character: Character) -> Action {
        let isAlone = DisplayWidth.standsAlone(character)
        guard let character = isAlone ? character : Self.clean(String(character)).first else { return .ignored }
        if run != .typing || character.utf8.first == 0x20 { record() }
        run = .typing
        // A mark that arrives after its base belongs to it.
        if cursor > 0, !(isAlone && DisplayWidth.standsAlone(characters[cursor - 1])) {
            let joined = String(characters[cursor - 1]) + String(character)
            if joined.count == 1 { return replace(cursor - 1..<cursor, with: Array(joined)) ? .edited : .ignored }
        }
        return replace(cursor..<cursor, with: [character]) ? .edited : .ignored
    }

    private mutating func paste(_ text: some StringProtocol) -> Action {
        let new = Self.clean(String(text))
        guard !new.isEmpty else { return .ignored }
        record()
        run = .other
        return replace(cursor..<cursor, with: new) ? .edited : .ignored
    }

    /// Whole lines were copied: the end of the last one is not the beginning of another.
    private static func withoutLastNewline(_ text: String) -> Substring {
        var text = text[...]
        if text.count > 1, text.last?.isNewline == true { text.removeLast() }
        return text
    }

    private mutating func submit() -> Action {
        let line = text
        history.add(line)
        clear()
        return .submit(line)
    }

    private mutating func erase(from index: Int) -> Action {
        guard characters.indices.contains(index) else { return .ignored }
        record()
        run = .other
        replace(index..<index + 1, with: [])
        return .edited
    }

    // MARK: Moving

    private mutating func move(to index: Int) -> Action {
        run = .other
        let place = max(0, min(characters.count, index))
        guard place != cursor else { return .ignored }
        cursor = place
        return .edited
    }

    private func wordStart() -> Int {
        var index = cursor
        while index > 0, !characters[index - 1].isWord { index -= 1 }
        while index > 0, characters[index - 1].isWord { index -= 1 }
        return index
    }

    private func wordEnd() -> Int {
        var index = cursor
        while index < characters.count, !characters[index].isWord { index += 1 }
        while index < characters.count, characters[index].isWord { index += 1 }
        return index
    }

    /// As Ctrl-W takes a word: whatever stands between blanks.
    private func blankWordStart() -> Int {
        var index = cursor
        while index > 0, characters[index - 1].isWhitespace { index -= 1 }
        while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
        return index
    }

    // MARK: Killing and yanking

    private mutating func kill(_ range: Range<Int>) -> Action {
        guard !range.isEmpty else { return .ignored }
        record()
        let text = String(characters[range])
        kills.add(text, joining: run == .killing ? (range.upperBound == cursor && range.lowerBound < cursor ? .front : .back) : nil)
        replace(range, with: [])
        run = .killing
        return .edited
    }

    private mutating func yank() -> Action {
        guard let text = kills.latest else { return .ignored }
        return insertYank(Array(text), over: cursor..<cursor)
    }

    private mutating func yankPop() -> Action {
        guard case .yanking(let length) = run, let text = kills.rotate() else { return .ignored }
        return insertYank(Array(text), over: cursor - length..<cursor)
    }

    private mutating func insertYank(_ new: [Character], over range: Range<Int>) -> Action {
        record()
        guard replace(range, with: new) else { return .ignored }
        run = .yanking(length: new.count)
        return .edited
    }

    private mutating func transpose() -> Action {
        guard cursor > 0, characters.count > 1 else { return .ignored }
        record()
        run = .other
        let right = min(cursor, characters.count - 1)
        characters.swapAt(right - 1, right)
        cursor = right + 1
        return .edited
    }

    private mutating func undoLast() -> Action {
        guard let state = undo.pop() else { return .ignored }
        place(Array(state.text))
        cursor = min(state.cursor, characters.count)
        run = .other
        return .edited
    }

    // MARK: History

    private mutating func recall(_ direction: LineHistory.Direction) -> Action {
        guard let line = history.move(direction, from: text) else { return .ignored }
        place(Array(line))
        undo = UndoStack()
        run = .other
        return .edited
    }
}

extension Character {
    fileprivate var isWord: Bool { isLetter || isNumber }
}
