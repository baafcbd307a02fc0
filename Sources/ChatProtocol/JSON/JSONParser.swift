/// Reads one JSON object from bytes: strict (RFC 8259), bounded in depth, and quick enough for the path of every message.
///
/// It is our own because a general decoder costs ten times what the rules behind it do.
package struct JSONParser: ~Copyable {
    package enum Failure: Error, Equatable {
        case unexpectedEnd
        case unexpectedByte(at: Int)
        case badNumber(at: Int)
        case badEscape(at: Int)
        case badUTF8(at: Int)
        case tooDeep
        case trailingBytes(at: Int)
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Parses exactly one object, with white space around it.
    package static func object(in bytes: UnsafeRawBufferPointer) throws(Failure) -> JSONObject {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let object = try parser.object()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw .trailingBytes(at: parser.position) }
        return object
    }

    package static func object(in text: [UInt8]) throws(Failure) -> JSONObject {
        // `withUnsafeBytes` rethrows untyped errors, hence the result.
        let result: Result<JSONObject, Failure> = text.withUnsafeBytes { bytes in
            do throws(Failure) { return .success(try object(in: bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private mutating func skipSpace() {
        while position < bytes.count, JSONParser.isSpace(bytes[position]) { position += 1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private func peek() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw .unexpectedEnd }
        return bytes[position]
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        guard try peek() == byte else { throw .unexpectedByte(at: position) }
        position += 1
    }

    private mutating func value() throws(Failure) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            try expect(word.utf8Start[offset])
        }
        return value
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        guard depth <= WireLimits.depth else { throw .tooDeep }
    }

    private mutating func object() throws(Failure) -> JSONObject {
        try expect(UInt8(ascii: "{"))
        try enter()
        defer { depth -= 1 }
        var object = JSONObject()
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return object
        }
        object.members.reserveCapacity(6)
        while true {
            skipSpace()
            let key = try string()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            object.members.append((key, try value()))
            skipSpace()
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            return object
        }
    }

    private mutating func array() throws(Failure) -> [JSONValue] {
        try expect(UInt8(ascii: "["))
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            return elements
        }
    }

    private mutating func string() throws(Failure) -> String {
        try expect(UInt8(ascii: "\""))
        let start = position
        var isASCII = true
        while true {
            position = ByteScan.endOfPlainText(in: bytes, from: position, to: bytes.count)
            switch try peek() {
            case UInt8(ascii: "\""):
                let text = try isASCII ? ascii(start..<position) : validated(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw .unexpectedByte(at: position)
            default:
                isASCII = false
                position += 1
            }
        }
    }

    private func codeUnits(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        // Bytes may be looked at as what they are.
        UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: UInt8.self)
    }

    /// Text that is known to be ASCII. (The general way to a string validates, and is generic down to the byte.)
    private func ascii(_ range: Range<Int>) -> String { String(decoding: codeUnits(range), as: UTF8.self) }

    private func validated(_ range: Range<Int>) throws(Failure) -> String {
        guard let text = String(validating: codeUnits(range), as: UTF8.self) else { throw .badUTF8(at: range.lowerBound) }
        return text
    }

    /// The slow path: a string with at least one escape, which begins at `start`; `position` is at the first of them.
    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var text: [UInt8] = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw .badUTF8(at: start) }
                return string
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0..<0x20:
                throw .unexpectedByte(at: position)
            default:
                let end = ByteScan.endOfPlainText(in: bytes, from: position + 1, to: bytes.count)
                text.append(contentsOf: codeUnits(position..<end))
                position = end
            }
        }
        throw .unexpectedEnd
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        let at = position
        position += 1
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try unicodeEscape(at: at))).utf8)
        default: throw .badEscape(at: at)
        }
    }

    /// The scalar of `\uXXXX`, or of a pair of surrogates; half a pair becomes the replacement character.
    private mutating func unicodeEscape(at: Int) throws(Failure) -> Unicode.Scalar {
        let unit = try hexadecimal(at: at)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let isHigh = (0xD800...0xDBFF).contains(unit)
        guard isHigh, position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let afterHigh = position
        position += 2
        let low = try hexadecimal(at: at)
        guard (0xDC00...0xDFFF).contains(low) else {
            position = afterHigh
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexadecimal(at: Int) throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count else { throw .unexpectedEnd }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw .badEscape(at: at) }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        var isWhole = true
        func digits(_ parser: inout JSONParser) -> Int {
            let from = parser.position
            while parser.position < parser.bytes.count, (0x30...0x39).contains(parser.bytes[parser.position]) {
                parser.position += 1
            }
            return parser.position - from
        }
        if try peek() == UInt8(ascii: "-") { position += 1 }
        let first = try peek()
        let count = digits(&self)
        guard count > 0 else { throw .unexpectedByte(at: position) }
        guard first != UInt8(ascii: "0") || count == 1 else { throw .badNumber(at: start) }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard digits(&self) > 0 else { throw .badNumber(at: start) }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard digits(&self) > 0 else { throw .badNumber(at: start) }
        }
        // Few enough digits for a sum that cannot overflow: nearly every number.
        if isWhole, position - start <= 18 {
            let isNegative = bytes[start] == UInt8(ascii: "-")
            var sum: Int64 = 0
            for index in (isNegative ? start + 1 : start)..<position { sum = sum &* 10 &+ Int64(bytes[index] & 15) }
            return .int(isNegative ? -sum : sum)
        }
        let text = ascii(start..<position)
        if isWhole, let whole = Int64(text) { return .int(whole) }
        guard let double = Double(text), double.isFinite else { throw .badNumber(at: start) }
        return .double(double)
    }
}
