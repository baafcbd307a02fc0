import ChatProtocol
import Testing

/// A key is the text that it was made of, however it is kept.
struct MessageKeyTests {
    private static let digits = "00112233445566778899aabbccddeeff"

    private static let keys: [String] = [
        digits, "f0e1d2c3b4a5968778695a4b3c2d1e0f", "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
        "00112233445566778899AABBCCDDEEFF", "k0112233445566778899aabbccddeeff", "0011223344556677", "\(digits)0", "\(digits)\(digits)",
        "k", "0", "!", "~",
    ]

    private static let noKeys: [String] = [
        "", " ", "a b", "\u{7F}", "\u{1F}", "é", "\(digits)\(digits)0", "00112233445566778899aabbccddeef ",
        "00112233445566778899aabbccddeeé",
    ]

    @Test(arguments: keys) func aKeyIsItsText(_ text: String) throws {
        let key = try #require(MessageKey(text))
        #expect(key.text == text)
        let frame = RequestFrame(.broadcast(text: "t", key: key), id: nil)
        #expect(try frame.encoded().withUnsafeBytes { try RequestFrame(decoding: $0) } == frame)
    }

    @Test func everyByteIsADigitOrItIsNot() throws {
        for byte in UInt8(0x21)...0x7E {
            for place in [0, 1, 7, 8, 15, 31] {
                var text = Array(Self.digits.utf8)
                text[place] = byte
                let key = try #require(MessageKey(String(decoding: text, as: UTF8.self)))
                #expect(Array(key.text.utf8) == text)
                let isDigit = "0123456789abcdef".utf8.contains(byte)
                if case .number = key.form { #expect(isDigit) } else { #expect(!isDigit) }
            }
        }
    }

    @Test(arguments: noKeys) func whatIsNoPrintableASCIIOrTooLongIsNoKey(_ text: String) { #expect(MessageKey(text) == nil) }
}
