/// Letters at the end of the draft, which the terminal may show before anything else is done about them: what they do to the screen is known
/// in advance, and whoever types sees them sooner.
///
/// It holds for the picture that it was made from, while ``Model/takesLetters``. It is a promise that the next picture has the letters
/// where they were shown, and no more: news that come between can break it, so whoever draws that picture looks.
package struct Echo: Equatable, Sendable {
    /// Free columns from the cursor on, without the last, which is the cursor's.
    private var room: Int

    /// - Parameter frame: what the terminal shows.
    /// - Parameter input: where the draft is.
    init?(on frame: Frame, input: Layout.Rectangle) {
        guard let cursor = frame.cursor, input.rows.contains(cursor.row), input.columns.contains(cursor.column) else { return nil }
        let free = frame.row(cursor.row)[cursor.column..<input.columns.upperBound]
        guard free.count > 1, free.allSatisfy({ $0 == .blank }) else { return nil }
        room = free.count - 1
    }

    /// The letter that these bytes from the keyboard are, which goes to where the cursor is; `nil` ends the echo until the next picture.
    ///
    /// Letters of one column alone, which are characters by themselves: of ASCII, and those of two bytes.
    package mutating func take(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard room > 0, let first = bytes.first, let letter = Self.letter(first, bytes.dropFirst()) else { return nil }
        guard DisplayWidth.widthAlone(letter) == 1 else { return nil }
        room -= 1
        return letter
    }

    private static func letter(_ first: UInt8, _ others: ArraySlice<UInt8>) -> Unicode.Scalar? {
        switch first {
        case 0x20..<0x7F where others.isEmpty: return Unicode.Scalar(first)
        case 0xC2...0xDF:
            guard others.count == 1, let second = others.first, second & 0xC0 == 0x80 else { return nil }
            return Unicode.Scalar(UInt32(first & 0x1F) << 6 | UInt32(second & 0x3F))
        default: return nil
        }
    }
}

extension Model {
    /// Letters that may be shown at once on this picture, the last that was drawn; `nil` if they have to be thought about.
    package func echo(on frame: Frame) -> Echo? {
        guard takesLetters, let backdrop else { return nil }
        return Echo(on: frame, input: backdrop.layout.input)
    }

    /// Whether a letter goes to the end of the draft and is shown there as it is.
    package var takesLetters: Bool {
        backdrop != nil && canKeepBackdrop && !isSpoken && prefix == nil && freshSince == nil && !keyMap.bindsCharacters
            && inRoom { $0.editor.takesLetters }
    }
}

extension LineEditor {
    fileprivate var takesLetters: Bool {
        guard cursor == characters.count, bytes + 4 <= Self.limit, !SecretLine.hides(characters) else { return false }
        // What stands before it must not become one character with it.
        return characters.last.map(DisplayWidth.standsAlone) ?? true
    }
}
