import Testing

@testable import ChatClient

@Suite struct WrapperTests {
    @Test(
        arguments: [
            ("", 10, [""]),
            ("hello", 10, ["hello"]),
            ("hello", 5, ["hello"]),
            ("hello world", 5, ["hello", "world"]),
            ("hello world", 8, ["hello", "world"]),
            ("hello world", 11, ["hello world"]),
            ("hello    world", 7, ["hello", "world"]),
            ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
            ("to abcdefghij", 4, ["to", "abcd", "efgh", "ij"]),
            ("one\ntwo", 10, ["one", "two"]),
            ("one\n\ntwo", 10, ["one", "", "two"]),
            ("漢字漢字漢", 4, ["漢字", "漢字", "漢"]),
            ("漢字漢字漢", 5, ["漢字", "漢字", "漢"]),
            ("a漢字", 3, ["a漢", "字"]),
            ("  indented", 20, ["  indented"]),
            ("漢", 1, ["漢"]),
            ("ab cd ef", 5, ["ab cd", "ef"]),
        ] as [(String, Int, [String])])
    func linesBreakWhereAReaderExpectsIt(text: String, width: Int, lines: [String]) {
        #expect(Wrapper.lines(text, width: width).map(String.init) == lines)
    }

    @Test func theFirstLineMayBeShorter() {
        #expect(Wrapper.lines("one two three", width: 9, first: 4).map(String.init) == ["one", "two three"])
        #expect(Wrapper.lines("one", width: 9, first: 0).map(String.init) == ["", "one"])
    }

    @Test func noLineIsTooWideAndNothingButBlanksIsLost() {
        let texts = [
            "The quick brown fox 漢字かな交じり文 jumps over 👨‍👩‍👧‍👦 the lazy dog 🇩🇪🇫🇷 e\u{301}\u{302} verylongwordthatdoesnotfitanywhere end",
            "one\n\n two  three \n", "     ", "a b c d e f g h i j k l m", "漢 字 漢 字",
        ]
        for text in texts {
            for width in 2...40 {
                let lines = Wrapper.lines(text, width: width)
                #expect(lines.allSatisfy { DisplayWidth.cells($0) <= width })
                let kept = lines.joined().filter { !$0.isWhitespace }
                #expect(kept == text.filter { !$0.isWhitespace })
            }
        }
    }
}
