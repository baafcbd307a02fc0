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
    private var members = InlineArray<6, Member>(repeating: Member())
    private var count = 0

    init?(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        guard bytes.count < 1 << 30, read() else { return nil }
    }

    private mutating func read() -> Bool {
        var position = 0
        guard take(UInt8(ascii: "{"), at: &position) else { return false }
        repeat {
            guard count < members.count, let key = text(at: &position), take(UInt8(ascii: ":"), at: &position) else { return false }
            skipSpace(at: &position)
            guard position < bytes.count else { return false }
            var member = Member(key: key)
            if bytes[position] == UInt8(ascii: "\"") {
                guard let value = text(at: &position) else { return false }
                member.value = value
                member.isText = true
            } else {
                guard let value = digits(at: &position) else { return false }
                member.value = value
            }
            members[count] = member
            count += 1
        } while take(UInt8(ascii: ","), at: &position)
        guard take(UInt8(ascii: "}"), at: &position) else { return false }
        skipSpace(at: &position)
        return position == bytes.count
    }

    private func skipSpace(at position: inout Int) {
        while position < bytes.count, JSONParser.isSpace(bytes[position]) { position += 1 }
    }

    private func take(_ byte: UInt8, at position: inout Int) -> Bool {
        skipSpace(at: &position)
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private func text(at position: inout Int) -> Part? {
        guard take(UInt8(ascii: "\""), at: &position) else { return nil }
        let start = position
        position = ByteScan.endOfPlainText(in: bytes, from: position, to: bytes.count)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
        defer { position += 1 }
        return Part(start: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: position - start))
    }

    /// A number that can be nothing but whole and not negative.
    private func digits(at position: inout Int) -> Part? {
        let start = position
        while position < bytes.count, 0x30...0x39 ~= bytes[position] { position += 1 }
        let count = position - start
        // What follows a number is a comma or the end of the object, which whoever goes on sees to.
        guard 1...18 ~= count, count == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
        return Part(start: Int32(truncatingIfNeeded: start), count: Int32(truncatingIfNeeded: count))
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

    /// The bytes of a string; `nil` if the member is a number.
    func text(at place: Int) -> UnsafeRawBufferPointer? {
        members[place].isText ? contents(of: members[place].value) : nil
    }

    /// A number; `nil` if the member is a string.
    func number(at place: Int) -> Int64? {
        guard !members[place].isText else { return nil }
        return contents(of: members[place].value).reduce(0) { $0 &* 10 &+ Int64($1 & 15) }
    }

    static func equals(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        guard let start = bytes.baseAddress else { return true }
        return memcmp(start, text.utf8Start, bytes.count) == 0
    }

    private func contents(of span: Part) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[Int(span.start)..<Int(span.start) + Int(span.count)])
    }
}
