import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelKeyTests {
    @Test func ctrlCClearsTheLineAndQuitsOnlyWhenAskedTwice() {
        var client = ScreenFixture.online()
        client.type("hello")
        client.press(.control("c"))
        #expect(client.inputLine() == "")
        client.press(.control("_"))
        #expect(client.inputLine() == "hello")
        client.press(.control("c"))
        client.press(.control("c"))
        #expect(client.screen().contains("Ctrl-C again quits"))
        client.type("x")
        client.press(.control("c"), .control("c"))
        #expect(client.sent.isEmpty)
        client.press(.control("c"))
        #expect(client.sent.last?.request == .logout)
    }

    @Test func aClearedLineComesBackWithUndo() {
        var client = ScreenFixture.online()
        client.type("hello")
        client.press(.control("c"), .control("_"))
        #expect(client.inputLine() == "hello")
    }

    @Test func ctrlDDeletesAndOnAnEmptyLineQuitsWhenAskedTwice() {
        var client = ScreenFixture.online()
        client.type("ab")
        client.press(.home, .control("d"))
        #expect(client.inputLine() == "b")
        client.press(.control("d"), .control("d"))
        #expect(client.sent.isEmpty)
        client.press(.control("d"))
        #expect(client.sent.last?.request == .logout)
    }

    @Test func ctrlZSuspendsAndCtrlLRedraws() {
        var client = ScreenFixture.online()
        client.press(.control("z"), .control("l"))
        #expect(client.effects == [.suspend, .redraw])
    }

    @Test func helpListsEveryKeyAndCommand() {
        var client = ScreenFixture.online(width: 80, height: 24)
        client.press(.function(1))
        let help = client.model.helpLines()
        for binding in KeyMap.standard.bindings {
            #expect(help.contains { $0.right.hasPrefix(String(binding.action.words.prefix(20))) })
        }
        for entry in CommandTable.entries { #expect(help.contains { $0.left.hasPrefix("/" + entry.name) }) }
        client.press(.escape)
        #expect(!client.screen().contains("Help"))
    }

    @Test func helpScrollsAndLeavesTheLineAlive() {
        var client = ScreenFixture.online(width: 80, height: 24)
        client.press(.function(1))
        let first = client.lines()[1]
        for _ in 0..<20 { client.press(.pageDown) }
        #expect(client.lines()[1] != first)
        #expect(client.screen().contains("history-private"))
        client.type("still here")
        #expect(client.inputLine() == "still here")
        for _ in 0..<20 { client.press(.pageUp) }
        #expect(client.lines()[1] == first)
    }

    @Test func noKeyIsBoundTwice() {
        let keys = KeyMap.standard.bindings.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test func aCharacterMayBeBoundByItselfOrAsTheFirstOfTwo() {
        let plain = KeyMap.standard
        #expect(plain.action(for: .character("x")) == nil && !plain.isPrefix(.character("x")))
        let bound = plain.rebound([.character("x"): .some(.zoom), .sequence(.character("y"), .enter): .some(.search)])
        #expect(bound.action(for: .character("x")) == .zoom)
        #expect(bound.isPrefix(.character("y")) && !bound.isPrefix(.character("x")) && bound.isPrefix(.control("x")))
    }

    @Test func tabCompletesCommands() {
        var client = ScreenFixture.online()
        client.type("/broad")
        client.press(.tab)
        #expect(client.model.room.editor.text == "/broadcast ")
    }

    @Test func tabCompletesNamesAndCyclesThroughThem() {
        var client = ScreenFixture.online(others: ["luke", "leia", "yoda"])
        client.type("y")
        client.press(.tab)
        #expect(client.model.room.editor.text == "yoda: ")
        client.press(.control("u"))
        client.type("hi l")
        client.press(.tab)
        #expect(client.model.room.editor.text == "hi leia ")
        client.press(.tab)
        #expect(client.model.room.editor.text == "hi luke ")
        client.press(.tab)
        #expect(client.model.room.editor.text == "hi leia ")
        client.press(.backtab)
        #expect(client.model.room.editor.text == "hi luke ")
    }

    @Test func tabAfterACommandThatTakesANameOffersAll() {
        var client = ScreenFixture.online(others: ["yoda"])
        client.type("/block ")
        client.press(.tab)
        #expect(client.model.room.editor.text == "/block yoda ")
    }

    @Test func anyOrderOfKeysIsSurvived() {
        var random = SteadyRandom()
        let keys: [Key] = [
            .character("a"), .character("/"), .character(" "), .character("漢"), .enter, .tab, .backtab, .backspace, .delete, .left,
            .right, .up, .down, .home, .end, .pageUp, .pageDown, .escape, .function(1), .function(2), .function(3), .function(4),
            .control("n"), .control("p"), .control("a"), .control("k"), .control("y"), .control("w"), .control("_"), .control("t"),
            .alt(.character("a")), .alt(.character("1")), .alt(.character("9")), .alt(.character("/")), .alt(.character("y")),
            .alt(.home), .alt(.end), .alt(.enter), .alt(.character("u")), .paste("one\ntwo"), .focusIn, .focusOut, .insert,
            .alt(.character("r")), .function(12), .control("\\"),
            .control("g"), .control("s"), .control("r"), .alt(.character("z")), .alt(.character("l")), .alt(.character("m")),
            .mouse(MouseEvent(.press, row: 10, column: 20)),
            .mouse(MouseEvent(.press, row: 22, column: 20)), .mouse(MouseEvent(.press, row: 3, column: 70)),
            .mouse(MouseEvent(.drag, row: 5, column: 20)), .mouse(MouseEvent(.release, row: 5, column: 20)),
            .mouse(MouseEvent(.wheel(up: true), row: 5, column: 20)), .mouse(MouseEvent(.wheel(up: false), row: 13, column: 9)), .alt(.up),
            .alt(.down), .control("_"),
        ]
        var client = ScreenFixture.online()
        for step in 0..<5_000 {
            client.press(keys[Int(random.next(upperBound: UInt64(keys.count)))])
            if step % 7 == 0 { client.message(from: "user\(step % 5)", "message \(step) 🙂 漢字\nand more") }
            if step % 11 == 0 { client.broadcast(from: "luke", "to all, hans \(step)") }
            if step % 13 == 0 { client.resize(width: Int(random.next() % 130), height: Int(random.next() % 50)) }
            if step % 101 == 0 { client.update(.link(.linkClosed(.lost("reset")))) }
            if step % 17 == 0 { #expect(client.frame().rows.count == client.height) }
            client.effects = []
        }
    }
}
