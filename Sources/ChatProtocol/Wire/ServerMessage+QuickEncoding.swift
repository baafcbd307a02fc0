extension ServerMessage {
    /// Appends a message, a broadcast or the confirmation of one, which are nearly all that a server says in numbers, put together in one
    /// piece; false for all others, and for what is long or needs an escape.
    ///
    /// The bytes are those of ``write(into:)``. An append costs as much as many bytes.
    package func encode(quicklyInto bytes: inout [UInt8]) -> Bool {
        switch self {
        case .event(.message(let from, let text, let receipt)):
            QuickLine.append(text, to: &bytes) { line in
                line.add(#"{"action":"receive_message","from":""#)
                line.add(from.text)
                line.add(#"","message":""#)
                line.add(text)
                line.add("\"")
                line.add(receipt)
            }
        case .event(.broadcast(let from, let text, let receipt)):
            QuickLine.append(text, to: &bytes) { line in
                line.add(#"{"action":"receive_broadcast","from":""#)
                line.add(from.text)
                line.add(#"","message":""#)
                line.add(text)
                line.add("\"")
                line.add(receipt)
            }
        case .reply(.message(.success, let receipt?), let id):
            QuickLine.append(id, to: &bytes) { line in
                line.add(#"{"action":"message","status":"SUCCESS""#)
                line.add(receipt)
            }
        case .reply(.broadcast(let sent, let blocked, nil, let receipt?), let id):
            QuickLine.append(id, to: &bytes) { line in
                line.add(#"{"action":"broadcast","n_sent":"#)
                line.add(Int64(sent))
                line.add(#","n_blocked":"#)
                line.add(Int64(blocked))
                line.add(receipt)
            }
        case .event(.delivered(let user, let through)):
            QuickLine.append(nil, to: &bytes) { line in
                line.add(#"{"action":"delivered","user":""#)
                line.add(user.text)
                line.add(#"","seq":"#)
                line.add(Int64(clamping: through))
            }
        default: false
        }
    }
}

/// A line that is put together in a place of its own before it is appended.
private struct QuickLine {
    /// The longest text that goes through here: of a longer one, a copy costs more than a few appends.
    private static let longest = 512
    /// More than everything but the text can have: a name, an id, four numbers and the keys.
    private static let rest = 512

    private let room: UnsafeMutableRawBufferPointer
    private var count = 0

    private init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    /// A line with this text in it; false, and nothing is appended, if that is too long or has anything to escape.
    static func append(_ text: String, to bytes: inout [UInt8], _ members: (inout QuickLine) -> Void) -> Bool {
        guard isPlain(text, upTo: longest) else { return false }
        append(text.utf8.count + rest, to: &bytes, members)
        return true
    }

    /// A line that ends with the request's id; false, and nothing is appended, if that has anything to escape or to be rounded.
    static func append(_ id: RequestID?, to bytes: inout [UInt8], _ members: (inout QuickLine) -> Void) -> Bool {
        switch id?.value {
        case nil: append(rest, to: &bytes, members)
        case .int(let number)?:
            append(rest, to: &bytes) { line in
                members(&line)
                line.add(#","id":"#)
                line.add(number)
            }
        case .string(let text)? where isPlain(text, upTo: 64):
            append(rest, to: &bytes) { line in
                members(&line)
                line.add(#","id":""#)
                line.add(text)
                line.add("\"")
            }
        default: return false
        }
        return true
    }

    private static func append(_ most: Int, to bytes: inout [UInt8], _ members: (inout QuickLine) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: most, alignment: 1) { room in
            var line = QuickLine(room)
            members(&line)
            line.add("}\n")
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<line.count]))
        }
    }

    private static func isPlain(_ text: String, upTo longest: Int) -> Bool {
        text.withBytes { $0.count <= longest && ByteScan.endOfUnescaped(in: $0, from: 0, to: $0.count) == $0.count }
    }

    mutating func add(_ text: StaticString) { add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

    mutating func add(_ text: String) { text.withBytes { add($0) } }

    mutating func add(_ receipt: Reply.Receipt) {
        add(#","seq":"#)
        add(Int64(clamping: receipt.sequence))
        add(#","time":"#)
        add(receipt.time.milliseconds)
    }

    mutating func add(_ number: Int64) {
        // A sign and 19 digits are the most there can be.
        let end = count + 20
        var start = end
        var rest = number.magnitude
        while rest >= 100 {
            start -= 2
            Self.add(rest % 100, to: room, at: start)
            rest /= 100
        }
        if rest >= 10 {
            start -= 2
            Self.add(rest, to: room, at: start)
        } else {
            start -= 1
            room[start] = 0x30 + UInt8(truncatingIfNeeded: rest)
        }
        if number < 0 {
            start -= 1
            room[start] = UInt8(ascii: "-")
        }
        add(UnsafeRawBufferPointer(rebasing: room[start..<end]))
    }

    /// Two digits.
    private static func add(_ number: UInt64, to room: UnsafeMutableRawBufferPointer, at place: Int) {
        room[place] = 0x30 + UInt8(truncatingIfNeeded: number / 10)
        room[place + 1] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: room[count...]).copyMemory(from: bytes)
        count += bytes.count
    }
}
