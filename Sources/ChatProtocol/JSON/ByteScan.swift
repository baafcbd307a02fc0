/// Finds the end of a run of bytes that need no thought: sixteen at a time, then eight, then one.
///
/// Of eight bytes each test marks the highest bit of those that match. A borrow can mark bytes above a match as well, never below one,
/// and only the lowest mark is looked at.
enum ByteScan {
    private typealias Sixteen = SIMD16<UInt8>
    private typealias Mask = SIMDMask<SIMD16<Int8>>

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first byte from `start` that is a quotation mark or a backslash; the end if there is none.
    @inline(__always)
    static func endOfString(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        first(in: bytes, from: start, to: end) {
            delimiters($0)
        } orOfEight: {
            equal($0, 0x22) | equal($0, 0x5C)
        }
    }

    /// The first byte from `start` that is a quotation mark, a backslash, a control character (0x00 to 0x1F) or not ASCII.
    @inline(__always)
    static func endOfPlainText(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        first(in: bytes, from: start, to: end) {
            delimiters($0) .| controls($0) .| ($0 .>= Sixteen(repeating: 0x80))
        } orOfEight: {
            equal($0, 0x22) | equal($0, 0x5C) | controls($0) | ($0 & highs)
        }
    }

    /// The first byte from `start` that is written as an escape: a quotation mark, a backslash or a control character, DEL included.
    @inline(__always)
    static func endOfUnescaped(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        first(in: bytes, from: start, to: end) {
            delimiters($0) .| controls($0) .| ($0 .== Sixteen(repeating: 0x7F))
        } orOfEight: {
            equal($0, 0x22) | equal($0, 0x5C) | controls($0) | equal($0, 0x7F)
        }
    }

    /// The first byte from `start` that is a space, a control character (0x00 to 0x1F, 0x7F) or not ASCII.
    @inline(__always)
    static func endOfWord(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        first(in: bytes, from: start, to: end) {
            ($0 .< Sixteen(repeating: 0x21)) .| ($0 .>= Sixteen(repeating: 0x7F))
        } orOfEight: {
            (($0 &- ones &* 0x21) & ~$0 | ($0 &+ ones) | $0) & highs
        }
    }

    @inline(__always)
    private static func delimiters(_ bytes: Sixteen) -> Mask {
        (bytes .== Sixteen(repeating: 0x22)) .| (bytes .== Sixteen(repeating: 0x5C))
    }

    @inline(__always)
    private static func controls(_ bytes: Sixteen) -> Mask { bytes .< Sixteen(repeating: 0x20) }

    @inline(__always)
    private static func equal(_ word: UInt64, _ byte: UInt64) -> UInt64 {
        let difference = word ^ (ones &* byte)
        return (difference &- ones) & ~difference & highs
    }

    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 { (word &- ones &* 0x20) & ~word & highs }

    @inline(__always)
    private static func first(
        in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, where isAmong: (Sixteen) -> Mask,
        orOfEight matches: (UInt64) -> UInt64
    ) -> Int {
        var index = start
        // Most runs are keys and names, and end here.
        if index + 8 <= end {
            let found = matches(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index + 16 <= end {
            let mask = isAmong(bytes.loadUnaligned(fromByteOffset: index, as: Sixteen.self))
            let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
            if halves[0] | halves[1] != 0 { break }
            index += 16
        }
        while index + 8 <= end {
            let found = matches(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        // What is left: with bytes before it that are known to match nothing, or behind it.
        if index < end, end - start >= 8 {
            let found = matches(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self)))
            return found == 0 ? end : end - 8 + found.trailingZeroBitCount / 8
        }
        while index < end {
            if matches(UInt64(bytes[index]) | 0x6161_6161_6161_6100) != 0 { return index }
            index += 1
        }
        return end
    }
}
