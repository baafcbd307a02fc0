import Glibc

extension ServerMessage {
    /// Appends a message, a broadcast or the confirmation of one, which are nearly all that a server says in numbers, put together in one
    /// piece; false for all others, and for what is long or needs an escape.
    ///
    /// The bytes are those of ``write(into:)``. An append costs as much as many bytes.
    package func encode(quicklyInto bytes: inout [UInt8]) -> Bool {
        switch self {
        case .event(.message(let from, let text, let receipt)):
            QuickLine.append("receive_message", from, text, receipt, to: &bytes)
        case .event(.broadcast(let from, let text, let receipt)):
            QuickLine.append("receive_broadcast", from, text, receipt, to: &bytes)
        case .reply(.message(.success, let receipt?), let id):
            QuickLine.append(id, to: &bytes) { line in
                line.put(#"{"action":"message","status":"SUCCESS""#)
                line.add(receipt)
            }
        case .reply(.broadcast(let sent, let blocked, nil, let receipt?), let id):
            QuickLine.append(id, to: &bytes) { line in
                line.put(#"{"action":"broadcast","n_sent":"#)
                line.add(Int64(sent))
                line.put(#","n_blocked":"#)
                line.add(Int64(blocked))
                line.add(receipt)
            }
        case .event(.delivered(let user, let through)):
            QuickLine.append(nil, to: &bytes) { line in
                line.put(#"{"action":"delivered","user":""#)
                line.add(user)
                line.put(#"","seq":"#)
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

    /// Where the next byte goes. There is room for all that can come.
    private var end: UnsafeMutableRawPointer

    private init(_ start: UnsafeMutableRawPointer) { end = start }

    /// What somebody said; false, and nothing is appended, if the text is too long or has anything to escape.
    @inline(__always)
    static func append(
        _ action: StaticString, _ from: UserName, _ text: String, _ receipt: Reply.Receipt, to bytes: inout [UInt8]
    ) -> Bool {
        guard isPlain(text, upTo: longest) else { return false }
        append(text.utf8.count + rest, to: &bytes) { line in
            line.put(#"{"action":""#)
            line.put(action)
            line.put(#"","from":""#)
            line.add(from)
            line.put(#"","message":""#)
            line.add(text)
            line.put("\"")
            line.add(receipt)
        }
        return true
    }

    /// A line that ends with the request's id; false, and nothing is appended, if that has anything to escape or to be rounded.
    @inline(__always)
    static func append(_ id: RequestID?, to bytes: inout [UInt8], _ members: (inout QuickLine) -> Void) -> Bool {
        switch id?.value {
        case nil: append(rest, to: &bytes, members)
        case .int(let number)?:
            append(rest, to: &bytes) { line in
                members(&line)
                line.put(#","id":"#)
                line.add(number)
            }
        case .string(let text)? where isPlain(text, upTo: 64):
            append(rest, to: &bytes) { line in
                members(&line)
                line.put(#","id":""#)
                line.add(text)
                line.put("\"")
            }
        default: return false
        }
        return true
    }

    @inline(__always)
    private static func append(_ most: Int, to bytes: inout [UInt8], _ members: (inout QuickLine) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: most, alignment: 1) { room in
            guard let start = room.baseAddress else { return }
            var line = QuickLine(start)
            members(&line)
            line.put("}\n")
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: line.end - start))
        }
    }

    private static func isPlain(_ text: String, upTo longest: Int) -> Bool {
        text.withBytes { $0.count <= longest && ByteScan.endOfUnescaped(in: $0, from: 0, to: $0.count) == $0.count }
    }

    @inline(__always)
    mutating func put(_ text: StaticString) {
        memcpy(end, text.utf8Start, text.utf8CodeUnitCount)
        end += text.utf8CodeUnitCount
    }

    mutating func add(_ text: String) { text.withBytes { add($0) } }

    mutating func add(_ name: UserName) { name.withBytes { add($0) } }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        memcpy(end, start, bytes.count)
        end += bytes.count
    }

    mutating func add(_ receipt: Reply.Receipt) {
        put(#","seq":"#)
        add(Int64(clamping: receipt.sequence))
        put(#","time":"#)
        add(receipt.time.milliseconds)
    }

    mutating func add(_ number: Int64) {
        if number < 0 { put("-") }
        // Two digits at a time from behind, with room for more than any number has, and then to where they belong.
        let last = end + 20
        var place = last
        var rest = number.magnitude
        while rest >= 10 {
            place -= 2
            memcpy(place, Self.pairs.utf8Start + Int(truncatingIfNeeded: rest % 100) * 2, 2)
            rest /= 100
        }
        if rest > 0 || place == last {
            place -= 1
            place.storeBytes(of: 0x30 + UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        }
        memmove(end, place, last - place)
        end += last - place
    }

    /// All numbers of two digits.
    private static var pairs: StaticString {
        """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
    }
}
