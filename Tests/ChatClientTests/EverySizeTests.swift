import ChatProtocol
import Testing

@testable import ChatClient

/// What must be told on screens of every size.
@Suite struct EverySizeTests {
    static let sizes = [(120, 40), (80, 24), (40, 12), (20, 5)]

    private func status(_ client: inout ScreenFixture) -> String {
        let lines = client.lines()
        let line = lines[lines.count - (client.width < 36 ? 2 : 3)]
        return line.filter { $0 != "│" }
    }

    // MARK: Unread

    @Test(arguments: sizes) func whatComesElsewhereIsSeen(width: Int, height: Int) {
        var client = ScreenFixture.online(width: width, height: height)
        client.message(from: "yoda", "one")
        client.message(from: "luke", "two")
        client.message(from: "luke", "three")
        let top = client.screen()
        #expect(top.contains("@3") || top.contains("(2)"), "\(top)")
        client.type("a draft, and with it a hint /")
        #expect(client.screen().contains("@3") || client.screen().contains("(2)"))
        client.press(.alt(.character("a")), .alt(.character("a")))
        #expect(!client.screen().contains("@3") && !client.screen().contains("(2)"))
    }

    @Test func onOnePaneBroadcastsElsewhereHaveNoSignAndMentionsHaveOne() {
        var client = ScreenFixture.online(width: 20, height: 5)
        client.enter("/msg yoda")
        client.broadcast(from: "luke", "hello")
        #expect(client.lines()[0].contains(" 1 new") && !client.lines()[0].contains("@"))
        client.broadcast(from: "luke", "hans!")
        #expect(client.lines()[0].contains("@2"))
    }

    @Test func tabsWithoutRoomTellWhatIsUnreadInThem() {
        var client = ScreenFixture.online(width: 40, height: 12)
        for name in ["yoda", "luke", "r2d2", "vader", "leia", "obiwan"] { client.message(from: name, "hi") }
        let tabs = client.line(with: "[1 yoda]") ?? ""
        #expect(tabs.contains("›(") && DisplayWidth.cells(tabs) == 40, "\(client.screen())")
    }

    // MARK: The status line

    /// States of the connection, and what has to be read of each at forty columns and on the smallest screen.
    @Test(arguments: [(40, 12), (20, 5)]) func everyStateOfTheConnectionSaysWhatMatters(width: Int, height: Int) {
        func screen(_ prepare: (inout ScreenFixture) -> Void) -> String {
            var client = ScreenFixture.online(width: width, height: height)
            client.type("x")
            prepare(&client)
            return status(&client)
        }
        let lost = screen { $0.update(.link(.linkClosed(.lost("connection reset by peer")))) }
        #expect(lost.contains(width == 40 ? "reconnecting in 1 s" : "offline, 1 s"), "\(lost)")
        let waiting = screen {
            $0.update(.link(.linkClosed(.lost("reset"))))
            $0.press(.enter)
        }
        #expect(waiting.contains("in 1 s") || waiting.contains(", 1 s"), "\(waiting)")
        let inactive = screen { $0.event(.timeout) }
        #expect(inactive.contains("Enter logs in"), "\(inactive)")
        let replaced = screen { $0.event(.bye(.replaced)) }
        #expect(replaced.contains("Enter takes it"), "\(replaced)")
        let slow = screen {
            $0.enter("yz")
            $0.pass(seconds: 5)
        }
        #expect(slow.contains("no answer for 5 s"), "\(slow)")
        for words in [lost, waiting, inactive, replaced, slow] { #expect(!words.contains("…"), "cut: \(words)") }
    }

    @Test func thatNothingIsEncryptedIsSaidAtFortyColumns() {
        var client = ScreenFixture(width: 40, height: 12)
        client.enter("falcon")
        client.welcome(.linkOpened(.plaintext))
        #expect(status(&client).contains("not encrypted"))
    }

    @Test func theInactivityWarningIsWholeOnEverySize() {
        for (width, height) in Self.sizes {
            var client = ScreenFixture.online(width: width, height: height, timeout: 60)
            client.pass(seconds: 50)
            let words = status(&client)
            #expect(words.contains("out in 10 s") && !words.contains("…"), "\(words)")
        }
    }

    // MARK: Hints

    /// Nothing that the program says by itself is cut in the middle of a word.
    @Test(arguments: sizes) func hintsAreShortenedByMeaning(width: Int, height: Int) {
        let lines = [
            "message yoda hi", "/mgs yoda hi", "/", "@yoda hi", "?", "exit", "/close", "/block", "/whoelsesince x", "/msg hans", "/message",
        ]
        for line in lines {
            var client = ScreenFixture.online(width: width, height: height)
            client.enter(line)
            guard let hint = client.model.hint else {
                Issue.record("no hint for \(line)")
                continue
            }
            let shown = status(&client).split(separator: " ").map(String.init)
            let said = ([hint.text] + hint.short).joined(separator: " ").split(separator: " ").map(String.init)
            #expect(!shown.isEmpty)
            let words = shown.prefix { $0 != "hans@localhost" && $0 != "TLS" }
            #expect(
                words.allSatisfy { said.contains($0) || $0.hasSuffix("…") && said.contains(String($0.dropLast())) }, "\(line): \(shown)")
        }
    }

    @Test func aTextIsShortenedByPartsAndThenByWords() {
        #expect(Wording.fitting(30, ["one thing · another · the last"]) == "one thing · another · the last")
        #expect(Wording.fitting(29, ["one thing · another · the last"]) == "one thing · another")
        #expect(Wording.fitting(10, ["one thing · another · the last"]) == "one thing")
        #expect(Wording.fitting(8, ["one thing · another"]) == "one…" || Wording.fitting(8, ["one thing · another"]) == "one thi…")
        #expect(Wording.fitting(8, ["long words", "short"]) == "short")
        #expect(Wording.fitting(0, ["x"]) == "")
        #expect(Wording.fitting(5, []) == "")
    }

    // MARK: What is below

    /// The sign says that there is more below; where all of it is on the screen, there is none.
    @Test func theSignOfMoreBelowGoesWhenAllIsOnTheScreen() {
        var client = ScreenFixture.online(width: 80, height: 14)
        for number in 1...12 { client.broadcast(from: "luke", "line \(number)") }
        client.press(.pageUp)
        #expect(client.screen().contains("↓"))
        client.resize(width: 80, height: 40)
        #expect(client.screen().contains("line 12") && !client.screen().contains("↓"))
        client.resize(width: 80, height: 14)
        #expect(client.screen().contains("line 12") && !client.screen().contains("↓"))
        client.press(.pageUp)
        client.press(.alt(.character("z")))
        #expect(client.screen().contains("line 12") != client.screen().contains("↓"))
        client.press(.alt(.character("z")))
        #expect(client.screen().contains("line 12") != client.screen().contains("↓"))
    }

    @Test func whatIsAllOnTheScreenIsReadAtOnce() {
        var client = ScreenFixture.online(width: 80, height: 14)
        for number in 1...12 { client.broadcast(from: "luke", "line \(number)") }
        client.press(.pageUp)
        client.broadcast(from: "luke", "line 13")
        #expect(client.lines()[0].contains("Everyone (1)"))
        client.resize(width: 80, height: 40)
        #expect(client.lines()[0].hasPrefix("┌─ Everyone ─"), "by this very draw")
    }

    // MARK: Help

    @Test(arguments: sizes) func helpBeginsWithWhatOneNeedsAndCountsItsPages(width: Int, height: Int) {
        var client = ScreenFixture.online(width: width, height: height)
        client.press(.function(1))
        #expect(client.lines()[0].contains("Help"))
        #expect(client.lines()[0].contains(" of ") || client.lines()[0].contains("1/"), "\(client.lines()[0])")
        #expect(client.lines()[1].contains("What one needs"))
        var read = ""
        var seen = Set<String>()
        while seen.insert(client.lines()[0] + "\(client.model.help ?? 0)").inserted {
            read += client.screen()
            client.press(.pageDown)
        }
        for words in ["/msg USER", "/startprivate USER", "/register FILE", "history-private", "/quit", "/transfers", "Ctrl-Y"] {
            #expect(read.contains(words), "\(words)")
        }
        let title = client.lines()[0]
        #expect(title.contains("Esc") || width == 20)
        let numbers = title.split { !$0.isNumber }.prefix(2)
        #expect(numbers.count == 2 && numbers.first == numbers.last, "the last page: \(title)")
    }

    @Test func helpFollowsTheKeysAsTheyAreBound() {
        var client = ScreenFixture.online()
        client.enter("/set bind Alt-A none")
        client.enter("/set bind F9 search")
        client.enter("/set bind Ctrl-S none")
        client.press(.function(1))
        let text = client.screen()
        #expect(text.contains("F9"))
        #expect(!text.contains("goes to what you have not read"))
    }

    @Test func helpIsSearched() {
        var client = ScreenFixture.online()
        client.enter("/help private")
        #expect(client.lines()[0].contains("Help on “private”"))
        #expect(client.screen().contains("/stopprivate USER") && client.screen().contains("history-private"))
        #expect(!client.screen().contains("/register"))
        client.enter("/help xyzzy")
        #expect(client.screen().contains("Nothing here has “xyzzy” in it."))
        client.press(.escape)
        client.press(.function(1))
        #expect(client.screen().contains("What one needs"))
    }
}
