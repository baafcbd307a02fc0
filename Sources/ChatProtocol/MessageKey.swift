/// A sender's own name for a message, which makes sending it again harmless: the server accepts a key once per account.
///
/// 1 to 64 printable ASCII characters; a random 128-bit number in hexadecimal serves well.
package struct MessageKey: Hashable, Sendable {
    package let text: String

    package init?(_ text: String) {
        // Contiguous text is looked at several times as fast as through its view.
        var text = text
        guard text.withUTF8({ (1...64).contains($0.count) && $0.allSatisfy { (0x21...0x7E).contains($0) } }) else { return nil }
        self.text = text
    }

    /// The same of bytes that are known to be ASCII.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        guard (1...64).contains(bytes.count), ByteScan.endOfWord(in: bytes, from: 0, to: bytes.count) == bytes.count else { return nil }
        text = String(ascii: bytes)
    }
}
