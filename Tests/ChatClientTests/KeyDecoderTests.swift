import Testing

@testable import ChatClient

@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        let keys = decoder.feed(text.utf8)
        #expect(!decoder.isPending)
        return keys
    }

    @Test(
        arguments: [
            ("a", Key.character("a")), ("é", .character("é")), ("漢", .character("漢")), ("😀", .character("😀")),
            ("e\u{301}", .character("e\u{301}")), ("👩\u{200D}🚀", .character("👩\u{200D}🚀")), ("\r", .enter), ("\n", .enter),
            ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace), ("\u{1}", .control("a")), ("\u{1A}", .control("z")),
            ("\u{0}", .control("@")), ("\u{1C}", .control("\\")), ("\u{1D}", .control("]")), ("\u{1E}", .control("^")),
            ("\u{1F}", .control("_")),
        ])
    func plainKeys(bytes: String, key: Key) {
        #expect(keys(bytes) == [key])
    }

    @Test(
        arguments: [
            // xterm, tmux, screen
            ("[A", Key.up), ("[B", .down), ("[C", .right), ("[D", .left), ("OA", .up), ("OD", .left),
            ("[H", .home), ("[F", .end), ("OH", .home), ("OF", .end), ("[1~", .home), ("[4~", .end), ("[7~", .home), ("[8~", .end),
            ("[2~", .insert), ("[3~", .delete), ("[5~", .pageUp), ("[6~", .pageDown), ("[Z", .backtab),
            ("OP", .function(1)), ("OS", .function(4)), ("[15~", .function(5)), ("[17~", .function(6)), ("[21~", .function(10)),
            ("[23~", .function(11)), ("[24~", .function(12)), ("[25~", .function(13)), ("[34~", .function(20)),
            // modifiers
            ("[1;2A", .up), ("[1;3A", .alt(.up)), ("[1;5C", .alt(.right)), ("[1;7D", .alt(.left)), ("[1;9A", .alt(.up)),
            ("[5;3~", .alt(.pageUp)), ("[1;3H", .alt(.home)), ("[1;5P", .alt(.function(1))), ("[3;2~", .delete), ("[1;2Z", .backtab),
            // the Linux console
            ("[[A", .function(1)), ("[[E", .function(5)),
            // rxvt
            ("[11~", .function(1)), ("[a", .up), ("Oa", .alt(.up)), ("[7$", .home), ("[7^", .alt(.home)), ("[5@", .alt(.pageUp)),
            ("\u{1B}[A", .alt(.up)), ("\u{1B}OC", .alt(.right)),
            // keypad
            ("OM", .enter), ("Oj", .character("*")), ("Op", .character("0")), ("Oy", .character("9")),
            // keys by code point
            ("[97;5u", .control("a")), ("[13;3u", .alt(.enter)), ("[27;5;97~", .control("a")), ("[9;2u", .backtab),
            ("[228u", .character("ä")),
            ("[27;3;97~", .alt(.character("a"))),
            ("[I", .focusIn), ("[O", .focusOut),
        ])
    func sequenceIsAKeyHoweverItIsCut(tail: String, key: Key) {
        let bytes = Array("\u{1B}\(tail)".utf8)
        #expect(keys(String(decoding: bytes, as: UTF8.self)) == [key])
        for cut in 1..<bytes.count {
            var decoder = KeyDecoder()
            var keys = decoder.feed(bytes[..<cut])
            keys += decoder.feed(bytes[cut...])
            #expect(keys == [key], "cut at \(cut)")
        }
        // And with something after it.
        #expect(keys(String(decoding: bytes + Array("x".utf8), as: UTF8.self)) == [key, .character("x")])
    }

    @Test func escapeBeforeAKeyIsAlt() {
        #expect(keys("\u{1B}a") == [.alt(.character("a"))])
        #expect(keys("\u{1B}é") == [.alt(.character("é"))])
        #expect(keys("\u{1B}\r") == [.alt(.enter)])
        #expect(keys("\u{1B}\u{7F}") == [.alt(.backspace)])
        #expect(keys("\u{1B}]x") == [.alt(.character("]")), .character("x")])
        #expect(keys("\u{1B}\u{1B}x") == [.escape, .alt(.character("x"))])
    }

    @Test(arguments: [
        ("\u{1B}", [Key.escape]), ("\u{1B}[", [.alt(.character("["))]), ("\u{1B}O", [.alt(.character("O"))]),
        ("\u{1B}]", [.alt(.character("]"))]),
        ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}[1;", []), ("\u{1B}]0;x", []),
    ])
    func flushDecidesWhatIsPending(bytes: String, keys: [Key]) {
        var decoder = KeyDecoder()
        #expect(decoder.feed(bytes.utf8) == [])
        #expect(decoder.isPending)
        #expect(decoder.flush() == keys)
        #expect(!decoder.isPending)
        #expect(decoder.flush() == [])
        #expect(decoder.feed("x".utf8) == [.character("x")])
    }

    @Test(arguments: [
        "\u{1B}[?1;2c", "\u{1B}[<2;10;20M", "\u{1B}[<0;0;0M", "\u{1B}[M !!", "\u{1B}[99~", "\u{1B}]0;title\u{7}",
        "\u{1B}]10;rgb:0/0/0\u{1B}\\",
        "\u{1B}P>|xterm\u{1B}\\",
        "\u{1B}[?2026;1$y", "\u{1B}[1;1R", "\u{1B}[E", "\u{1B}[99999999999999999999;5A~".replacing("A~", with: "!~"),
    ])
    func unknownSequencesAreSwallowedWhole(bytes: String) {
        #expect(keys(bytes + "x") == [.character("x")])
    }

    @Test func brokenSequenceLeavesWhatFollowsAlone() {
        #expect(keys("\u{1B}[1;\u{1B}[A") == [.up])
        #expect(keys("\u{1B}[\r") == [.enter])
        #expect(keys("\u{1B}O\u{3}") == [.control("c")])
    }

    @Test func utf8IsJoinedAcrossReads() {
        var decoder = KeyDecoder()
        let bytes = Array("漢".utf8)
        #expect(decoder.feed(bytes[..<1]) == [])
        #expect(decoder.feed(bytes[1..<2]) == [])
        #expect(!decoder.isPending)
        #expect(decoder.feed(bytes[2...]) == [.character("漢")])
    }

    @Test(
        arguments: [
            ([0xFF], 1), ([0xC0, 0x80], 2), ([0xE2, 0x82, 0x41], 1), ([0xED, 0xA0, 0x80], 3), ([0xF4, 0x90, 0x80, 0x80], 4), ([0x80], 1),
        ] as [([UInt8], Int)])
    func invalidUTF8IsReplacedAsTheStandardLibraryDoes(bytes: [UInt8], count: Int) {
        var decoder = KeyDecoder()
        let keys = decoder.feed(bytes + [0x42])
        #expect(keys.filter { $0 == .character("\u{FFFD}") }.count == count)
        #expect(keys == String(decoding: bytes + [0x42], as: UTF8.self).map(Key.character))
    }

    @Test func pasteIsOneKeyHoweverItIsCut() {
        let text = "one\ntwo \u{1B}[A and \u{1B}[20 漢"
        let bytes = Array("\u{1B}[200~\(text)\u{1B}[201~x".utf8)
        for cut in 0...bytes.count {
            var decoder = KeyDecoder()
            var keys = decoder.feed(bytes[..<cut])
            keys += decoder.flush()
            keys += decoder.feed(bytes[cut...])
            // A flush in the middle of the marks is the terminal's fault; inside the paste it changes nothing.
            if cut == 0 || cut >= 6 { #expect(keys == [.paste(text), .character("x")], "cut at \(cut)") }
        }
    }

    @Test func pasteIsBoundedAndCutBetweenCharacters() throws {
        var decoder = KeyDecoder()
        _ = decoder.feed("\u{1B}[200~".utf8)
        for _ in 0..<100 { #expect(decoder.feed(Array(repeating: "漢", count: 1000).joined().utf8) == []) }
        let keys = decoder.feed("\u{1B}[201~".utf8)
        guard case .paste(let text)? = keys.first, keys.count == 1 else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count <= 64 * 1024)
        #expect(text.utf8.count > 64 * 1024 - 4)
        #expect(!text.contains("\u{FFFD}"))
    }

    @Test func nothingIsKeptWithoutBound() {
        var decoder = KeyDecoder()
        _ = decoder.feed("\u{1B}[".utf8)
        for _ in 0..<1000 { _ = decoder.feed("1111111111".utf8) }
        _ = decoder.flush()
        #expect(decoder.feed("x".utf8).last == .character("x"))
    }

    @Test(arguments: 0..<20)
    func noBytesTrap(seed: Int) {
        var random = Counter(state: UInt64(seed) &* 77_777_777 &+ 13)
        let interesting: [UInt8] = Array("\u{1B}[O]P0129;~$^@uMABZ<?".utf8) + [0x00, 0x07, 0x7F, 0x80, 0xC3, 0xE2, 0xF0, 0xFF]
        var decoder = KeyDecoder()
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in interesting.randomElement(using: &random) ?? 0 }
            _ = decoder.feed(bytes)
            if Int.random(in: 0...4, using: &random) == 0 { _ = decoder.flush() }
        }
    }
}
