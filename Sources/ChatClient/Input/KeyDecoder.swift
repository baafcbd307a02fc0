/// Makes keys of the bytes that a terminal sends: UTF-8, control characters, and the escape sequences of xterm, rxvt, the Linux
/// console, tmux and screen.
///
/// A sequence may be cut anywhere between two reads. A lone ESC cannot be told from the beginning of a sequence, so while
/// ``isPending``, call ``flush()`` when nothing more has come for some 25 ms.
package struct KeyDecoder: Sendable {
    /// What could not be decided yet; shorter than ``longestSequence`` between two feeds.
    private var pending: [UInt8] = []
    /// The paste that is being received.
    private var paste: Paste?

    /// Longer sequences than any terminal sends are swallowed, up to their end.
    private static let longestSequence = 1024

    package init() {}

    /// Whether ``flush()`` would change anything.
    package var isPending: Bool { pending.first == 0x1B && paste == nil }

    /// Whether what comes next begins a key of its own.
    package var isAtRest: Bool { pending.isEmpty && paste == nil }

    /// Returns the keys that are complete with these bytes.
    package mutating func feed(_ bytes: some Collection<UInt8>) -> [Key] { feed(Array(bytes)) }

    package mutating func feed(_ bytes: [UInt8]) -> [Key] {
        pending.append(contentsOf: bytes)
        return decode(isFinal: false)
    }

    /// Nothing follows: what was taken for the beginning of a sequence are keys of their own.
    package mutating func flush() -> [Key] {
        guard isPending else { return [] }
        return decode(isFinal: true)
    }

    private mutating func decode(isFinal: Bool) -> [Key] {
        var keys: [Key] = []
        var text = TextRun()
        var index = 0
        while index < pending.count {
            if paste != nil {
                guard let end = continuePaste(from: index, &keys) else {
                    index = pending.count
                    break
                }
                index = end
                continue
            }
            let byte = pending[index]
            if byte >= 0x20, byte != 0x7F {
                guard let length = text.append(pending[index...]) else { break }
                index += length
                continue
            }
            text.move(to: &keys)
            guard byte == 0x1B else {
                keys.append(Key(control: byte))
                index += 1
                continue
            }
            let rest = pending[index...]
            switch EscapeSequence.read(rest, isFinal: isFinal) {
            case .incomplete where rest.count <= Self.longestSequence:
                keep(from: index)
                return keys
            case .incomplete:
                // Nothing has such long sequences: what is here is dropped, the rest of it will look like text.
                index = pending.count
            case .key(let key, let length):
                keys.append(key)
                index += length
            case .nothing(let length): index += length
            case .pasteBegins(let length):
                paste = Paste()
                index += length
            }
        }
        text.move(to: &keys)
        keep(from: index)
        return keys
    }

    private mutating func keep(from index: Int) { pending.removeFirst(index) }

    /// Returns where the paste ends, or `nil` if it has not yet.
    private mutating func continuePaste(from index: Int, _ keys: inout [Key]) -> Int? {
        var index = index
        while index < pending.count {
            let state = paste?.append(pending[index])
            index += 1
            if state == .ended {
                keys.append(.paste(paste?.text ?? ""))
                paste = nil
                return index
            }
            if state == .hopeless {
                paste = nil
                return index
            }
        }
        return nil
    }
}

extension Key {
    /// The key that sends one control character.
    init(control byte: UInt8) {
        switch byte {
        case 0x08, 0x7F: self = .backspace
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .enter
        case 0x01...0x1A: self = .control(Character(Unicode.Scalar(byte + 0x60)))
        // Control with @ [ \ ] ^ _ clears the same bit.
        default: self = .control(Character(Unicode.Scalar(byte & 0x1F | 0x40)))
        }
    }
}

/// What was pasted, between the two marks of a bracketed paste.
private struct Paste {
    /// No more than this of a paste is kept, in bytes; the rest is dropped.
    static let limit = 64 * 1024
    /// A paste that has not ended by then has lost its end; dropping everything typed for ever would be worse than a mess.
    static let hopeless = 16 * 1024 * 1024

    enum State { case going, ended, hopeless }

    private static let end: [UInt8] = Array("\u{1B}[201~".utf8)

    private var bytes: [UInt8] = []
    private var count = 0
    /// How much of the end mark was just seen.
    private var matched = 0

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ byte: UInt8) -> State {
        count += 1
        if byte == Self.end[matched] {
            matched += 1
            if matched == Self.end.count {
                cutToCharacter()
                return .ended
            }
            return .going
        }
        // ESC begins the mark and is nowhere else in it, so nothing that was matched can be the beginning of another.
        for held in Self.end[..<matched] { keep(held) }
        matched = byte == Self.end[0] ? 1 : 0
        if matched == 0 { keep(byte) }
        return count > Self.hopeless ? .hopeless : .going
    }

    private mutating func keep(_ byte: UInt8) {
        if bytes.count < Self.limit { bytes.append(byte) }
    }

    /// The limit may have cut a character in two.
    private mutating func cutToCharacter() {
        guard bytes.count == Self.limit else { return }
        var start = bytes.count - 1
        while start > 0, bytes.count - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        let length = TextRun.length(of: bytes[start])
        if let length, length > bytes.count - start { bytes.removeLast(bytes.count - start) }
    }
}

/// Printable characters in a row: those that belong together become one character.
private struct TextRun {
    private var scalars = String.UnicodeScalarView()

    /// The length that a sequence with this first byte has; `nil` if none begins with it.
    static func length(of byte: UInt8) -> Int? {
        switch byte {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// Takes one scalar from the front of `bytes` and returns its length; `nil` if more bytes are needed.
    mutating func append(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        guard let length = Self.length(of: first) else {
            scalars.append("\u{FFFD}")
            return 1
        }
        let sequence = bytes.prefix(length)
        // The longest beginning that can still become a character; one byte short of it is where the next one starts (Unicode 3.9).
        var good = 1
        while good < sequence.count, Self.isContinuation(sequence[sequence.startIndex + good], at: good, first) { good += 1 }
        guard good == length else {
            if good == sequence.count, sequence.count < length { return nil }
            scalars.append("\u{FFFD}")
            return good
        }
        let scalar = sequence.withUnsafeBufferPointer { ScalarsOfUTF8($0).first { _ in true } } ?? "\u{FFFD}"
        // C1 control characters are nobody's key.
        if !(0x80...0x9F).contains(scalar.value) { scalars.append(scalar) }
        return length
    }

    /// Ends the run: its characters follow the keys before it.
    mutating func move(to keys: inout [Key]) {
        guard !scalars.isEmpty else { return }
        if let only = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex {
            keys.append(.character(Character(only)))
        } else {
            keys.append(contentsOf: String(scalars).map(Key.character))
        }
        scalars = String.UnicodeScalarView()
    }

    private static func isContinuation(_ byte: UInt8, at index: Int, _ first: UInt8) -> Bool {
        guard index == 1 else { return byte & 0xC0 == 0x80 }
        switch first {
        case 0xE0: return (0xA0...0xBF).contains(byte)
        case 0xED: return (0x80...0x9F).contains(byte)
        case 0xF0: return (0x90...0xBF).contains(byte)
        case 0xF4: return (0x80...0x8F).contains(byte)
        default: return byte & 0xC0 == 0x80
        }
    }
}
