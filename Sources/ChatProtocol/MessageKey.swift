/// A sender's own name for a message, which makes sending it again harmless: the server accepts a key once per account.
///
/// 1 to 64 printable ASCII characters; a random 128-bit number in hexadecimal serves well. One of 32 lowercase digits is kept as
/// that number, without a text that would have to be shared and freed.
package struct MessageKey: Hashable, Sendable {
    package let form: Form

    /// Of a key there is only one.
    package enum Form: Hashable, Sendable {
        case number(HexadecimalNumber)
        case text(String)
    }

    package init(_ number: HexadecimalNumber) { form = .number(number) }

    package init?(_ text: String) {
        // Contiguous text is looked at several times as fast as through its view.
        var text = text
        if let number = text.withUTF8({ HexadecimalNumber(digits: UnsafeRawBufferPointer($0)) }) {
            form = .number(number)
        } else {
            guard text.withUTF8({ Self.isKey(UnsafeRawBufferPointer($0)) }) else { return nil }
            form = .text(text)
        }
    }

    /// The same of bytes that are known to be ASCII.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        if let number = HexadecimalNumber(digits: bytes) {
            form = .number(number)
        } else {
            guard Self.isKey(bytes) else { return nil }
            form = .text(String(ascii: bytes))
        }
    }

    private static func isKey(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (1...64).contains(bytes.count) && ByteScan.endOfWord(in: bytes, from: 0, to: bytes.count) == bytes.count
    }

    package var text: String {
        switch form {
        case .number(let number): number.digits
        case .text(let text): text
        }
    }
}
