import Testing

@testable import ChatClient

@Suite struct DisplayWidthTests {
    @Test(
        arguments: [
            ("", 0), ("hello", 5), ("Grüße", 5), ("漢字", 4), ("한국", 4), ("e\u{301}", 1), ("▸", 1), ("│", 1), ("🙂", 2), ("⏎", 1),
            ("\u{7}", 0), ("a\u{1B}b", 2),
            // Degraded to what is drawn.
            ("👨‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 1), ("\u{301}", 1), ("a\u{200B}", 1),
        ] as [(String, Int)])
    func widthIsThatOfWhatIsDrawn(text: String, cells: Int) {
        #expect(DisplayWidth.cells(text) == cells)
    }

    @Test(
        arguments: [
            ("👨‍👩‍👧", "👨"), ("👍🏽", "👍"), ("🇩🇪", "DE"), ("❤\u{FE0F}", "❤"), ("\u{301}", "◌\u{301}"), ("\u{1B}", ""),
            ("a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "a\u{301}\u{302}\u{303}\u{304}"), ("क्षि", "क्षि"), ("\u{10FFFF}", "\u{FFFD}"),
        ] as [(String, String)])
    func whatACellCannotHoldDegradesToItsBase(text: String, drawn: String) {
        let parts = text.flatMap { DisplayWidth.drawable($0) }
        #expect(String(parts.map(\.text)) == drawn)
        #expect(parts.allSatisfy { $0.text.unicodeScalars.count <= DisplayWidth.scalarsPerCell })
    }

    @Test func truncationNeverCutsACharacterInHalf() {
        #expect(DisplayWidth.truncated("漢字漢字", width: 6) == "漢字…")
        #expect(DisplayWidth.truncated("漢字漢字", width: 8) == "漢字漢字")
        #expect(DisplayWidth.truncated("hello", width: 0) == "")
        #expect(DisplayWidth.truncated("hello", width: 1) == "…")
        #expect(DisplayWidth.prefix("漢字", width: 3) == "漢")
    }

    @Test(arguments: ["", "plain", "é漢🙂", "a\u{301}\u{0}\u{7F}\r\n", "\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}"])
    func codePointsAreReadFromBytesAsFromTheString(text: String) {
        var text = text
        let scalars = Array(text.unicodeScalars)
        #expect(text.withUTF8 { Array(ScalarsOfUTF8($0)) } == scalars)
    }

    /// What may skip the rules for joined characters really joins with nothing of its kind.
    @Test func whatStandsAloneStaysAloneBesideOthers() {
        let alone = (0x20...0xFFFF).compactMap { Unicode.Scalar($0).map { Character($0) } }.filter { DisplayWidth.standsAlone($0) }
        #expect(alone.count > 20_000)
        for base in ["a", "é", "漢", "↔"] as [Character] {
            for character in alone { #expect("\(base)\(character)\(base)".count == 3, "\(character.unicodeScalars)") }
        }
    }
}
