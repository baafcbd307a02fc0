import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct LineEditorTests {
    private func editor(_ text: String, _ keys: Key...) -> LineEditor {
        var editor = LineEditor()
        for character in text { _ = editor.handle(.character(character)) }
        for key in keys { _ = editor.handle(key) }
        return editor
    }

    private func shown(_ editor: LineEditor) -> String {
        var text = editor.text
        text.insert("|", at: text.index(text.startIndex, offsetBy: editor.cursor))
        return text
    }

    @Test func typedTextStandsBeforeTheCursor() {
        #expect(shown(editor("hans")) == "hans|")
        #expect(shown(editor("hans", .left, .left, .character("X"))) == "haX|ns")
    }

    @Test(
        arguments: [
            ([Key.control("a")], "|one two three"),
            ([.home], "|one two three"),
            ([.control("a"), .control("e")], "one two three|"),
            ([.control("b")], "one two thre|e"),
            ([.control("b"), .control("f")], "one two three|"),
            ([.alt(.character("b"))], "one two |three"),
            ([.alt(.character("b")), .alt(.character("b"))], "one |two three"),
            ([.home, .alt(.character("f"))], "one| two three"),
            ([.home, .control("d")], "|ne two three"),
            ([.home, .delete], "|ne two three"),
            ([.backspace], "one two thre|"),
            ([.control("w")], "one two |"),
            ([.control("u")], "|"),
            ([.home, .alt(.character("f")), .control("k")], "one|"),
            ([.home, .alt(.character("d"))], "| two three"),
            ([.control("b"), .control("b"), .control("t")], "one two ther|e"),
            ([.control("w"), .control("w"), .control("y")], "one two three|"),
            ([.home, .alt(.character("d")), .alt(.character("d")), .end, .control("y")], " threeone two|"),
            ([.control("w"), .left, .control("k"), .control("y"), .alt(.character("y"))], "one twothree|"),
            ([.control("u"), .control("_")], "one two three|"),
        ] as [([Key], String)])
    func readlineKeysDoWhatReadlineDoes(keys: [Key], result: String) {
        var editor = editor("one two three")
        for key in keys { _ = editor.handle(key) }
        #expect(shown(editor) == result)
    }

    @Test func undoTakesBackAWordAtATime() {
        var editor = editor("one two")
        _ = editor.handle(.control("_"))
        #expect(editor.text == "one")
        _ = editor.handle(.control("_"))
        #expect(editor.text == "")
        #expect(editor.handle(.control("_")) == .ignored)
    }

    @Test func enterSubmitsAndEmptiesTheLine() {
        var editor = editor("hello")
        #expect(editor.handle(.enter) == .submit("hello"))
        #expect(editor.isEmpty)
    }

    @Test func upAndDownWalkHistoryAndBringTheDraftBack() {
        var editor = LineEditor()
        for line in ["one", "two"] {
            editor.set(line)
            _ = editor.handle(.enter)
        }
        editor.set("draft")
        var seen: [String] = []
        for key in [Key.up, .up, .up, .down, .down, .down] {
            _ = editor.handle(key)
            seen.append(editor.text)
        }
        #expect(seen == ["two", "one", "one", "two", "draft", "draft"])
    }

    @Test func historyIsBounded() {
        var editor = LineEditor()
        for number in 0..<LineEditor.historyBound + 50 {
            editor.set("line \(number)")
            _ = editor.handle(.enter)
        }
        for _ in 0..<LineEditor.historyBound + 50 { _ = editor.handle(.up) }
        #expect(editor.text == "line 50")
    }

    @Test func secretsAreNotRemembered() {
        var editor = LineEditor(keepsHistory: false)
        editor.set("secret")
        _ = editor.handle(.enter)
        #expect(editor.handle(.up) == .ignored)

        var other = LineEditor()
        other.set("secret")
        _ = other.handle(.enter)
        other.forgetLastSubmission()
        #expect(other.handle(.up) == .ignored)
        #expect(other.handle(.control("_")) == .ignored)
    }

    @Test func inputPastTheLimitIsRefusedWithoutLoss() {
        var editor = LineEditor()
        editor.set(String(repeating: "x", count: LineEditor.limit - 1))
        #expect(editor.handle(.character("ä")) == .ignored)
        #expect(editor.handle(.character("a")) == .edited)
        #expect(editor.handle(.character("b")) == .ignored)
        #expect(editor.handle(.paste("more")) == .ignored)
        #expect(editor.text.utf8.count == WireLimits.text)
        #expect(editor.text.hasSuffix("xa"))
    }

    @Test func aPasteKeepsItsNewlinesAndNothingElseOfTheKind() {
        var editor = LineEditor()
        _ = editor.handle(.paste("one\r\ntwo\rthree\tfour\u{1B}[31m\u{7}\u{9B}"))
        #expect(editor.text == "one\ntwo\nthree four[31m")
        #expect(editor.window(width: 40).text == "one⏎two⏎three four[31m")
    }

    @Test func altEnterMakesANewline() {
        #expect(editor("one", .alt(.enter), .character("2")).text == "one\n2")
    }

    @Test func aMarkThatComesLaterJoinsItsBase() {
        let editor = editor("e", .character("\u{301}"))
        #expect(editor.text == "e\u{301}")
        #expect(editor.cursor == 1)
    }

    @Test func theWindowAlwaysHoldsTheCursor() {
        var editor = LineEditor()
        editor.set("The quick brown 漢字 fox jumps over the lazy 👨‍👩‍👧 dog and on and on")
        for width in 1...30 {
            _ = editor.handle(.end)
            for _ in 0...editor.characters.count {
                let (text, cursor) = editor.window(width: width)
                #expect(DisplayWidth.cells(text) <= width)
                #expect((0..<width).contains(cursor))
                _ = editor.handle(.left)
            }
        }
        #expect(editor.window(width: 0).text == "")
    }

    @Test func aLineThatFitsIsShownWhole() {
        let (text, cursor) = editor("hello").window(width: 10)
        #expect(text == "hello")
        #expect(cursor == 5)
    }

    @Test func theCursorIsWhereTheNextCharacterGoes() {
        let (text, cursor) = editor("漢字", .left).window(width: 10)
        #expect(text == "漢字")
        #expect(cursor == 2)
    }

    @Test func keysThatMeanNothingHereAreLeftAlone() {
        for key in [Key.function(2), .pageUp, .escape, .control("c"), .insert, .focusIn, .tab] {
            var editor = LineEditor()
            #expect(editor.handle(key) == .ignored)
        }
    }
}
