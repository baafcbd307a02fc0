import Testing

@testable import ChatClient

@Suite struct SanitizerTests {
    @Test(arguments: [
        "plain text ~!@#", "Grüße, 漢字, 🙂 — “quotes”", "e\u{301}", "👨\u{200D}👩\u{200D}👧", "", "नमस्ते", "שלום", "٣",
    ])
    func honestTextIsLeftAsItIs(text: String) {
        #expect(Sanitizer.body(text) == text)
        #expect(Sanitizer.line(text) == text)
    }

    @Test(
        arguments: [
            ("a\u{1B}[2Jb", "a[2Jb"), ("a\u{0}\u{7}\u{8}b", "ab"), ("a\u{7F}b", "ab"), ("a\u{9B}31mb", "a31mb"), ("a\u{85}b", "ab"),
            ("a\u{202E}b\u{202C}\u{2066}c\u{2069}\u{200E}\u{200F}\u{61C}", "abc"), ("a\u{200B}\u{200C}\u{2060}\u{FEFF}\u{AD}b", "ab"),
            ("a\u{200D}b", "ab"), ("a\u{3164}\u{115F}\u{FFA0}b", "ab"), ("a\u{E0041}\u{E007F}b", "ab"), ("❤\u{FE0F}", "❤"),
            ("a\u{E000}b", "a\u{FFFD}b"), ("a\u{FFFF}b", "a\u{FFFD}b"), ("a\u{10FFFE}", "a\u{FFFD}"), ("a\tb", "a b"),
            ("🙂\u{200D}x", "🙂x"), ("👩\u{200D}\u{301}👧", "👩\u{301}👧"),
        ] as [(String, String)])
    func nothingThatMovesHidesOrTurnsTextPasses(text: String, clean: String) {
        #expect(Sanitizer.body(text) == clean)
        #expect(Sanitizer.line(text) == clean)
    }

    @Test(arguments: [("a\nb", "a⏎b"), ("a\r\nb", "a⏎b"), ("a\rb", "a⏎b"), ("a\u{2028}b\u{2029}c", "a⏎b⏎c")] as [(String, String)])
    func lineBreaksAreSignsInALineAndBreaksInABody(text: String, line: String) {
        #expect(Sanitizer.line(text) == line)
        #expect(Sanitizer.body(text) == String(line.map { $0 == "⏎" ? "\n" : $0 }))
    }

    @Test func marksDoNotPileUp() {
        let zalgo = "a" + String(repeating: "\u{301}", count: 100) + "b\u{302}"
        #expect(Sanitizer.body(zalgo).unicodeScalars.count == 1 + Sanitizer.marks + 2)
    }

    @Test func everyScalarIsEitherDrawableOrGone() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value), value != 0x0A else { continue }
            for byte in Sanitizer.line(String(scalar)).unicodeScalars where byte.value < 0x20 || (0x7F..<0xA0).contains(byte.value) {
                Issue.record("U+\(String(value, radix: 16)) passes as a control character")
            }
        }
    }
}
