import ChatPeer
import ChatProtocol
import Glibc
import Testing

@testable import ChatClient

@Suite struct LineReaderTests {
    @Test func linesAreFoundAcrossReads() {
        var reader = LineReader()
        reader.feed("one\ntw".utf8)
        #expect(reader.take() == "one")
        #expect(reader.take() == nil)
        reader.feed("o\r\n\nlast".utf8)
        #expect(reader.count == 2)
        reader.finish()
        #expect(reader.take() == "two")
        #expect(reader.take() == "")
        #expect(reader.take() == "last")
        #expect(reader.take() == nil)
    }

    @Test func longLinesAreCutAndTheNextIsWhole() {
        var reader = LineReader()
        for _ in 0..<100 { reader.feed(repeatElement(UInt8(ascii: "x"), count: 10_000)) }
        reader.feed("\nnext\n".utf8)
        #expect(reader.take()?.utf8.count == LineReader.limit)
        #expect(reader.take() == "next")
    }

    @Test func invalidUTF8IsReplaced() {
        var reader = LineReader()
        reader.feed([0x61, 0xFF, 0x0A])
        #expect(reader.take() == "a\u{FFFD}")
    }
}

@Suite struct OutputQueueTests {
    private func withPipe(_ body: (_ readEnd: Int32, _ writeEnd: Int32) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            Issue.record("no pipe")
            return
        }
        // A write to a pipe without a reader must be an error, not a signal.
        signal(SIGPIPE, SIG_IGN)
        body(ends[0], ends[1])
        close(ends[0])
        close(ends[1])
    }

    private func readAll(_ descriptor: Int32, _ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while all.count < count {
            let got = read(descriptor, &buffer, min(buffer.count, count - all.count))
            if got <= 0 { break }
            all += buffer.prefix(got)
        }
        return all
    }

    @Test func inputsFollowTheirOutputAndAcknowledgementsAreJoined() {
        withPipe { readEnd, writeEnd in
            var queue = OutputQueue()
            queue.write("a\n", to: writeEnd)
            queue.then(.session(.shown(through: 1)))
            queue.write("b\n", to: writeEnd)
            queue.then(.session(.shown(through: 2)))
            queue.then(.session(.logout))
            #expect(queue.flush() == [.session(.shown(through: 2)), .session(.logout)])
            #expect(queue.isEmpty && queue.waitingBytes == 0)
            #expect(readAll(readEnd, 4) == Array("a\nb\n".utf8))
        }
    }

    @Test func privateAcknowledgementsAreJoinedForEachPerson() {
        withPipe { _, writeEnd in
            var queue = OutputQueue()
            queue.write("a\n", to: writeEnd)
            queue.then(.peer(.shown(hans, through: 1)))
            queue.then(.peer(.shown(hans, through: 2)))
            queue.then(.peer(.shown(yoda, through: 1)))
            queue.then(.session(.shown(through: 1)))
            #expect(queue.flush() == [.peer(.shown(hans, through: 2)), .peer(.shown(yoda, through: 1)), .session(.shown(through: 1))])
            queue.then(.peer(.shown(hans, through: 3)))
            queue.abandon(STDOUT_FILENO)
            queue.then(.peer(.shown(hans, through: 4)))
            #expect(queue.flush() == [])
        }
    }

    @Test func fullPipeHoldsBackWhatFollows() {
        withPipe { readEnd, writeEnd in
            var queue = OutputQueue()
            let text = String(repeating: "x", count: 300_000)
            queue.write(text, to: writeEnd)
            queue.then(.session(.shown(through: 1)))
            #expect(queue.flush() == [])
            #expect(queue.blockedOn == writeEnd)
            #expect(queue.waitingBytes > 0)
            var got = 0
            var inputs: [ClientInput] = []
            while inputs.isEmpty, got < text.utf8.count {
                got += readAll(readEnd, 4096).count
                inputs += queue.flush()
            }
            #expect(inputs == [.session(.shown(through: 1))])
            #expect(queue.waitingBytes == 0)
        }
    }

    @Test func brokenPipeDropsItsTextAndKeepsTheRest() {
        var queue = OutputQueue()
        withPipe { readEnd, writeEnd in
            close(readEnd)
            queue.write("lost", to: writeEnd)
            queue.then(.session(.logout))
            #expect(queue.flush() == [.session(.logout)])
            #expect(queue.isGone(writeEnd))
            queue.write("more", to: writeEnd)
            #expect(queue.isEmpty && queue.waitingBytes == 0)
        }
    }

    @Test func nothingCountsAsShownOnceNobodyReads() {
        var queue = OutputQueue()
        queue.then(.session(.shown(through: 1)))
        queue.abandon(STDOUT_FILENO)
        queue.then(.session(.shown(through: 2)))
        queue.then(.session(.logout))
        #expect(queue.flush() == [.session(.logout)])
    }
}

@Suite struct LineTypingTests {
    private let command = LineMode.Prompt(text: "> ", isHidden: false)
    private let password = LineMode.Prompt(text: "Password: ", isHidden: true)

    /// A line that was begun while the login was on its way is no password when that is refused.
    @Test func whatIsStillBeingTypedIsNoPassword() {
        var typing = LineTyping()
        var time = 10 * Moment.second
        func press(_ text: String, at prompt: LineMode.Prompt?) -> [LineTyping.Result] {
            text.map { character in
                time += Moment.second / 10
                return typing.press(character == "\n" ? .enter : .character(character), at: prompt, isCommand: false, time: time)
            }
        }
        _ = press("hel", at: nil)
        typing.turn(toHidden: true)
        #expect(press("lo all\n", at: password).allSatisfy { $0 == .nothing })
        time += 2 * Moment.second
        #expect(press("wise\n", at: password).last == .line("wise", echo: ""))
    }

    @Test func aPasswordTypedAheadIsWhole() {
        var typing = LineTyping()
        for character in "hans" { _ = typing.press(.character(character), at: command, isCommand: false) }
        #expect(typing.press(.enter, at: command, isCommand: false) == .line("hans", echo: "hans"))
        _ = typing.press(.character("w"), at: password, isCommand: false)
        typing.turn(toHidden: true)
        for character in "ise" { _ = typing.press(.character(character), at: password, isCommand: false) }
        #expect(typing.press(.enter, at: password, isCommand: false) == .line("wise", echo: ""))
    }

    @Test func passwordIsNeverShownOrKept() {
        var typing = LineTyping()
        for character in "wise" { #expect(typing.press(.character(character), at: password, isCommand: false) == .changed) }
        #expect(typing.window(width: 20, isHidden: true).text == "")
        #expect(typing.press(.enter, at: password, isCommand: false) == .line("wise", echo: ""))
        _ = typing.press(.up, at: command, isCommand: true)
        #expect(typing.window(width: 20, isHidden: false).text == "")
    }

    @Test func passwordsInACommandAreNeitherShownNorCalledBack() {
        var typing = LineTyping()
        for character in "passwd a b" { _ = typing.press(.character(character), at: command, isCommand: true) }
        #expect(!typing.window(width: 40, isHidden: false).text.contains("a b"))
        #expect(typing.press(.enter, at: command, isCommand: true) == .line("passwd a b", echo: "passwd …"))
        _ = typing.press(.up, at: command, isCommand: true)
        #expect(typing.window(width: 40, isHidden: false).text == "")
    }

    @Test func controlCClearsThenInterruptsAndControlDEnds() {
        var typing = LineTyping()
        _ = typing.press(.character("x"), at: command, isCommand: true)
        #expect(typing.press(.control("c"), at: command, isCommand: true) == .changed)
        #expect(typing.press(.control("c"), at: command, isCommand: true) == .interrupt)
        #expect(typing.press(.control("d"), at: command, isCommand: true) == .end)
        #expect(typing.press(.control("d"), at: password, isCommand: false) == .end)
    }

    @Test func linesTypedAheadAreLinesOfTheirOwn() {
        var typing = LineTyping()
        _ = typing.press(.character("x"), at: nil, isCommand: false)
        #expect(typing.press(.enter, at: nil, isCommand: false) == .line("x", echo: "x"))
        _ = typing.press(.character("y"), at: nil, isCommand: false)
        #expect(typing.press(.enter, at: command, isCommand: true) == .line("y", echo: "y"))
        // What was typed while nothing was asked for may have been a password.
        _ = typing.press(.up, at: command, isCommand: true)
        _ = typing.press(.up, at: command, isCommand: true)
        #expect(typing.press(.enter, at: command, isCommand: true) == .line("y", echo: "y"))
    }
}
