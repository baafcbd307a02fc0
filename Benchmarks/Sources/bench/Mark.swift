import Glibc

/// What each message begins with: `^`, its number for its sender in 8 digits, and when it was sent in 16. The rest is padding.
///
/// The receivers look for nothing else, so that all servers' wires cost the generator the same.
enum Mark {
    static let length = 25
    static let sign = UInt8(ascii: "^")

    /// Nanoseconds on the monotonic clock.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// A message of 100 bytes.
    static func text(number: Int) -> String { "^" + digits(UInt64(number), 8) + digits(now(), 16) + padding }

    private static let padding = String(repeating: "x", count: 100 - length)

    private static func digits(_ value: UInt64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: count - text.utf8.count) + text
    }

    static func number(in mark: UnsafeRawBufferPointer) -> Int { Int(value(mark, 1..<9)) }
    static func time(in mark: UnsafeRawBufferPointer) -> UInt64 { value(mark, 9..<25) }

    private static func value(_ mark: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        var value: UInt64 = 0
        for index in range { value = value &* 10 &+ UInt64(mark[index] &- UInt8(ascii: "0")) }
        return value
    }
}

/// Counts a word in a stream that comes in pieces. The word's first byte occurs in it but once, so no two can overlap.
struct Occurrences {
    let word: [UInt8]
    private(set) var count = 0
    private var matched = 0

    init(of word: String) { self.word = Array(word.utf8) }

    mutating func look(in bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var index = 0
        while index < bytes.count {
            if matched == 0 {
                guard let found = memchr(base + index, Int32(word[0]), bytes.count - index) else { return }
                index = UnsafeRawPointer(found) - base + 1
                matched = 1
            } else if bytes[index] == word[matched] {
                matched += 1
                index += 1
            } else {
                // Looked at again, since it may be the first of the word.
                matched = 0
            }
            if matched == word.count {
                count += 1
                matched = 0
            }
        }
    }
}
