import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

/// The screen for those who have it read aloud.
@Suite struct SpokenScreenTests {
    private func client(width: Int = 80, height: Int = 12) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height)
        client.enter("/set accessible on")
        return client
    }

    /// Screen readers spell signs out, or are silent about them.
    private func expectPlain(_ client: inout ScreenFixture, at place: SourceLocation = #_sourceLocation) {
        let screen = client.screen()
        let signs = screen.unicodeScalars.filter { !$0.isASCII }
        #expect(signs.isEmpty, "\(String(String.UnicodeScalarView(signs))) in\n\(screen)", sourceLocation: place)
    }

    @Test func oneColumnInWords() {
        var client = client()
        client.press(.escape)
        client.press(.control("c"))
        client.broadcast(from: "yoda", "hans, hear me")
        client.broadcast(from: "yoda", "or not")
        client.enter("I hear")
        client.message(from: "luke", "hi")
        client.type("well")
        #expect(
            client.screen() == """
                Everyone. Unread: luke 1
                14:02 yoda  hans, hear me                                           mentions you
                      yoda  or not
                      me    I hear                                                    on its way






                Everyone, F1 help                                            hans@localhost, TLS
                to everyone: well
                """)
    }

    @Test func noSignIsLeftAnywhere() {
        var client = client(height: 20)
        expectPlain(&client)
        client.presence(came: ["vader"], went: ["luke"])
        client.broadcast(from: "yoda", "hello hans")
        client.enter("to all")
        client.message(from: "luke", "psst")
        client.enter("/msg yoda")
        expectPlain(&client)
        client.enter("hello")
        client.update(.link(.linkClosed(.lost("connection reset"))))
        client.enter("in the dark")
        expectPlain(&client)
        client.pass(seconds: 1)
        client.update(.tick)
        client.welcome()
        expectPlain(&client)
        client.type("/")
        expectPlain(&client)
        client.press(.tab)
        expectPlain(&client)
        client.press(.control("c"), .control("c"))
        expectPlain(&client)
        for keys in [[Key.function(1)], [.function(1), .function(4)], [.function(2), .control("g")], [.escape, .control("s")]] {
            client.press(keys[0])
            keys.dropFirst().forEach { client.press($0) }
            expectPlain(&client)
        }
        client.press(.escape, .control("r"))
        client.type("hel")
        expectPlain(&client)
        client.press(.escape, .paste("one\ntwo\nthree"))
        expectPlain(&client)
        client.press(.control("c"))
        client.type("/passwd old new")
        expectPlain(&client)
        client.press(.control("c"), .alt(.character("l")))
        expectPlain(&client)
        client.press(.escape)
        for number in 0..<40 { client.broadcast(from: "luke", "line \(number)") }
        client.press(.function(2), .pageUp)
        client.broadcast(from: "luke", "below")
        expectPlain(&client)
        client.enter("/set")
        expectPlain(&client)
    }

    @Test func whatIsBelowIsToldInWholeWords() {
        var client = client()
        for number in 0..<100 { client.broadcast(from: "luke", "line \(number)") }
        _ = client.screen()
        client.press(.pageUp)
        client.broadcast(from: "luke", "below")
        let heading = client.lines()[0]
        #expect(heading.hasSuffix(" more below"), "\(heading)")
    }

    @Test func theLoginScreenHasNoSignsEither() {
        var client = ScreenFixture(width: 60, height: 16)
        client.model.options.fixed = [.value(.accessible, "on")]
        client.effects += client.model.start(at: client.now)
        expectPlain(&client)
        client.enter("falcon")
        expectPlain(&client)
    }

    @Test func theCursorIsOnTheChosenUser() {
        var client = client()
        client.press(.function(4), .down)
        let frame = client.frame()
        let chosen = frame.lines[frame.cursor?.row ?? 0]
        #expect(chosen == "r2d2, online")
        client.press(.down)
        let next = client.frame()
        let below = next.lines[next.cursor?.row ?? 0]
        #expect(below == "yoda, online")
        #expect(client.lines()[1] == "hans, you, online")
    }

    @Test func helpHasThePaneForItself() {
        var client = client()
        client.press(.function(4), .function(1))
        #expect(client.line(with: "yoda") == nil)
        #expect(client.line(with: "What one needs") != nil)
    }

    @Test func theCursorIsOnWhatTheSwitcherHasChosen() {
        var client = client()
        client.press(.control("g"), .down)
        let frame = client.frame()
        let chosen = frame.lines[frame.cursor?.row ?? 0]
        #expect(chosen.hasPrefix("luke"))
    }

    @Test func whatPeopleWriteIsLeftAsItIs() {
        var client = client()
        client.broadcast(from: "yoda", "a · b … ✓ 🔒")
        #expect(client.line(with: "a · b … ✓ 🔒") != nil)
        client.type("→ mine")
        #expect(client.line(with: "to everyone: → mine") != nil)
    }

    @Test func itCanBeTurnedOff() {
        var client = client()
        client.enter("/set accessible off")
        #expect(client.screen().contains("┌─ Everyone"))
    }
}
