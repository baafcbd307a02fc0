/// 32 bytes of a SHA-256 hash, kept in place: trees have many.
package struct Hash256: Hashable, Comparable, Sendable, CustomStringConvertible {
    package static let byteCount = 32
    /// What stands for the leaves that a file does not have (BEP 52).
    package static let zero = Hash256()

    // The bytes in their order, whatever the byte order of the machine.
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    private init() {}

    /// Returns `nil` unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    /// - Parameter text: 64 lowercase hexadecimal digits.
    package init?(hex text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes)
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// 64 lowercase hexadecimal digits.
    package var description: String { Hexadecimal.text(bytes) }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words) { try body($0) }
    }

    package static func == (a: Hash256, b: Hash256) -> Bool { a.words == b.words }

    /// As their hexadecimal digits are ordered.
    package static func < (a: Hash256, b: Hash256) -> Bool {
        (a.words.0.bigEndian, a.words.1.bigEndian, a.words.2.bigEndian, a.words.3.bigEndian)
            < (b.words.0.bigEndian, b.words.1.bigEndian, b.words.2.bigEndian, b.words.3.bigEndian)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
