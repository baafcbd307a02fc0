import ChatProtocol
import Testing

@testable import ChatClient

/// Whole screens, as text.
@Suite struct ScreenTests {
    /// An evening: two speakers for all, two conversations, something new, a draft.
    private func busy(width: Int, height: Int) -> ScreenFixture {
        var client = ScreenFixture.online(width: width, height: height)
        client.broadcast(from: "luke", "vader sucks")
        client.broadcast(from: "yoda", "much to learn, you have")
        client.update(.key(.focusOut))
        client.pass(seconds: 180)
        client.broadcast(from: "luke", "anyone at the bar?")
        client.update(.key(.focusIn))
        client.message(from: "yoda", "do or do not")
        client.press(.alt(.character("1")))
        client.enter("I will try")
        client.answer(.message(.success, .init(sequence: 7, time: client.now.wall)))
        if let yoda = UserName("yoda") { client.event(.delivered(to: yoda, through: 7)) }
        client.message(from: "vader", "join me")
        client.type("where are you")
        return client
    }

    @Test func wideScreen() {
        var client = busy(width: 120, height: 40)
        let lines = client.lines()
        #expect(lines.count == 40)
        #expect(lines.allSatisfy { DisplayWidth.cells($0) <= 120 })
        let picture = lines.filter { line in line.contains { !"│ ".contains($0) } }.joined(separator: "\n")
        #expect(
            picture == """
                ┌─ Everyone ───────────────────────────────────────────────────────────────────────────────────────┬─ Online · 4 ──────┐
                │ 14:02 luke  vader sucks                                                                          │ ● hans            │
                │       yoda  much to learn, you have                                                              │ ● luke            │
                │ ───────────────────────────────────────────── new ────────────────────────────────────────────── │ ● r2d2            │
                │ 14:05 luke  anyone at the bar?                                                                   │ ● yoda            │
                │                                                                                                  │ ○ vader         1 │
                ├─[1 yoda]─ 2 vader (1) ───────────────────────────────────────────────────────────────────────────┤                   │
                │ 14:05 yoda  do or do not                                                                         │                   │
                │       me    I will try                                                               ✓ delivered │                   │
                ├──────────────────────────────────────────────────────────────────────────────────────────────────┴───────────────────┤
                │ yoda · online                                                                                   hans@localhost · TLS │
                │ to yoda ▸ where are you                                                                                              │
                └─ F1 help · F2 everyone · Ctrl-N next · Alt-A unread · Ctrl-G go to · Ctrl-S search · PgUp scroll · Alt-C copy ───────┘
                """)
    }

    @Test func ordinaryScreen() {
        var client = busy(width: 80, height: 24)
        #expect(
            client.screen() == """
                ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · 4 ┐
                │ 14:02 luke  vader sucks                                        │ ● hans      │
                │       yoda  much to learn, you have                            │ ● luke      │
                │ ──────────────────────────── new ───────────────────────────── │ ● r2d2      │
                │ 14:05 luke  anyone at the bar?                                 │ ● yoda      │
                │                                                                │ ○ vader   1 │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                ├─[1 yoda]─ 2 vader (1) ─────────────────────────────────────────┤             │
                │ 14:05 yoda  do or do not                                       │             │
                │       me    I will try                             ✓ delivered │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                ├────────────────────────────────────────────────────────────────┴─────────────┤
                │ yoda · online                                           hans@localhost · TLS │
                │ to yoda ▸ where are you                                                      │
                └─ F1 help · F2 everyone · Ctrl-N next · Alt-A unread · Ctrl-G go to ──────────┘
                """)
    }

    @Test func narrowScreenFoldsTheUsersAway() {
        var client = busy(width: 40, height: 12)
        #expect(
            client.screen() == """
                ┌─ Everyone ───────────────────────────┐
                │ 14:02 yoda  much to learn, you have  │
                │ ─────────────── new ──────────────── │
                │ 14:05 luke  anyone at the bar?       │
                ├─[1 yoda]─ 2 vader (1) ───────────────┤
                │ 14:05 yoda  do or do not             │
                │       me    I will try   ✓ delivered │
                │                                      │
                ├──────────────────────────────────────┤
                │ yoda · online   hans@localhost · TLS │
                │ to yoda ▸ where are you              │
                └─ F1 help · F2 everyone ──────────────┘
                """)
    }

    @Test func smallestScreenShowsTheFocusedPane() {
        var client = busy(width: 20, height: 5)
        #expect(
            client.screen() == """
                [1 yoda] ›   @1 new
                me   I will try
                         ✓ delivered
                yoda · online    TLS
                to yoda ▸ ‹re you
                """)
    }

    @Test func whatIsBelowNeverCoversTheTabs() {
        var client = busy(width: 20, height: 6)
        for number in 0..<40 { client.message(from: "yoda", "line \(number)") }
        client.press(.pageUp)
        let top = client.lines()[0]
        #expect(top.hasPrefix("[1 yoda"))
        #expect(top.hasSuffix("↓"))
        var wide = busy(width: 80, height: 24)
        for number in 0..<30 { wide.message(from: "somebody\(number)", "hi") }
        for number in 0..<40 { wide.broadcast(from: "luke", "line \(number)") }
        wide.press(.alt(.character("9")))
        wide.press(.function(2), .pageUp)
        let tabs = wide.lines()[10]
        #expect(tabs.contains("[9 somebody6]"))
        #expect(tabs.contains("more below ↓"))
    }

    @Test func tooSmallAScreenSaysSoAndRecovers() {
        var client = busy(width: 19, height: 5)
        #expect(client.screen() == "\n\nToo small\n\n")
        client.resize(width: 80, height: 24)
        #expect(client.inputLine() == "where are you")
    }

    @Test func loginScreen() {
        var client = ScreenFixture(width: 60, height: 16)
        client.type("falcon")
        #expect(
            client.screen() == """


                 Banter    localhost

                 Name      hans
                 Password    (typed)









                 Enter goes on · Tab changes the field · Ctrl-C twice quits
                """)
    }

    @Test func firstScreenSaysHowToMoveSendAndGetHelp() {
        var client = ScreenFixture.online(width: 80, height: 16)
        #expect(
            client.screen() == """
                ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · 4 ┐
                │ Nothing said yet.                                              │ ● hans      │
                │                                                                │ ● luke      │
                │                                                                │ ● r2d2      │
                │                                                                │ ● yoda      │
                │                                                                │             │
                │                                                                │             │
                │                                                                │             │
                ├─ Conversations ────────────────────────────────────────────────┤             │
                │ F2 everyone · F3 conversation · F4 users: where text goes      │             │
                │ /msg NAME opens a conversation · Tab completes · Enter sends   │             │
                │ F1 shows all keys and commands                                 │             │
                ├────────────────────────────────────────────────────────────────┴─────────────┤
                │ Everyone · F1 help                                      hans@localhost · TLS │
                │ to everyone ▸                                                                │
                └─ F1 help · F3 conversations · F4 users · Ctrl-G go to · Ctrl-S search ───────┘
                """)
    }

    @Test func lostConnectionIsSeenAtOnce() {
        var client = ScreenFixture.online(width: 80, height: 14)
        client.update(.link(.linkClosed(.lost("connection reset"))))
        client.enter("is anybody there?")
        #expect(
            client.screen() == """
                ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · ? ┐
                │ 14:02 me    is anybody there?                         … queued │ ○ hans      │
                │                                                                │ ○ luke      │
                │                                                                │ ○ r2d2      │
                │                                                                │ ○ yoda      │
                │                                                                │             │
                ├─ Conversations ────────────────────────────────────────────────┤             │
                │ F2 everyone · F3 conversation · F4 users: where text goes      │             │
                │ /msg NAME opens a conversation · Tab completes · Enter sends   │             │
                │ F1 shows all keys and commands                                 │             │
                ├────────────────────────────────────────────────────────────────┴─────────────┤
                │ Everyone · F1 help     reconnecting in 1 s · 1 line waits · connection reset │
                │ to everyone ▸                                                                │
                └─ F1 help · F3 conversations · F4 users · Ctrl-G go to · Ctrl-S search ───────┘
                """)
    }

    @Test func noSizeCrashesOnAnyScreen() {
        var login = ScreenFixture()
        login.type("falcon")
        var confirm = ScreenFixture()
        confirm.enter("falcon")
        confirm.update(.link(.linkClosed(.unknownServer(fingerprint: "SHA256:abcdefghijklmnopqrstuvwxyz"))))
        let main = busy(width: 80, height: 24)
        var help = main
        help.press(.function(1))
        var users = main
        users.press(.function(4))
        var everyone = main
        everyone.press(.function(2), .pageUp)
        var scrolled = main
        for number in 0..<40 { scrolled.message(from: "yoda", "line \(number) 漢字 🙂") }
        scrolled.press(.pageUp)
        for client in [login, confirm, main, help, users, everyone, scrolled] {
            var client = client
            for width in 0...30 {
                for height in 0...12 {
                    client.resize(width: width, height: height)
                    let frame = client.frame()
                    #expect(frame.rows.count == height)
                    #expect(frame.rows.allSatisfy { row in row.count == width })
                    if let cursor = frame.cursor {
                        #expect((0..<width).contains(cursor.column))
                        #expect((0..<height).contains(cursor.row))
                    }
                }
            }
            client.press(.pageUp, .pageDown, .alt(.home), .down, .up)
            client.resize(width: 80, height: 24)
            #expect(client.lines().count == 24)
        }
    }

    @Test func aFloodLeavesTheInputLineExactlyAsTyped() {
        var client = ScreenFixture.online()
        let typed = "the quick brown fox jumps over the lazy dog, twice"
        var shown = ""
        for (number, character) in typed.enumerated() {
            client.press(.character(character))
            shown.append(character)
            for line in 0..<200 {
                client.broadcast(from: "luke", "flood \(number) \(line) with quite a few words that wrap on this screen")
            }
            var expected = shown
            while expected.last == " " { expected.removeLast() }
            #expect(client.inputLine() == expected)
            #expect(client.frame().cursor?.column == 2 + "to everyone ▸ ".count + shown.count)
        }
        #expect(client.model.everyone.log.entries.count <= Log.bound + 200)
    }

    @Test func withoutColoursNothingIsLost() {
        var client = busy(width: 80, height: 24)
        let coloured = client.frame()
        client.model.adopt(Theme.suited(colors: 256, environment: ["NO_COLOR": "1"]))
        let plain = client.frame()
        #expect(plain.text == coloured.text)
        #expect(plain.rows.joined().allSatisfy { $0.style.foreground == nil && $0.style.background == nil })
        #expect(coloured.rows.joined().contains { $0.style.foreground != nil })
    }

    @Test func aNameHasTheSameColourEverywhere() throws {
        let theme = Theme(colors: 256)
        let luke = try #require(UserName("luke"))
        #expect(theme.name(luke) == Theme(colors: 256).name(luke))
        let names = (0..<200).compactMap { UserName("user\($0)") }
        #expect(Set(names.map { theme.name($0) }).count > 15)
    }

    @Test func aFrameOfTheSameModelIsTheSame() {
        var client = busy(width: 80, height: 24)
        #expect(client.frame() == client.frame())
    }
}
