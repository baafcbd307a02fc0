import ChatProtocol
import Testing

@testable import ChatClient

/// What is shown of a letter in advance is what will be drawn.
@Suite struct EchoTests {
    private static let letters = ["a", "Z", " ", "/", "p", "é", "ж", "ß"]

    @Test(arguments: [false, true]) func whatIsShownInAdvanceIsWhatIsDrawn(isAwaited: Bool) {
        let others: [Key] = [
            .enter, .tab, .up, .left, .home, .end, .backspace, .escape, .function(1), .function(2), .function(3), .function(4),
            .control("n"), .control("a"), .control("u"), .control("x"), .control("g"), .control("s"), .control("r"), .character("漢"),
            .character("🙂"), .character("\u{600}"), .alt(.enter), .alt(.character("z")), .alt(.character("l")), .paste("one\ntwo"),
        ]
        var random = SteadyRandom()
        var client = ScreenFixture.online()
        client.converse(with: "yoda")
        var shown = 0
        for step in 0..<3000 {
            switch random.next(upperBound: UInt64(60)) {
            case 0: client.message(from: "user\(step % 3)", "message \(step)")
            case 1: client.broadcast(from: "luke", "to all \(step)")
            case 2: client.resize(width: 20 + Int(random.next() % 110), height: 5 + Int(random.next() % 40))
            case 3...12: client.press(others[Int(random.next(upperBound: UInt64(others.count)))])
            default: break
            }
            let frame = Self.draw(&client, isAwaited)
            guard var echo = client.model.echo(on: frame), let cursor = frame.cursor else { continue }
            var expected: [Cell] = []
            while expected.count < 3 {
                let letter = Self.letters[Int(random.next(upperBound: UInt64(Self.letters.count)))]
                guard client.model.takesLetters, let scalar = echo.take(Array(letter.utf8)[...]) else { break }
                expected.append(Cell(Glyph(scalar)))
                client.type(letter)
            }
            let drawn = Self.draw(&client, isAwaited).row(cursor.row).dropFirst(cursor.column).prefix(expected.count)
            #expect(Array(drawn) == expected, "after step \(step)")
            shown += expected.count
            client.effects = []
        }
        #expect(shown > 500)
    }

    private static func echo(_ client: inout ScreenFixture) -> Echo? {
        let frame = client.frame()
        return client.model.echo(on: frame)
    }

    private static func draw(_ client: inout ScreenFixture, _ isAwaited: Bool) -> Frame {
        client.model.render(width: client.width, height: client.height, now: client.now, isDraftFirst: isAwaited)
    }

    @Test(arguments: ["漢", "🙂", "\u{301}", "\u{AD}", "e\u{301}", "ab", "\t", "\r", "\u{1B}", "\u{7F}", "\u{85}", "€", ""])
    func whatNeedsThoughtIsNotShown(text: String) throws {
        var client = ScreenFixture.online()
        client.type("hel")
        var echo = try #require(Self.echo(&client))
        let letter = echo.take(Array(text.utf8)[...])
        #expect(letter == nil)
    }

    @Test(arguments: [[0xC3], [0xC3, 0x41], [0xC0, 0x80], [0xC1, 0xBF], [0x80], [0xFF]] as [[UInt8]])
    func whatIsNoLetterIsNotShown(bytes: [UInt8]) throws {
        var client = ScreenFixture.online()
        client.type("hel")
        var echo = try #require(Self.echo(&client))
        let letter = echo.take(bytes[...])
        #expect(letter == nil)
    }

    @Test func aPasswordIsNotShown() {
        var client = ScreenFixture.online()
        client.type("/passwd ")
        #expect(Self.echo(&client) == nil)
    }

    @Test(arguments: [
        Key.left, .function(1), .function(4), .control("s"), .control("g"), .control("r"), .control("x"), .alt(.character("l")),
    ])
    func whatPutsLettersElsewhereEndsIt(key: Key) {
        var client = ScreenFixture.online()
        client.type("hel")
        #expect(Self.echo(&client) != nil)
        client.press(key)
        let takesLetters = client.model.takesLetters
        #expect(!takesLetters)
        #expect(Self.echo(&client) == nil)
    }

    @Test func theLastColumnIsTheCursors() {
        var client = ScreenFixture.online(width: 40, height: 8)
        client.type("hel")
        var taken = 0
        while var echo = Self.echo(&client), echo.take([0x61]) != nil {
            let before = client.frame().cursor
            client.type("a")
            taken += 1
            #expect(client.frame().cursor?.row == before?.row)
            if taken > 100 { break }
        }
        #expect((20..<40).contains(taken))
    }

    @Test func aLetterThatDoesSomethingIsNotShown() {
        var client = ScreenFixture.online()
        client.model.keyMap = KeyMap.standard.rebound([.character("x"): .help])
        #expect(Self.echo(&client) == nil)
    }

    @Test func whereTheScreenIsReadAloudNothingIsShownInAdvance() {
        var client = ScreenFixture.online()
        client.enter("/set accessible on")
        client.type("hel")
        #expect(Self.echo(&client) == nil)
    }
}
