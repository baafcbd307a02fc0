/// The name of an account: 1 to 32 of `A-Z a-z 0-9 _ . -`, case-sensitive.
///
/// Kept as plain numbers: every message carries several names through many hands, and as strings they would be most of what that costs.
package struct UserName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes from first to last, the first in the highest place, and zeros behind them, which no name has within.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Returns `nil` for a text that no account can have as its name.
    package init?(_ text: some StringProtocol) {
        // Contiguous text is looked at several times as fast as through its view.
        var text = String(text)
        guard let name = text.withUTF8({ UserName(ascii: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = name
    }

    /// The same of its bytes.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        guard (1...32).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        self.words = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    package var text: String { withBytes { String(ascii: $0) } }

    package var description: String { text }

    /// The name's bytes, as long as `body` runs.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let bytes = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return withUnsafeBytes(of: bytes) { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    private var count: Int {
        let free =
            if words.3 != 0 {
                words.3.trailingZeroBitCount
            } else if words.2 != 0 {
                64 + words.2.trailingZeroBitCount
            } else {
                words.1 != 0 ? 128 + words.1.trailingZeroBitCount : 192 + words.0.trailingZeroBitCount
            }
        return 32 - free / 8
    }

    package static func == (a: UserName, b: UserName) -> Bool { a.words == b.words }

    /// As their texts are: all is ASCII, and who is shorter has zeros.
    package static func < (a: UserName, b: UserName) -> Bool { a.words < b.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    /// The standard hasher takes several times as long for a few bytes, and every message needs a hash of each name in it. Here words are
    /// multiplied into each other, two at a time, each mixed with a secret of this process: without it, nobody can find names that collide.
    package func _rawHashValue(seed: Int) -> Int {
        let secret = Self.secret
        let hash = Self.product(words.0 ^ UInt64(truncatingIfNeeded: seed) ^ secret.0, words.1 ^ secret.1)
        // Few names are as long.
        if words.2 == 0 { return Int(truncatingIfNeeded: hash) }
        return Int(truncatingIfNeeded: Self.product(words.2 ^ hash ^ secret.0, words.3 ^ secret.1))
    }

    private static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    private static let secret = (secret(1), secret(2))

    private static func secret(_ number: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
