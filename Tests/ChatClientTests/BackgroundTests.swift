import ChatProtocol
import Testing

@testable import ChatClient

/// The theme follows what the terminal draws on, as far as that tells.
@Suite struct BackgroundTests {
    @Test(arguments: [
        ("rgb:ffff/ffff/ffff", Background.light), ("rgb:fdfd/f6f6/e3e3", .light), ("rgb:0000/2b2b/3636", .dark), ("rgb:00/00/00", .dark),
        ("rgb:f/f/f", .light), ("rgba:ffff/ffff/ffff/0000", .light), ("#ffffff", .light), ("#1e1e1e", .dark), ("#fff", .light),
        ("rgb:0000/0000/ffff", .dark), ("rgb:ffff/ffff/0000", .light),
    ])
    func coloursAreDarkOrLight(color: String, background: Background) { #expect(Background(color: color) == background) }

    @Test(arguments: [
        "", "rgb:", "rgb:ff/ff", "rgb:ff/ff/ff/ff/ff", "rgb:+f/ff/ff", "rgb:fffff/ff/ff", "rgb:xx/yy/zz", "#", "#ffff", "white", "?",
        "rgb://",
    ])
    func whatIsNoColourTellsNothing(color: String) { #expect(Background(color: color) == nil) }

    @Test(arguments: [
        ("15;0", Background.dark), ("0;15", .light), ("0;default;15", .light), ("7;8", .dark), ("0;7", .light), ("", nil),
        ("15;default", nil),
        ("0;99", nil), ("x", nil),
    ])
    func theEnvironmentMayTell(text: String, background: Background?) { #expect(Background(colorFGBG: text) == background) }

    // MARK: The answer among keys

    private static let answer = Array("\u{1B}]11;rgb:ffff/ffff/ffff".utf8)

    @Test(arguments: [[0x07], [0x1B, 0x5C]] as [[UInt8]])
    func theAnswerIsNoKeyHoweverItIsCut(end: [UInt8]) {
        let bytes = Array("a".utf8) + Self.answer + end + Array("b".utf8)
        // Not behind its first two bytes: those are Esc and Alt-] until something follows.
        for cut in 4..<bytes.count {
            var decoder = KeyDecoder()
            var keys = decoder.feed(bytes[..<cut])
            keys += decoder.flush()
            keys += decoder.feed(bytes[cut...])
            #expect(keys == [.character("a"), .background(.light), .character("b")], "cut at \(cut)")
        }
    }

    @Test func anAnswerThatNeverEndsTakesNoKeys() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(Self.answer + Array("\r".utf8)) == [.enter])
        #expect(decoder.feed(Self.answer) == [] && decoder.flush() == [])
        #expect(decoder.feed(Array("hello".utf8)) == "hello".map { .character($0) })
        #expect(decoder.feed(Array("\u{1B}]11;".utf8) + [UInt8](repeating: UInt8(ascii: "f"), count: 200)).isEmpty == false)
        #expect(decoder.feed(Array("z".utf8)) == [.character("z")])
    }

    @Test func whatIsNoColourIsSwallowed() {
        var decoder = KeyDecoder()
        #expect(decoder.feed(Array("\u{1B}]11;rgb:ff\u{7}x".utf8)) == [.character("x")])
    }

    // MARK: The theme

    @Test func autoFollowsTheTerminal() {
        var client = ScreenFixture.online()
        #expect(client.model.options.theme.kind == .dark)
        client.type("half typed")
        client.press(.background(.light))
        #expect(client.model.options.theme == Theme(colors: 256, kind: .light))
        #expect(client.inputLine() == "half typed")
        let prompt = client.model.options.theme.prompt
        #expect(client.frame().rows.joined().contains { $0.style == prompt })
        client.press(.background(.dark))
        #expect(client.model.options.theme.kind == .dark)
    }

    @Test func whatTheUserChoseHolds() {
        var client = ScreenFixture.online()
        client.enter("/set theme dark")
        client.press(.background(.light))
        #expect(client.model.options.theme.kind == .dark)
        client.enter("/set theme auto")
        #expect(client.model.options.theme.kind == .light)
    }

    @Test func theAnswerIsNoKeyPress() {
        var client = ScreenFixture.online()
        client.press(.control("c"), .background(.light))
        #expect(client.screen().contains("again"))
        client.press(.control("c"))
        #expect(client.sent.last?.request == .logout)
    }
}
