import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct MouseTests {
    @Test(
        arguments: [
            ("\u{1B}[<0;10;20M", MouseEvent(.press, row: 19, column: 9)), ("\u{1B}[<0;10;20m", MouseEvent(.release, row: 19, column: 9)),
            ("\u{1B}[<32;300;2M", MouseEvent(.drag, row: 1, column: 299)),
            ("\u{1B}[<64;1;1M", MouseEvent(.wheel(up: true), row: 0, column: 0)),
            ("\u{1B}[<69;1;1M", MouseEvent(.wheel(up: false), row: 0, column: 0)),
        ])
    func reportsAreDecoded(report: String, event: MouseEvent) {
        var decoder = KeyDecoder()
        #expect(decoder.feed(report.utf8) == [.mouse(event)])
        var slow = KeyDecoder()
        #expect(report.utf8.flatMap { slow.feed([$0]) } == [.mouse(event)])
    }

    private func client(width: Int = 80, height: Int = 24) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height)
        for number in 0..<40 { client.broadcast(from: "luke", "broadcast \(number)") }
        for number in 0..<40 { client.message(from: "yoda", "message \(number)") }
        client.message(from: "vader", "join me")
        _ = client.frame()
        return client
    }

    /// Clicks at the first place of the screen that shows `text`.
    private func click(_ text: String, in client: inout ScreenFixture) throws {
        let lines = client.lines()
        let row = try #require(lines.firstIndex { $0.contains(text) })
        let range = try #require(lines[row].range(of: text))
        let column = DisplayWidth.cells(lines[row][..<range.lowerBound])
        client.press(.mouse(MouseEvent(.press, row: row, column: column)), .mouse(MouseEvent(.release, row: row, column: column)))
    }

    @Test func aClickFocusesAPaneATabAUser() throws {
        var client = client()
        try click("message 3", in: &client)
        #expect(client.model.channel.name == "yoda")
        try click("2 vader", in: &client)
        #expect(client.model.channel.name == "vader")
        #expect(client.screen().contains("join me"))
        try click("broadcast 3", in: &client)
        #expect(client.model.channel == .everyone)
        try click("● r2d2", in: &client)
        #expect(client.model.channel.name == "r2d2")
        try click("Everyone", in: &client)
        #expect(client.model.channel == .everyone)
        try click("Online", in: &client)
        #expect(client.model.focus == .users)
    }

    @Test func aClickPutsTheCursorWhereItPoints() throws {
        var client = client()
        client.type("hello 漢字 world")
        try click("world", in: &client)
        client.press(.character("X"))
        #expect(client.inputLine() == "hello 漢字 Xworld")
        client.press(.end, .alt(.enter))
        client.type("second")
        try click("cond", in: &client)
        client.press(.character("Y"))
        #expect(client.model.room.editor.text == "hello 漢字 Xworld\nseYcond")
    }

    @Test func aClickPutsTheCursorIntoALineThatMovesSideways() throws {
        var client = client(width: 40, height: 5)
        client.type((0..<20).map { "word\($0)" }.joined(separator: " "))
        try click("word18", in: &client)
        client.press(.character("X"))
        #expect(client.model.room.editor.text.contains("word17 Xword18"))
    }

    @Test func theWheelScrollsWhatIsUnderIt() {
        var client = client()
        let before = client.lines()
        client.press(.mouse(MouseEvent(.wheel(up: true), row: 3, column: 5)))
        #expect(!client.screen().contains("broadcast 39"))
        #expect(client.screen().contains("broadcast 36"))
        #expect(client.screen().contains("message 39"))
        client.press(.mouse(MouseEvent(.wheel(up: true), row: 13, column: 5)))
        #expect(!client.screen().contains("message 39"))
        #expect(client.model.channel == .everyone)
        for row in [3, 13] { client.press(.mouse(MouseEvent(.wheel(up: false), row: row, column: 5))) }
        #expect(client.lines()[1..<10] == before[1..<10])
    }

    @Test func theDividerIsDragged() {
        var client = client()
        client.press(.mouse(MouseEvent(.press, row: 10, column: 50)))
        client.press(.mouse(MouseEvent(.drag, row: 6, column: 50)))
        #expect(client.model.layout.tabsRow == 6)
        client.press(.mouse(MouseEvent(.release, row: 6, column: 50)), .mouse(MouseEvent(.drag, row: 12, column: 50)))
        #expect(client.model.layout.tabsRow == 6)
    }

    @Test func altMGivesTheMouseAway() {
        var client = client()
        client.effects = []
        client.press(.alt(.character("m")), .alt(.character("m")))
        #expect(client.effects == [.mouse(false), .mouse(true)])
    }

    @Test func aClickInTheSwitcherGoesThereAndOneBesideItClosesIt() throws {
        var client = client()
        client.press(.control("g"))
        try click("r2d2   ", in: &client)
        #expect(client.model.channel.name == "r2d2")
        client.press(.control("g"))
        client.press(.mouse(MouseEvent(.press, row: 18, column: 3)))
        if client.model.overlay != nil { Issue.record("still open") }
    }

    @Test func theBareViewIsTheTextAloneAndStandsStill() {
        var client = client(width: 40, height: 12)
        client.press(.alt(.character("l")))
        #expect(client.effects.last == .mouse(false))
        let before = client.screen()
        #expect(before.hasPrefix("14:02 luke  broadcast 29"))
        #expect(before.hasSuffix("Any key goes back"))
        #expect(!before.contains("│"))
        client.broadcast(from: "luke", "one more")
        client.message(from: "yoda", "unseen")
        #expect(client.screen() == before)
        #expect(client.model.conversations.first?.log.unread == 1)
        client.press(.character("x"))
        #expect(client.effects.last == .mouse(true))
        #expect(client.screen().contains("one more"))
        #expect(client.inputLine() == "")
    }

    @Test func noClickAnywhereInAnySizeCrashes() {
        var client = client()
        for (width, height) in [(80, 24), (40, 12), (20, 5), (3, 2), (0, 0)] {
            for setUp in [[], [Key.control("g")], [.function(1)], [.function(4)], [.alt(.character("z"))]] {
                var client = client
                client.resize(width: width, height: height)
                for key in setUp { client.press(key) }
                for row in 0...height {
                    for column in stride(from: 0, through: width, by: 3) {
                        for kind in [MouseEvent.Kind.press, .drag, .release, .wheel(up: true), .wheel(up: false)] {
                            client.press(.mouse(MouseEvent(kind, row: row, column: column)))
                        }
                    }
                    #expect(client.lines().count == max(1, height) || height == 0)
                }
            }
        }
        client.resize(width: 80, height: 24)
    }
}

extension Channel {
    fileprivate var name: String? {
        switch self {
        case .everyone: nil
        case .direct(let name), .private(let name): name.text
        }
    }
}
