/// Appends JSON text to bytes. Objects are written member by member, in the order of the calls.
package struct JSONWriter {
    package var bytes: [UInt8]
    private var needsComma = false

    package init(appendingTo bytes: consuming [UInt8] = []) { self.bytes = bytes }

    package mutating func beginObject() {
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    package mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    package mutating func key(_ key: StaticString) {
        let count = key.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(byteCount: count + 4, alignment: 1) { out in
            let end = write(key, to: out)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: out[..<end]))
        }
        needsComma = true
    }

    /// The key with its comma and its colon; returns how many bytes they are, four more than the key at the most.
    private func write(_ key: StaticString, to out: UnsafeMutableRawBufferPointer) -> Int {
        var end = 0
        if needsComma {
            out[end] = UInt8(ascii: ",")
            end += 1
        }
        out[end] = UInt8(ascii: "\"")
        end += 1
        let text = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        UnsafeMutableRawBufferPointer(rebasing: out[end...]).copyMemory(from: text)
        end += text.count
        out[end] = UInt8(ascii: "\"")
        out[end + 1] = UInt8(ascii: ":")
        return end + 2
    }

    /// The longest text that is put together with its key before it is appended.
    private static let shortText = 512

    package mutating func member(_ key: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { utf8 in
            let text = UnsafeRawBufferPointer(utf8)
            guard text.count <= Self.shortText, ByteScan.endOfUnescaped(in: text, from: 0, to: text.count) == text.count else {
                self.key(key)
                string(text)
                return
            }
            // Each append costs as much as many bytes.
            withUnsafeTemporaryAllocation(byteCount: key.utf8CodeUnitCount + 6 + text.count, alignment: 1) { out in
                var end = write(key, to: out)
                out[end] = UInt8(ascii: "\"")
                UnsafeMutableRawBufferPointer(rebasing: out[(end + 1)...]).copyMemory(from: text)
                end += text.count + 2
                out[end - 1] = UInt8(ascii: "\"")
                bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: out[..<end]))
            }
            needsComma = true
        }
    }

    package mutating func member(_ key: StaticString, _ value: Int64) {
        self.key(key)
        integer(value)
    }

    package mutating func member(_ key: StaticString, _ value: Bool) {
        self.key(key)
        raw(value ? "true" : "false")
    }

    package mutating func member(_ key: StaticString, _ names: [UserName]) {
        self.key(key)
        array(names) { writer, name in name.withBytes { writer.string($0) } }
    }

    package mutating func array<Element>(_ elements: [Element], each write: (inout JSONWriter, Element) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): raw(flag ? "true" : "false")
        case .int(let number): integer(number)
        case .double(let number): bytes.append(contentsOf: "\(number)".utf8)
        case .string(let text): string(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let object):
            beginObject()
            for member in object.members {
                if needsComma { bytes.append(UInt8(ascii: ",")) }
                string(member.key)
                bytes.append(UInt8(ascii: ":"))
                self.value(member.value)
                needsComma = true
            }
            endObject()
        }
    }

    package mutating func integer(_ number: Int64) {
        if number >= 0, number < 10 {
            bytes.append(0x30 + UInt8(number))
            return
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number.magnitude
            var start = 20
            repeat {
                start -= 1
                digits[start] = 0x30 + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                start -= 1
                digits[start] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<20]))
        }
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    private mutating func string(_ text: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while true {
            let end = ByteScan.endOfUnescaped(in: text, from: start, to: text.count)
            if end > start { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end])) }
            guard end < text.count else { break }
            escape(text[end])
            start = end + 1
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            raw("u00")
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
