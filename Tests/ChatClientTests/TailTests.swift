import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct TailTests {
    private func tail(json: Bool = true, from: UserName? = nil, last: Int = 0, acknowledges: Bool = false) -> ToolFixture {
        .online(Tail(Tail.Options(isJSON: json, from: from, last: last, acknowledges: acknowledges), zone: .utc))
    }

    private func page(_ texts: [String], from: UserName = yoda, first: UInt64 = 1, before: HistoryPlace? = nil) -> Reply {
        let messages = texts.enumerated().map { number, text in
            Reply.HistoryMessage(from: from, text: text, receipt: SessionFixture.receipt(first + UInt64(number)))
        }
        return .history(Reply.HistoryPage(with: nil, messages: messages, before: before))
    }

    @Test func everyEventIsOneObjectWithItsNames() {
        var tool = tail()
        #expect(tool.outputs.printed == [#"{"event":"connected","user":"hans","resumed":false,"time":1700056920000}"#])
        let message = tool.learn(.message(from: yoda, text: "a\nb", SessionFixture.receipt(17)))
        #expect(message.printed == [#"{"event":"message","from":"yoda","text":"a\nb","seq":17,"time":1700000000017}"#])
        let broadcast = tool.learn(.broadcast(from: yoda, text: "hi", SessionFixture.receipt(3)))
        #expect(broadcast.printed == [#"{"event":"broadcast","from":"yoda","text":"hi","seq":3,"time":1700000000003}"#])
        let presence = tool.learn(.presence(Event.Presence(online: [yoda], isReset: true)))
        #expect(
            presence.printed
                == [#"{"event":"presence","online":["yoda"],"offline":[],"list":true,"reset":true,"time":1700056920000}"#])
        let lost = tool.learn(.phase(.waiting(untilUptime: 0, reason: "reset")))
        #expect(lost.printed == [#"{"event":"disconnected","reason":"reset","time":1700056920000}"#])
        #expect(tool.learn(.phase(.waiting(untilUptime: 1, reason: "refused"))).isEmpty, "told once")
        #expect(tool.online(resumed: true).printed == [#"{"event":"connected","user":"hans","resumed":true,"time":1700056920000}"#])
        let ended = tool.end(.inactivity)
        #expect(ended.printed == [#"{"event":"ended","reason":"logged out for inactivity","time":1700056920000}"#])
        #expect(ended.exit == .dismissed)
    }

    @Test func forPeopleThereIsTheTimeAndTheSanitizedText() {
        var tool = tail(json: false)
        #expect(tool.outputs.printed.isEmpty)
        let message = tool.learn(.message(from: yoda, text: "a\u{1B}[2J\nvader: c", SessionFixture.receipt(1)))
        #expect(message.printed == ["2023-11-14 22:13 yoda: a[2J⏎vader: c"])
        let broadcast = tool.learn(.broadcast(from: yoda, text: "hi", SessionFixture.receipt(1)))
        #expect(broadcast.printed == ["2023-11-14 22:13 yoda (broadcast): hi"])
        #expect(tool.learn(.presence(Event.Presence(online: [yoda]))).printed == ["2023-11-15 14:02 yoda logged in"])
        #expect(tool.learn(.presence(Event.Presence(online: [yoda], isList: true))).isEmpty, "who was there before is no news")
    }

    @Test func directMessagesAreAcknowledgedOnlyIfAskedForAndAfterTheyWereWritten() {
        var peek = tail()
        #expect(peek.learn(.message(from: yoda, text: "hi", SessionFixture.receipt(5))).count == 1)
        var take = tail(acknowledges: true)
        let outputs = take.learn(.message(from: yoda, text: "hi", SessionFixture.receipt(5)))
        #expect(outputs.last == .afterOutput(.shown(through: 5)))
        #expect(outputs.count == 2)
    }

    @Test func itSaysOnceThatTheServerSendsNoMore() {
        var tool = tail()
        for number in 1...300 { tool.learn(.message(from: yoda, text: "x", SessionFixture.receipt(UInt64(number)))) }
        #expect(tool.outputs.notices.count == 1)
        var large = tail()
        for number in 1...8 {
            large.learn(.message(from: yoda, text: String(repeating: "x", count: 16_384), SessionFixture.receipt(UInt64(number))))
        }
        #expect(large.outputs.notices.count == 1)
    }

    @Test func onlyWhatOneUserSays() {
        var tool = tail(json: false, from: yoda)
        #expect(tool.learn(.message(from: yoda, text: "hi", SessionFixture.receipt(1))).printed.count == 1)
        #expect(tool.learn(.message(from: hans, text: "hi", SessionFixture.receipt(2))).isEmpty)
        #expect(tool.learn(.presence(Event.Presence(online: [hans]))).isEmpty)
    }

    @Test func whatWasSaidBeforeComesFirstAndNothingTwice() {
        var tool = tail(json: false, last: 3)
        #expect(tool.outputs.requests == [.history(HistoryQuery(with: nil, limit: 3))])
        #expect(tool.learn(.broadcast(from: yoda, text: "three", SessionFixture.receipt(3))).isEmpty, "held")
        #expect(tool.learn(.broadcast(from: yoda, text: "four", SessionFixture.receipt(4))).isEmpty, "held")
        let printed = tool.answer(0, page(["one", "two", "three"])).printed
        #expect(printed.map { $0.suffix(5).split(separator: " ").last } == ["one", "two", "three", "four"])
        #expect(tool.learn(.broadcast(from: yoda, text: "five", SessionFixture.receipt(5))).printed.count == 1)
    }

    @Test func thePastOfAUserIsSearchedPageByPageInBothStreams() {
        var tool = tail(json: false, from: yoda, last: 2)
        tool.answer(0, page(["not yoda's"], from: hans, first: 9, before: HistoryPlace(received: 9, sent: 0)))
        tool.answer(1, page(["a broadcast"], first: 4))
        let printed = tool.answer(2, page(["direct one", "direct two"], first: 3)).printed
        #expect(tool.outputs.requests.count == 3)
        #expect(printed.count == 2)
        #expect(printed.last?.hasSuffix("direct two") == true || printed.last?.hasSuffix("a broadcast") == true)
    }

    @Test func aLostConnectionAsksForThePageAgain() {
        var tool = tail(json: false, last: 1)
        tool.learn(.failed(Ticket(number: 1), .connectionLost))
        tool.online(resumed: true)
        #expect(tool.outputs.requests.count == 2)
        #expect(tool.answer(1, page(["one"])).printed.count == 1)
    }

    @Test func whatArrivesWhileThePastIsReadIsBounded() {
        var tool = tail(json: false, last: 1)
        for number in 1...UInt64(Tail.heldBound) { tool.learn(.broadcast(from: yoda, text: "x", SessionFixture.receipt(number))) }
        #expect(tool.outputs.printed.count == Tail.heldBound)
        #expect(tool.outputs.notices == ["what was said before could not be read"])
    }
}

@Suite struct JSONLineTests {
    @Test func whatControlsOrHidesIsEscaped() {
        let line = JSONLine.text { $0.member("text", "\u{1B}\u{7F}\u{9B}2J\u{202E}\u{2028}\u{E0001}\u{E000}é漢🙂\"\n") }
        #expect(line == #"{"text":"\u001b\u007f\u009b2J\u202e\u2028\udb40\udc01\ue000é漢🙂\"\n"}"#)
    }

    @Test func aReaderGetsTheTextBack() throws {
        let text = "\u{0}\u{9B}\u{202E}\u{E0001} plain 漢\u{2028}"
        let line = JSONLine.text { $0.member("text", text) }
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        #expect(try JSONParser.object(in: Array(line.utf8))["text"]?.string == text)
    }
}
