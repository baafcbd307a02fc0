import ChatProtocol
import Testing

@Suite struct SafeNameTests {
    @Test(arguments: ["a", "film.mkv", "a..b", "über die Straße.txt", "日本語.pdf", "two words (2).tar.gz", "😀.png", "-rf", "~", "x\u{202F}y"])
    func ordinaryNamesAreTaken(text: String) { #expect(SafeName(text)?.text == text) }

    @Test(arguments: [
        ("", SafeName.Fault.empty), (".", .leadingDot), ("..", .leadingDot), (".ssh", .leadingDot), ("../etc/passwd", .leadingDot),
        ("a/../../b", .separator), ("/etc/passwd", .separator), ("a\\b", .separator), ("a\u{0}b", .unseen), ("a\nb", .unseen),
        ("a\u{1B}[31m", .unseen), ("a\u{7F}", .unseen), ("a\u{9B}31m", .unseen), ("a\u{202E}gpj.exe", .unseen), ("a\u{2066}b", .unseen),
        ("a\u{200B}b", .unseen), ("a\u{200D}b", .unseen), ("a\u{FEFF}", .unseen), ("a\u{AD}b", .unseen), ("a\u{2028}b", .unseen),
        ("a\u{E0041}", .unseen), ("a\u{3164}", .unseen), ("a\u{FE0F}", .unseen), ("a\u{E000}", .unseen), ("a\u{378}", .unseen),
        ("a\u{FFFF}", .unseen), ("\u{301}a", .unseen), ("e\u{301}", .notComposed), ("\u{212B}", .notComposed), (" a", .spaceAtEnd),
        ("a ", .spaceAtEnd), ("\u{3000}a", .spaceAtEnd),
    ])
    func hostileNamesAreRefused(text: String, fault: SafeName.Fault) {
        #expect(SafeName.fault(in: text) == fault)
        #expect(SafeName(text) == nil)
    }

    @Test func lengthIsCountedInBytes() {
        #expect(SafeName(String(repeating: "a", count: 200)) != nil)
        #expect(SafeName.fault(in: String(repeating: "a", count: 201)) == .tooLong)
        #expect(SafeName.fault(in: String(repeating: "é", count: 101)) == .tooLong)
        #expect(SafeName.fault(in: "a" + String(repeating: "\u{334}", count: 9)) == .unseen)
    }

    @Test func namesOfThisMachineAreComposed() {
        #expect(SafeName(composing: "e\u{301}.txt")?.text.utf8.count == 6)
        #expect(SafeName(composing: "../x") == nil)
    }

    @Test func numberComesBeforeTheEnding() {
        #expect(SafeName("a.txt")?.numbered(2) == "a (2).txt")
        #expect(SafeName("a")?.numbered(3) == "a (3)")
        #expect(SafeName("a.tar.gz")?.numbered(2) == "a.tar (2).gz")
        #expect((SafeName(String(repeating: "a", count: 200))?.numbered(9999).utf8.count ?? 999) <= 255)
    }
}
