import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelRoomTests {
    @Test func messagesOutOfSightAreCountedUntilSeen() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "one")
        client.message(from: "luke", "two")
        client.message(from: "luke", "three")
        #expect(client.screen().contains("2 luke (2)"))
        #expect(client.line(with: "● luke")?.contains("2") == true)
        client.press(.alt(.character("a")))
        #expect(client.screen().contains("[2 luke]"))
        #expect(client.screen().contains("to luke ▸"))
    }

    @Test func draftsBelongToTheirRoom() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "one")
        client.message(from: "luke", "two")
        client.type("for all")
        client.press(.alt(.character("1")))
        client.type("for yoda")
        client.press(.control("n"))
        #expect(client.inputLine() == "")
        client.type("for luke")
        client.press(.control("p"))
        #expect(client.inputLine() == "for yoda")
        client.press(.function(2))
        #expect(client.inputLine() == "for all")
        client.press(.alt(.character("/")))
        #expect(client.inputLine() == "for yoda")
    }

    @Test func nothingThatArrivesMovesTheFocus() {
        var client = ScreenFixture.online()
        client.type("half a lin")
        client.message(from: "yoda", "one")
        client.broadcast(from: "luke", "two")
        client.presence(came: ["leia"])
        client.type("e")
        #expect(client.inputLine() == "half a line")
        #expect(client.screen().contains("to everyone ▸"))
    }

    @Test func scrollbackKeepsItsPlaceAndCountsWhatIsBelow() {
        var client = ScreenFixture.online()
        for number in 1...60 { client.broadcast(from: "luke", "line number \(number).") }
        client.press(.pageUp)
        let before = client.lines()[1...12]
        #expect(before.contains { $0.contains("line number 40.") })
        #expect(!before.contains { $0.contains("line number 60.") })
        for number in 61...70 { client.broadcast(from: "luke", "line number \(number).") }
        #expect(client.lines()[1...12] == before)
        #expect(client.screen().contains("more below ↓"))
        #expect(client.model.everyone.log.unread == 10)
        client.press(.alt(.end))
        #expect(client.screen().contains("line number 70."))
        #expect(client.model.everyone.log.unread == 0)
    }

    @Test func pagesOverlapAndReachBothEnds() {
        var client = ScreenFixture.online()
        for number in 1...100 { client.broadcast(from: "luke", "line number \(number).") }
        var seen: Set<Int> = []
        for _ in 0..<30 {
            for number in 1...100 where client.line(with: "line number \(number).") != nil { seen.insert(number) }
            client.press(.pageUp)
        }
        #expect(seen.count == 100)
        #expect(client.line(with: "line number 1.") != nil)
        client.press(.alt(.home))
        #expect(client.line(with: "line number 1.") != nil)
        for _ in 0..<30 { client.press(.pageDown) }
        #expect(client.line(with: "line number 100.") != nil)
        #expect(client.model.everyone.log.isAtEnd)
    }

    @Test func scrollPositionSurvivesResizingAndTrimming() {
        var client = ScreenFixture.online()
        for number in 1...300 { client.broadcast(from: "luke", "line number \(number).") }
        client.press(.pageUp)
        client.resize(width: 50, height: 30)
        #expect(client.line(with: "line number 286.") != nil)
        client.resize(width: 80, height: 24)
        for number in 301...5000 { client.broadcast(from: "luke", "line number \(number).") }
        #expect(client.lines().count == 24)
        client.press(.alt(.end))
        #expect(client.line(with: "line number 5000.") != nil)
    }

    @Test func theLineNewStaysPut() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "old")
        client.press(.focusOut)
        client.broadcast(from: "luke", "fresh")
        client.broadcast(from: "luke", "fresher")
        client.press(.focusIn)
        var lines = client.lines()
        #expect(lines[2].contains("─ new ─"))
        client.broadcast(from: "luke", "while looking")
        lines = client.lines()
        #expect(lines[2].contains("─ new ─"))
        #expect(lines[3].contains("fresh"))
        client.enter("my turn")
        #expect(!client.screen().contains("─ new ─"))
    }

    @Test func repeatedTimesAndNamesAreFolded() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "one")
        client.broadcast(from: "luke", "two")
        client.broadcast(from: "yoda", "three")
        client.pass(seconds: 60)
        client.broadcast(from: "yoda", "four")
        client.pass(seconds: 600)
        client.broadcast(from: "yoda", "five")
        let lines = client.lines()[1...5].map { String($0.dropFirst(2).prefix(18)) }
        #expect(lines == ["14:02 luke  one   ", "            two   ", "      yoda  three ", "14:03       four  ", "14:13 yoda  five  "])
    }

    @Test func daysAreSeparated() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "today")
        client.pass(seconds: 86_400)
        client.broadcast(from: "luke", "tomorrow")
        #expect(client.screen().contains("─ Thursday 16 November 2023 ─"))
    }

    @Test func whatWasSentLongBeforeSaysWhen() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "an hour ago", secondsAgo: 3_600)
        client.message(from: "yoda", "yesterday", secondsAgo: 86_400)
        client.message(from: "yoda", "now", secondsAgo: 5)
        #expect(client.line(with: "an hour ago")?.contains("sent 13:02") == true)
        #expect(client.line(with: "yesterday")?.contains("sent Tue 14 Nov 14:02") == true)
        #expect(client.line(with: " now")?.contains("sent") == false)
    }

    @Test func presenceIsToldInOneLine() {
        var client = ScreenFixture.online()
        client.presence(came: ["leia"])
        client.presence(came: ["vader"])
        client.presence(went: ["luke"])
        #expect(client.screen().contains("leia, vader logged in · luke logged out"))
        #expect(client.screen().contains("Online · 5"))
        client.presence(came: (0..<40).map { "user\($0)" })
        #expect(client.screen().contains("and 34 others logged in") || client.screen().contains("34 others"))
        #expect(client.model.everyone.log.entries.count == 1)
    }

    @Test func presenceNeverInventsPeople() {
        var client = ScreenFixture.online()
        let many = (10..<40).map { "user\($0)" }
        for _ in 0..<5 {
            client.presence(came: many)
            client.presence(went: many)
        }
        #expect(client.model.everyone.log.entries.map(\.text) == [many.prefix(8).joined(separator: ", ") + " and 22 others logged out"])
        client.presence(came: (100..<400).map { "user\($0)" })
        #expect(client.model.everyone.log.entries[0].text.contains(" and more than 192 others logged in"))
    }

    @Test func theListAtLoginIsNoNewsHoweverLong() {
        var client = ScreenFixture.online()
        let names = (0..<2500).compactMap { UserName("user\($0)") }
        client.event(.presence(.init(online: Array(names[..<1000]), isReset: true)))
        client.event(.presence(.init(online: Array(names[1000..<2000]), isList: true)))
        client.event(.presence(.init(online: Array(names[2000...]), isList: true)))
        #expect(client.model.everyone.log.isEmpty)
        #expect(client.model.roster.count == 2500)
        client.presence(came: ["leia"])
        #expect(client.screen().contains("leia logged in"))
    }

    @Test func theListOfUsersOpensConversations() {
        var client = ScreenFixture.online()
        client.press(.function(4), .down, .enter)
        #expect(client.screen().contains("to r2d2 ▸"))
        client.press(.function(4), .end, .enter)
        #expect(client.screen().contains("to yoda ▸"))
    }

    @Test func typingInTheListOfUsersGoesToTheLine() {
        var client = ScreenFixture.online()
        client.press(.function(4))
        client.type("hi")
        #expect(client.inputLine() == "hi")
        #expect(client.model.focus == .everyone)
    }

    @Test func hostileTextReachesNoCell() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "a\u{1B}[2J\u{202E}b\r\n14:02 yoda  I am a fake\u{7}")
        let frame = client.frame()
        for cell in frame.rows.joined() {
            for scalar in cell.text.unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value) && scalar.value != 0x202E)
            }
        }
        // The second line stands in the gutter of the first and cannot pass for another's.
        #expect(frame.lines[2].hasPrefix("│             14:02 yoda  I am a fake"))
    }

    @Test func anAccountCalledMeIsNotMe() {
        var client = ScreenFixture.online()
        client.broadcast(from: "me", "I am you")
        client.enter("no")
        #expect(client.line(with: "I am you")?.contains(" @me ") == true)
        #expect(client.line(with: " me ") != nil)
    }

    @Test func aLongNameIsShownWholeBeforeItsText() {
        var client = ScreenFixture.online()
        client.broadcast(from: "administrator-of-the-server", "hello")
        #expect(client.screen().contains("administrator-of-the-server  hello"))
    }

    @Test func conversationsAreBounded() {
        var client = ScreenFixture.online()
        for number in 0..<Model.conversationBound + 20 { client.message(from: "user\(number)", "hi") }
        #expect(client.model.conversations.count == Model.conversationBound)
        #expect(client.lines().count == 24)
    }

    @Test func aBellRingsForWhatNobodyLooksAt() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "hello hans")
        #expect(!client.effects.contains(.bell))
        client.press(.focusOut)
        client.broadcast(from: "luke", "hello all")
        #expect(!client.effects.contains(.bell))
        client.broadcast(from: "luke", "hello hans")
        #expect(client.effects.contains(.bell))
        client.effects = []
        client.message(from: "yoda", "at once")
        #expect(!client.effects.contains(.bell))
        client.pass(seconds: 1)
        client.message(from: "yoda", "hi")
        #expect(client.effects.contains(.bell))
    }

    @Test func aConversationCanBeClosed() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "hi")
        client.press(.function(3))
        client.enter("/close")
        #expect(client.model.conversations.isEmpty)
        #expect(client.screen().contains("to everyone ▸"))
    }
}
