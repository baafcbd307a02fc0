import ChatCore
import ChatProtocol

/// Keys with what they were answered, oldest first, one behind the other as bytes.
///
/// Of each: a byte that tells the key's form and length; the key, of which 32 hexadecimal digits, as our own clients make them, are
/// 16 bytes; the place in the stream and the time; and of a broadcast how many got it and how many have blocked the sender.
/// A change needs a migration.
struct PackedKeys {
    private enum Form {
        static let broadcast: UInt8 = 0x80
        static let hexadecimal: UInt8 = 0x40
        static let length: UInt8 = 0x3F
    }

    var bytes: [UInt8] = []

    /// What an entry has at most: its account, its form, a key and four numbers.
    private static let longest = 10 + 1 + 64 + 4 * 10

    /// - Parameter head: a number that comes before it.
    mutating func append(head: UInt64? = nil, _ key: MessageKey, _ reply: KeptReply) {
        withUnsafeTemporaryAllocation(byteCount: Self.longest, alignment: 8) { room in
            // An append costs as much as many bytes.
            var entry = Entry(room: room)
            if let head { entry.add(head) }
            entry.add(key, form: reply.audience == nil ? 0 : Form.broadcast)
            entry.add(reply.receipt.sequence)
            entry.add(UInt64(bitPattern: reply.receipt.time.milliseconds))
            if let audience = reply.audience {
                entry.add(UInt64(UInt32(bitPattern: audience.sent)))
                entry.add(UInt64(UInt32(bitPattern: audience.blocked)))
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<entry.count]))
        }
    }

    mutating func append(_ number: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: Self.longest, alignment: 8) { room in
            var entry = Entry(room: room)
            entry.add(number)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<entry.count]))
        }
    }

    private struct Entry {
        let room: UnsafeMutableRawBufferPointer
        var count = 0

        mutating func add(_ key: MessageKey, form: UInt8) {
            switch key.form {
            case .number(let number):
                room[count] = form | Form.hexadecimal | 15
                room.storeBytes(of: number.first.littleEndian, toByteOffset: count + 1, as: UInt64.self)
                room.storeBytes(of: number.second.littleEndian, toByteOffset: count + 9, as: UInt64.self)
                count += 17
            case .text(var text):
                text.withUTF8 { text in
                    room[count] = form | UInt8(text.count - 1)
                    UnsafeMutableRawBufferPointer(rebasing: room[(count + 1)...]).copyMemory(from: UnsafeRawBufferPointer(text))
                    count += 1 + text.count
                }
            }
        }

        /// Seven bits a byte, the lowest first, with the eighth set while more follow.
        mutating func add(_ number: UInt64) {
            var rest = number
            while rest >= 0x80 {
                room[count] = UInt8(truncatingIfNeeded: rest) | 0x80
                rest >>= 7
                count += 1
            }
            room[count] = UInt8(rest)
            count += 1
        }
    }

    /// Goes over packed bytes; `nil` where they are not what they should be.
    struct Reader {
        let bytes: [UInt8]
        private(set) var index = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func number() -> UInt64? {
            var number: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard index < bytes.count else { return nil }
                let byte = bytes[index]
                index += 1
                number |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return number }
            }
            return nil
        }

        /// Where the next key is, with its reply.
        mutating func skip() -> Range<Int>? {
            let start = index
            guard let form = text()?.form else { return nil }
            for _ in 0..<(form & Form.broadcast == 0 ? 2 : 4) where number() == nil { return nil }
            return start..<index
        }

        mutating func next() -> StoredKey? {
            guard let (form, text) = text(), let sequence = number(), let time = number() else { return nil }
            let receipt = Reply.Receipt(sequence: sequence, time: Timestamp(milliseconds: Int64(bitPattern: time)))
            var audience: KeptReply.Audience?
            if form & Form.broadcast != 0 {
                guard let sent = number(), let blocked = number() else { return nil }
                audience = KeptReply.Audience(
                    sent: Int32(truncatingIfNeeded: sent), blocked: Int32(truncatingIfNeeded: blocked))
            }
            let key = form & Form.hexadecimal == 0 ? MessageKey(String(decoding: bytes[text], as: UTF8.self)) : number(text)
            return key.map { StoredKey(key: $0, reply: KeptReply(receipt: receipt, audience: audience).reply) }
        }

        private mutating func text() -> (form: UInt8, Range<Int>)? {
            guard index < bytes.count else { return nil }
            let form = bytes[index]
            let start = index + 1
            let end = start + Int(form & Form.length) + 1
            guard end <= bytes.count else { return nil }
            index = end
            return (form, start..<end)
        }

        private func number(_ range: Range<Int>) -> MessageKey? {
            guard range.count == 16 else { return nil }
            func half(_ offset: Int) -> UInt64 {
                bytes[range].dropFirst(offset).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            }
            return MessageKey(HexadecimalNumber(first: half(0), second: half(8)))
        }
    }

    /// Where each of the keys is.
    var ranges: [Range<Int>] {
        var reader = Reader(bytes)
        var ranges: [Range<Int>] = []
        while let range = reader.skip() { ranges.append(range) }
        return ranges
    }

    /// The latest keys, oldest first.
    func latest(_ count: Int) -> [StoredKey] {
        ranges.suffix(count).compactMap { range in
            var reader = Reader(Array(bytes[range]))
            return reader.next()
        }
    }
}
