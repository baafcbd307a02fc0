import ChatCore
import ChatProtocol
import Testing

struct KeyWindowTests {
    private func key(_ number: Int) throws -> MessageKey { try #require(MessageKey("key \(number)".replacing(" ", with: "-"))) }

    private func reply(_ number: Int) -> Reply {
        let receipt = Reply.Receipt(sequence: UInt64(number), time: Timestamp(milliseconds: Int64(number)))
        return number.isMultiple(of: 2) ? .message(.success, receipt) : .broadcast(sent: number, blocked: 1, receipt)
    }

    @Test func theLastKeysAreKnownHoweverManyThereWere() throws {
        var window = KeyWindow()
        for number in 0..<2000 {
            window.remember(try key(number), reply(number))
            let oldest = max(0, number - KeyWindow.capacity + 1)
            #expect(window.reply(to: try key(oldest)) == reply(oldest))
            #expect(window.reply(to: try key(number)) == reply(number))
            #expect(window.reply(to: try key(number + 1)) == nil)
        }
        for number in 2000 - KeyWindow.capacity..<2000 { #expect(window.reply(to: try key(number)) == reply(number)) }
        #expect(window.reply(to: try key(0)) == nil)
    }

    @Test func aCopyKnowsNothingOfWhatCameAfterIt() throws {
        var window = KeyWindow()
        for number in 0..<100 { window.remember(try key(number), reply(number)) }
        let before = window
        window.remember(try key(100), reply(100))
        #expect(before.reply(to: try key(100)) == nil)
        #expect(before.reply(to: try key(99)) == reply(99))
    }

    @Test func whatWasRefusedMayBeTriedAgain() throws {
        var window = KeyWindow()
        window.remember(try key(1), .message(.mailboxFull, nil))
        #expect(window.reply(to: try key(1)) == nil)
    }
}
