import ChatProtocol
import Testing

@testable import ChatClient

/// What is kept from one picture to the next is never to be seen.
@Suite struct BackdropTests {
    /// The rows in which the picture is not what it would be if nothing had been kept.
    private func differences(_ client: inout ScreenFixture) -> [String] {
        let frame = client.frame()
        var other = client
        other.model.backdrop = nil
        other.model.everyone.log.drawn = nil
        for index in other.model.conversations.indices { other.model.conversations[index].log.drawn = nil }
        let fresh = other.frame()
        guard frame.isComparable(with: fresh) else { return ["other clusters"] }
        guard frame.cursor == fresh.cursor else { return ["the cursor is at \(frame.cursor as Any), not \(fresh.cursor as Any)"] }
        return frame.changes(since: fresh).map { "\(frame.lines[$0.row]), not \(fresh.lines[$0.row])" }
    }

    @Test(arguments: [false, true]) func whateverComesThePictureIsAsIfDrawnWhole(isSpoken: Bool) {
        let letters: [Key] = [
            .character("a"), .character("/"), .character(" "), .character("漢"), .character("🙂"), .backspace, .left, .right,
        ]
        let others: [Key] = [
            .enter, .tab, .up, .down, .home, .pageUp, .pageDown, .escape, .function(1), .function(2), .function(3), .function(4),
            .control("n"), .control("a"), .control("k"), .control("y"), .control("x"), .control("e"), .control("g"), .control("s"),
            .control("r"), .control("c"), .alt(.character("a")), .alt(.character("1")), .alt(.enter), .alt(.home), .alt(.end),
            .alt(.character("z")), .alt(.character("l")), .alt(.up), .paste("one\ntwo https://example.org"), .focusOut, .focusIn,
            .mouse(MouseEvent(.press, row: 3, column: 70)), .mouse(MouseEvent(.wheel(up: true), row: 5, column: 20)),
        ]
        var random = SteadyRandom()
        var client = ScreenFixture.online(timeout: 600)
        if isSpoken { client.enter("/set accessible on") }
        client.enter("/set links on")
        var kept = 0
        for step in 0..<1500 {
            switch random.next(upperBound: UInt64(20)) {
            case 0: client.message(from: "user\(step % 3)", "message \(step) 🙂 漢字 https://example.org/\(step)\nand more")
            case 1: client.broadcast(from: "luke", "to all, hans \(step) e\u{301}")
            case 2: client.presence(came: ["lando"], went: ["r2d2"])
            case 3: client.resize(width: 20 + Int(random.next() % 110), height: 5 + Int(random.next() % 40))
            case 4: client.pass(seconds: 50)
            case 5...7: client.press(others[Int(random.next(upperBound: UInt64(others.count)))])
            default: client.press(letters[Int(random.next(upperBound: UInt64(letters.count)))])
            }
            if client.model.backdrop != nil, !client.model.isPictureOutdated { kept += 1 }
            #expect(differences(&client) == [], "after step \(step)")
            client.effects = []
        }
        #expect(kept > 300)
    }

    @Test func aLetterMayBeDrawnBeforeTheNews() {
        var client = ScreenFixture.online()
        client.press(.character("x"))
        _ = client.frame()
        client.broadcast(from: "yoda", "hear me")
        client.press(.character("y"))
        let first = client.model.render(width: client.width, height: client.height, now: client.now, isDraftFirst: true).text
        #expect(first.contains("▸ xy") && !first.contains("hear me"))
        #expect(client.model.isPictureOutdated)
        let next = client.screen()
        #expect(next.contains("▸ xy") && next.contains("hear me"))
        #expect(!client.model.isPictureOutdated)
    }

    @Test(arguments: [Key.function(1), .function(4), .control("g"), .enter]) func otherKeysLeaveNothingForLater(key: Key) {
        var client = ScreenFixture.online()
        client.press(.character("x"))
        _ = client.frame()
        client.broadcast(from: "yoda", "hear me")
        client.press(key)
        _ = client.model.render(width: client.width, height: client.height, now: client.now, isDraftFirst: true)
        #expect(!client.model.isPictureOutdated)
    }

    @Test func aLetterIsDrawnOnWhatIsThere() {
        var client = ScreenFixture.online()
        _ = client.frame()
        client.press(.character("x"))
        _ = client.frame()
        client.press(.character("y"))
        #expect(client.model.backdrop != nil)
        #expect(client.inputLine() == "xy")
        client.broadcast(from: "yoda", "hear me")
        #expect(client.model.isPictureOutdated)
        #expect(client.screen().contains("hear me"))
        #expect(!client.model.isPictureOutdated)
    }
}
