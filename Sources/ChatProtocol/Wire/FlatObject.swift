import Glibc

/// An object of few members that are plain ASCII strings without escapes, or short whole numbers, as places in its bytes: what nearly
/// every request is, read without a string or an array for what is only looked at.
///
/// Of anything else there is none, right or wrong: that is for ``JSONParser``.
struct FlatObject {
    /// Where a member's value is.
    struct Value {
        fileprivate var part = Part(start: 0, count: -1)
        fileprivate var isText = false

        var isThere: Bool { part.count >= 0 }
    }

    /// Where something is; frames are far shorter than 2 GiB.
    fileprivate struct Part {
        var start: Int32 = 0
        var count: Int32 = 0
    }

    /// The keys that are looked for, as ``word(in:)`` makes them of their text.
    private enum Key {
        static let action = word("action")
        static let id = word("id")
        static let key = word("key")
        static let message = word("message")
        static let sequence = word("seq")
        static let user = word("user")

        private static func word(_ text: StaticString) -> UInt64 {
            text.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        }
    }

    private static let mostMembers = 6

    // Of a repeated key the last counts. Fields and no array: an array would be looked through, and as a part of this copied for that.
    private(set) var action = Value()
    private(set) var id = Value()
    private(set) var key = Value()
    private(set) var message = Value()
    private(set) var sequence = Value()
    private(set) var user = Value()

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// Nothing is in it until it is read: to hand it out as what may be none would move it about.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes the object and the white space before it have, once it was read.
    var length: Int { position }

    /// False if the bytes do not begin with one of this kind. What follows it is not looked at.
    mutating func read() -> Bool {
        guard bytes.count < 1 << 30 else { return false }
        guard take(UInt8(ascii: "{")) else { return false }
        var count = 0
        repeat {
            guard count < Self.mostMembers else { return false }
            var key = Part()
            guard take(UInt8(ascii: "\"")), readText(to: &key), take(UInt8(ascii: ":")) else { return false }
            var value = Value()
            value.isText = take(UInt8(ascii: "\""))
            guard value.isText ? readText(to: &value.part) : readDigits(to: &value.part) else { return false }
            note(value, of: word(in: key))
            count += 1
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    @inline(__always)
    private mutating func note(_ value: Value, of key: UInt64) {
        switch key {
        case Key.action: action = value
        case Key.id: id = value
        case Key.key: self.key = value
        case Key.message: message = value
        case Key.sequence: sequence = value
        case Key.user: user = value
        default: break
        }
    }

    /// Whether nothing but white space follows what was read.
    var isAll: Bool { bytes[position...].allSatisfy(JSONParser.isSpace) }

    private mutating func skipSpace() {
        while position < bytes.count, JSONParser.isSpace(bytes[position]) { position += 1 }
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        // Most have no white space.
        if position < bytes.count, bytes[position] > 0x20 {
            guard bytes[position] == byte else { return false }
        } else {
            skipSpace()
            guard position < bytes.count, bytes[position] == byte else { return false }
        }
        position += 1
        return true
    }

    /// A string whose quotation mark has been taken, and the one at its end.
    private mutating func readText(to part: inout Part) -> Bool {
        let start = position
        position = ByteScan.endOfPlainText(in: bytes, from: position, to: bytes.count)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return false }
        part = Part(start: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: position - start))
        position += 1
        return true
    }

    /// A number that can be nothing but whole and not negative.
    private mutating func readDigits(to part: inout Part) -> Bool {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        let count = position - start
        // What follows a number is a comma or the end of the object, which whoever goes on sees to.
        guard count > 0, count <= 18, count == 1 || bytes[start] != UInt8(ascii: "0") else { return false }
        part = Part(start: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: count))
        return true
    }

    /// Up to eight bytes as a number, the first in the lowest place; 0, which no text makes, for none and for more.
    private func word(in part: Part) -> UInt64 {
        let (start, count) = (Int(part.start), Int(part.count))
        guard count <= 8, count > 0 else { return 0 }
        // What follows is in the way, and where nothing does there is no reading on.
        if start + 8 <= bytes.count {
            return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)) & UInt64.max >> UInt64(64 - 8 * count)
        }
        return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bytes of a string; `nil` if the member is a number, or not there.
    @inline(__always)
    func text(_ value: Value) -> UnsafeRawBufferPointer? { value.isText ? contents(of: value.part) : nil }

    /// A number; `nil` if the member is a string, or not there.
    func number(_ value: Value) -> Int64? {
        guard !value.isText, value.isThere else { return nil }
        var sum: Int64 = 0
        for byte in contents(of: value.part) { sum = sum &* 10 &+ Int64(byte & 15) }
        return sum
    }

    @inline(__always)
    static func equals(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        guard let start = bytes.baseAddress else { return true }
        return memcmp(start, text.utf8Start, bytes.count) == 0
    }

    @inline(__always)
    private func contents(of part: Part) -> UnsafeRawBufferPointer {
        guard let start = bytes.baseAddress else { return bytes }
        return UnsafeRawBufferPointer(start: start + Int(part.start), count: Int(part.count))
    }
}
