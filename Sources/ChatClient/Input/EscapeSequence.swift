/// What an escape sequence stands for (ECMA-48 for the form, xterm's ctlseqs and rxvt's reference for the meaning).
enum EscapeSequence: Equatable {
    case incomplete
    case key(Key, length: Int)
    /// A sequence that is no key: swallowed whole.
    case nothing(length: Int)
    case pasteBegins(length: Int)

    /// Reads one sequence from the front of `bytes`, which begin with ESC.
    ///
    /// - Parameter isFinal: nothing follows for now, so what could go on is taken for what it is.
    static func read(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> EscapeSequence {
        let start = bytes.startIndex
        guard bytes.count > 1 else { return isFinal ? .key(.escape, length: 1) : .incomplete }
        let second = bytes[start + 1]
        if bytes.count == 2, isFinal { return second == 0x1B ? .key(.escape, length: 1) : alt(bytes) ?? .nothing(length: 2) }
        switch second {
        case UInt8(ascii: "["): return control(bytes, isFinal: isFinal)
        case UInt8(ascii: "O"): return single(bytes, isFinal: isFinal)
        case UInt8(ascii: "]"), UInt8(ascii: "P"):
            guard bytes.count > 2 else { return .incomplete }
            return string(bytes, isFinal: isFinal) ?? alt(bytes) ?? .incomplete
        case 0x1B:
            // rxvt puts ESC before a sequence for Alt.
            guard bytes.count > 2 else { return .incomplete }
            let third = bytes[start + 2]
            guard third == UInt8(ascii: "[") || third == UInt8(ascii: "O") else { return .key(.escape, length: 1) }
            switch read(bytes.dropFirst(), isFinal: isFinal) {
            case .incomplete: return .incomplete
            case .key(.alt(let key), let length), .key(let key, let length): return .key(.alt(key), length: length + 1)
            case .nothing(let length): return .nothing(length: length + 1)
            case .pasteBegins(let length): return .pasteBegins(length: length + 1)
            }
        default: return alt(bytes) ?? (isFinal ? .nothing(length: bytes.count) : .incomplete)
        }
    }

    /// ESC before a key: that key with Alt. `nil` if the key is not complete.
    private static func alt(_ bytes: ArraySlice<UInt8>) -> EscapeSequence? {
        let byte = bytes[bytes.startIndex + 1]
        if byte < 0x20 || byte == 0x7F { return .key(.alt(Key(control: byte)), length: 2) }
        let length: Int =
            switch byte {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard bytes.count > length else { return nil }
        let text = String(decoding: bytes.dropFirst().prefix(length), as: UTF8.self)
        guard text.count == 1, let character = text.first else { return .nothing(length: 1) }
        return .key(.alt(.character(character)), length: 1 + length)
    }

    /// `ESC O` with a letter, from keypads and from the keys of application mode.
    private static func single(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> EscapeSequence {
        var index = bytes.startIndex + 2
        var parameters = Parameters()
        while index < bytes.endIndex, parameters.take(bytes[index]) { index += 1 }
        guard index < bytes.endIndex else { return isFinal ? .nothing(length: bytes.count) : .incomplete }
        let length = index - bytes.startIndex + 1
        let byte = bytes[index]
        let key: Key? =
            switch byte {
            case UInt8(ascii: "M"): .enter
            case UInt8(ascii: "I"): .tab
            case UInt8(ascii: "X"): .character("=")
            case UInt8(ascii: "j")...UInt8(ascii: "y"): .character(Character(Unicode.Scalar(byte - 0x40)))
            default: letter(byte, modifier: max(parameters[0], parameters[1]), isSingle: true)
            }
        if let key { return .key(key, length: length) }
        // Not a sequence at all but a control character or the beginning of another: leave that alone.
        return .nothing(length: byte < 0x20 || byte >= 0x7F ? length - 1 : length)
    }

    /// `ESC [`, parameters, and a final byte.
    private static func control(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> EscapeSequence {
        var index = bytes.startIndex + 2
        var parameters = Parameters()
        while index < bytes.endIndex, parameters.take(bytes[index]) { index += 1 }
        var hasIntermediate = false
        while index < bytes.endIndex, (0x20...0x2F).contains(bytes[index]) {
            // rxvt ends the sequences of keys with Shift in a dollar, which is otherwise no final byte.
            if bytes[index] == UInt8(ascii: "$"), !parameters.isPrivate { break }
            hasIntermediate = true
            index += 1
        }
        guard index < bytes.endIndex else { return isFinal ? .nothing(length: bytes.count) : .incomplete }
        let final = bytes[index]
        let length = index - bytes.startIndex + 1
        guard final == UInt8(ascii: "$") || (0x40...0x7E).contains(final) else { return .nothing(length: length - 1) }
        if length == 3 {
            switch final {
            case UInt8(ascii: "["):
                // The Linux console's F1 to F5.
                guard index + 1 < bytes.endIndex else { return isFinal ? .nothing(length: length) : .incomplete }
                let number = Int(bytes[index + 1]) - 0x40
                return (1...5).contains(number) ? .key(.function(number), length: length + 1) : .nothing(length: length)
            case UInt8(ascii: "M"):
                // The oldest form of a mouse report: three bytes follow.
                return bytes.count >= 6 ? .nothing(length: 6) : isFinal ? .nothing(length: bytes.count) : .incomplete
            default: break
            }
        }
        if parameters.isMouse, !hasIntermediate, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") {
            let event = MouseEvent(
                button: parameters[0], column: parameters[1], row: parameters[2], isRelease: final == UInt8(ascii: "m"))
            return event.map { .key(.mouse($0), length: length) } ?? .nothing(length: length)
        }
        if parameters.isPrivate || hasIntermediate { return .nothing(length: length) }
        if final == UInt8(ascii: "~"), parameters[0] == 200 { return .pasteBegins(length: length) }
        guard let key = key(final, parameters) else { return .nothing(length: length) }
        return .key(key, length: length)
    }

    private static func key(_ final: UInt8, _ parameters: Parameters) -> Key? {
        switch final {
        case UInt8(ascii: "~") where parameters[0] == 27: coded(parameters[2], modifier: parameters[1])
        case UInt8(ascii: "u"): coded(parameters[0], modifier: parameters[1])
        case UInt8(ascii: "~"): numbered(parameters[0])?.modified(by: parameters[1])
        case UInt8(ascii: "$"): numbered(parameters[0])
        case UInt8(ascii: "^"), UInt8(ascii: "@"): numbered(parameters[0])?.modified(by: 5)
        // Where the cursor is, not F3, unless it is in the first line: nothing here asks for it.
        case UInt8(ascii: "R") where parameters[0] > 1 || parameters[1] == 1: nil
        default: letter(final, modifier: parameters[1])
        }
    }

    /// Keys that are told by the last letter. rxvt uses small letters for arrows with Shift, and with Control after `ESC O`.
    private static func letter(_ byte: UInt8, modifier: Int, isSingle: Bool = false) -> Key? {
        let key: Key
        switch byte {
        case UInt8(ascii: "A"): key = .up
        case UInt8(ascii: "B"): key = .down
        case UInt8(ascii: "C"): key = .right
        case UInt8(ascii: "D"): key = .left
        case UInt8(ascii: "H"): key = .home
        case UInt8(ascii: "F"): key = .end
        case UInt8(ascii: "P")...UInt8(ascii: "S"): key = .function(Int(byte - UInt8(ascii: "P")) + 1)
        case UInt8(ascii: "Z"): return .backtab
        case UInt8(ascii: "I"): return .focusIn
        case UInt8(ascii: "O"): return .focusOut
        case UInt8(ascii: "a")...UInt8(ascii: "d"):
            return letter(byte - 0x20, modifier: isSingle ? 5 : modifier)
        default: return nil
        }
        return key.modified(by: modifier)
    }

    private static func numbered(_ number: Int) -> Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23...26: .function(number - 12)
        case 28, 29: .function(number - 13)
        case 31...34: .function(number - 14)
        default: nil
        }
    }

    /// A key told by its code point (`modifyOtherKeys` and `CSI u`).
    private static func coded(_ code: Int, modifier: Int) -> Key? {
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
        let bits = Modifier(modifier)
        var key: Key
        switch code {
        case 9: key = bits.hasShift ? .backtab : .tab
        case 13: key = .enter
        case 27: key = .escape
        case 8, 127: key = .backspace
        case 0..<32, 128..<160: return nil
        // Keys that have no character sit in a private area.
        case 57344...63743: return nil
        default:
            let character = Character(scalar)
            if bits.hasControl, code < 128 {
                key = .control(Character(character.lowercased()))
            } else {
                key = .character(character)
            }
        }
        if bits.hasAlt { key = .alt(key) }
        return key
    }
}

/// The numbers of a sequence; absent ones are 0.
private struct Parameters {
    private var numbers = [0]
    /// Begins with one of `< = > ?`: an answer of the terminal or a report of the mouse, never a key.
    private(set) var isPrivate = false
    /// Begins with `<`: a report of the mouse in today's form.
    private(set) var isMouse = false

    subscript(index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

    /// Takes a parameter byte; `false` for any other.
    mutating func take(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = numbers[numbers.count - 1]
            numbers[numbers.count - 1] = min(number * 10 + Int(byte - UInt8(ascii: "0")), 10_000_000)
        case UInt8(ascii: ";"), UInt8(ascii: ":"): numbers.append(0)
        case 0x3C...0x3F:
            isPrivate = true
            isMouse = byte == UInt8(ascii: "<")
        default: return false
        }
        return true
    }
}

/// The number in which a sequence tells of Shift (1), Alt (2), Control (4) and Meta (8), plus one.
private struct Modifier {
    private let bits: Int

    init(_ number: Int) { bits = max(0, number - 1) }

    var hasShift: Bool { bits & 1 != 0 }
    var hasAlt: Bool { bits & 2 != 0 || bits & 8 != 0 }
    var hasControl: Bool { bits & 4 != 0 }
}

extension Key {
    /// Alt and Control do the same on keys without a character, as in most readline configurations; Shift does nothing.
    fileprivate func modified(by number: Int) -> Key {
        let modifier = Modifier(number)
        return modifier.hasAlt || modifier.hasControl ? .alt(self) : self
    }
}

extension EscapeSequence {
    /// What the answer begins with to the one question that is asked.
    private static let backgroundHead = Array("\u{1B}]11;".utf8)
    /// Longer than any answer.
    private static let backgroundBound = 64

    /// The terminal's background, or `nil` if these bytes are another thing.
    ///
    /// A slow line may cut the answer in two with a pause between: it is waited for beyond that, as the rest would look like text that
    /// is typed. What cannot be part of a colour ends it, so that no key is lost if the rest never comes.
    private static func background(_ bytes: ArraySlice<UInt8>) -> EscapeSequence? {
        let start = bytes.startIndex
        guard bytes.starts(with: backgroundHead) else { return backgroundHead.starts(with: bytes) ? .incomplete : nil }
        let first = start + backgroundHead.count
        var index = first
        while index < bytes.endIndex, index - start < backgroundBound {
            let byte = bytes[index]
            if byte == 0x1B, index + 1 == bytes.endIndex { return .incomplete }
            let isString = byte == 0x1B && bytes[index + 1] == UInt8(ascii: "\\")
            if byte == 0x07 || isString {
                let length = index - start + (isString ? 2 : 1)
                let color = String(decoding: bytes[first..<index], as: UTF8.self)
                return Background(color: color).map { .key(.background($0), length: length) } ?? .nothing(length: length)
            }
            guard byte.isHexadecimal || "rgba:/#".utf8.contains(byte) else { return .nothing(length: index - start) }
            index += 1
        }
        return index - start < backgroundBound ? .incomplete : .nothing(length: index - start)
    }

    /// An answer of the terminal: `ESC ]` or `ESC P`, text, and BEL or `ESC \`. `nil` if it is a key with Alt instead.
    private static func string(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> EscapeSequence? {
        let third = bytes[bytes.startIndex + 2]
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(third)
        let isDevice = bytes[bytes.startIndex + 1] == UInt8(ascii: "P") && [0x21, 0x24, 0x2B, 0x3D, 0x3E].contains(third)
        guard isDigit || isDevice else { return nil }
        if let answer = background(bytes) { return answer }
        var index = bytes.startIndex + 3
        while index < bytes.endIndex {
            if bytes[index] == 0x07 { return .nothing(length: index - bytes.startIndex + 1) }
            if bytes[index] == 0x1B {
                guard index + 1 < bytes.endIndex else { break }
                let isEnd = bytes[index + 1] == UInt8(ascii: "\\")
                return .nothing(length: index - bytes.startIndex + (isEnd ? 2 : 0))
            }
            index += 1
        }
        return isFinal ? .nothing(length: bytes.count) : .incomplete
    }
}
