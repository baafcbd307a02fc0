/// The name of an account: 1 to 32 of `A-Z a-z 0-9 _ . -`, case-sensitive.
package struct UserName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// Returns `nil` for a text that no account can have as its name.
    package init?(_ text: some StringProtocol) {
        // Contiguous text is looked at several times as fast as through its view.
        var text = String(text)
        guard text.withUTF8({ (1...32).contains($0.count) && $0.allSatisfy(Self.isAllowed) }) else { return nil }
        self.text = text
    }

    /// The same of bytes that are known to be ASCII.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        guard (1...32).contains(bytes.count), bytes.allSatisfy(Self.isAllowed) else { return nil }
        text = String(ascii: bytes)
    }

    /// A name is the same where its bytes are, and there is nothing in it that could be written in another way.
    package func hash(into hasher: inout Hasher) {
        text.withBytes { hasher.combine(bytes: $0) }
    }

    package var description: String { text }

    package static func < (a: UserName, b: UserName) -> Bool { a.text < b.text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
