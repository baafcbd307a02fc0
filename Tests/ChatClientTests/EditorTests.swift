import ChatProtocol
import Testing

@testable import ChatClient

/// The draft in the user's own editor.
@Suite struct EditorTests {
    private func edits(_ client: ScreenFixture) -> [String] {
        client.effects.compactMap { if case .edit(let text) = $0 { text } else { nil } }
    }

    @Test func controlXControlEGivesTheDraftToTheEditor() {
        var client = ScreenFixture.online()
        client.type("half a th")
        client.press(.control("x"))
        #expect(client.line(with: "Ctrl-X …") != nil)
        client.press(.control("e"))
        #expect(edits(client) == ["half a th"])
        client.update(.edited(.text("a whole thought\nin two lines")))
        #expect(client.model.room.editor.text == "a whole thought\nin two lines")
        #expect(client.sent.isEmpty, "nothing is sent by itself")
        client.press(.enter)
        #expect(client.sent.last?.request.text == "a whole thought\nin two lines")
    }

    @Test func undoBringsTheOldDraftBack() {
        var client = ScreenFixture.online()
        client.type("old")
        client.press(.control("x"), .control("e"))
        client.update(.edited(.text("new")))
        client.press(.control("_"))
        #expect(client.inputLine() == "old")
    }

    @Test func anEditorThatFailsLeavesTheDraft() {
        var client = ScreenFixture.online()
        client.type("kept")
        client.press(.control("x"), .control("e"))
        client.update(.edited(.failed("there is no editor nano")))
        #expect(client.inputLine() == "kept")
        #expect(client.line(with: "The draft is as it was: there is no editor nano") != nil)
        client.press(.control("x"), .control("e"))
        #expect(edits(client).count == 2, "it can be opened again")
    }

    @Test func whatIsTooLongIsNamedByItsFile() {
        var client = ScreenFixture.online()
        client.press(.control("x"), .control("e"))
        client.update(.edited(.tooLong(path: "/tmp/banter-1/message.txt")))
        #expect(client.screen().contains("/tmp/banter-1/message.txt"))
        #expect(client.inputLine() == "")
    }

    @Test func whatComesMeanwhileIsUnread() {
        var client = ScreenFixture.online()
        client.press(.control("x"), .control("e"))
        client.message(from: "yoda", "are you there?")
        client.broadcast(from: "luke", "hello")
        #expect(client.model.everyone.log.unread == 1)
        client.update(.edited(.text("yes")))
        #expect(client.screen().contains("hello"))
        #expect(client.model.everyone.log.unread == 0)
    }

    @Test func theTextGoesBackToTheConversationItCameFrom() {
        var client = ScreenFixture.online()
        client.enter("/msg yoda")
        client.press(.control("x"), .control("e"))
        client.model.removeConversation(at: 0)
        client.update(.edited(.text("for yoda alone")))
        #expect(client.model.everyone.editor.isEmpty)
        client.press(.function(3))
        #expect(client.inputLine() == "for yoda alone")
    }

    @Test func aPasswordGoesIntoNoFile() {
        var client = ScreenFixture.online()
        client.type("/passwd old new")
        client.press(.control("x"), .control("e"))
        #expect(edits(client).isEmpty)
    }

    @Test func anotherKeyAfterControlXDoesNothing() {
        var client = ScreenFixture.online()
        client.press(.control("x"), .character("q"))
        #expect(client.inputLine() == "")
        #expect(client.line(with: "Ctrl-X Q does nothing") != nil)
        client.type("q")
        #expect(client.inputLine() == "q")
    }

    @Test func aResultThatNobodyAskedForChangesNothing() {
        var client = ScreenFixture.online()
        client.type("mine")
        client.update(.edited(.text("not mine")))
        #expect(client.inputLine() == "mine")
    }
}
