/// The secret with which a client that lost its connection takes its session up again: 128 bits, in hexadecimal.
package struct ResumeToken: Hashable, Sendable {
    package let text: String

    package init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        self.text = text
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> ResumeToken {
        func half() -> String {
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return ResumeToken(unchecked: half() + half())
    }

    private init(unchecked text: String) { self.text = text }
}
