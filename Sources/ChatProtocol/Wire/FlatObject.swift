import Glibc

/// An object of few members that are plain ASCII strings without escapes, or short whole numbers, as places in its bytes: what nearly
/// every request is, read without a string or an array for what is only looked at.
///
/// Of anything else there is none, right or wrong: that is for ``JSONParser``.
struct FlatObject {
    private struct Member {
        var key = Part()
        var value = Part()
        var isText = false
    }

    /// Where something is; frames are far shorter than 2 GiB.
    private struct Part {
        var start: Int32 = 0
        var count: Int32 = 0
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var members = InlineArray<6, Member>(repeating: Member())
    private var count = 0

    /// Nothing is in it until it is read: to hand it out as what may be none would move it about.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes the object and the white space before it have, once it was read.
    var length: Int { position }

    /// False if the bytes do not begin with one of this kind. What follows it is not looked at.
    mutating func read() -> Bool {
        guard bytes.count < 1 << 30 else { return false }
        guard take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard count < members.count else { return false }
            var member = Member()
            guard take(UInt8(ascii: "\"")), readText(to: &member.key), take(UInt8(ascii: ":")) else { return false }
            member.isText = take(UInt8(ascii: "\""))
            guard member.isText ? readText(to: &member.value) : readDigits(to: &member.value) else { return false }
            members[count] = member
            count += 1
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Whether nothing but white space follows what was read.
    var isAll: Bool { bytes[position...].allSatisfy(JSONParser.isSpace) }

    private mutating func skipSpace() {
        while position < bytes.count, JSONParser.isSpace(bytes[position]) { position += 1 }
    }

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

    /// The place of a member, or `nil`. Of a repeated key the last counts.
    func place(of key: StaticString) -> Int? {
        var place = count - 1
        while place >= 0 {
            if Self.equals(contents(of: members[place].key), key) { return place }
            place -= 1
        }
        return nil
    }

    /// The bytes of a string of that name.
    func text(of key: StaticString) -> UnsafeRawBufferPointer? {
        guard let place = place(of: key) else { return nil }
        return text(at: place)
    }

    /// The bytes of a string; `nil` if the member is a number.
    func text(at place: Int) -> UnsafeRawBufferPointer? {
        members[place].isText ? contents(of: members[place].value) : nil
    }

    /// A number; `nil` if the member is a string.
    func number(at place: Int) -> Int64? {
        guard !members[place].isText else { return nil }
        var sum: Int64 = 0
        for byte in contents(of: members[place].value) { sum = sum &* 10 &+ Int64(byte & 15) }
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
