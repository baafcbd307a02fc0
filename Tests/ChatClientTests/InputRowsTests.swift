import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct InputRowsTests {
    private func editor(_ text: String) -> LineEditor {
        var editor = LineEditor()
        editor.set(text)
        return editor
    }

    private func rows(_ editor: LineEditor, width: Int) -> [String] {
        InputRows(editor, width: width).ranges.map { editor.text(of: $0) }
    }

    @Test func newlinesAndFullRowsBeginRows() {
        #expect(rows(editor("one\ntwo"), width: 20) == ["one", "two"])
        #expect(rows(editor("abcdefgh"), width: 5) == ["abcd", "efgh"])
        #expect(rows(editor("one\n"), width: 20) == ["one", ""])
        #expect(rows(editor(""), width: 20) == [""])
        #expect(rows(editor("漢字漢"), width: 5) == ["漢字", "漢"])
    }

    @Test func theCursorIsAlwaysInsideAndWhereTheNextCharacterGoes() {
        var editor = editor("The quick\nbrown 漢字 fox\n\njumps over 👨‍👩‍👧 it")
        for width in 1...30 {
            _ = editor.handle(.end)
            for _ in 0...editor.characters.count {
                let rows = InputRows(editor, width: width)
                #expect(rows.ranges.indices.contains(rows.cursorRow))
                #expect((0..<width).contains(rows.cursorColumn))
                let range = rows.ranges[rows.cursorRow]
                #expect(range.contains(editor.cursor) || range.upperBound == editor.cursor)
                _ = editor.handle(.left)
            }
        }
    }

    @Test func everyCharacterButNewlinesIsInExactlyOneRow() {
        let editor = editor("one two\nthree 漢字\n\nfour five six seven")
        for width in 1...30 {
            let shown = InputRows(editor, width: width).ranges.flatMap { $0.map { editor.characters[$0] } }
            #expect(String(shown) == editor.text.filter { $0 != "\n" })
        }
    }

    @Test func upAndDownKeepTheirColumnOverShortRows() {
        var editor = editor("a long row\nx\nanother row")
        let moves = [true, true, true, false, false, false].map { up in (editor.moveRow(up: up, width: 40), editor.cursor) }
        #expect(moves.map(\.0) == [true, true, false, true, true, false])
        #expect(moves.map(\.1) == [12, 10, 10, 12, 24, 24])
    }

    @Test func whatIsNotShownIsAroundTheCursor() {
        var editor = editor((0..<10).map { "row \($0)" }.joined(separator: "\n"))
        #expect(InputRows(editor, width: 20).firstShown(height: 4) == 6)
        _ = editor.handle(.home)
        #expect(InputRows(editor, width: 20).firstShown(height: 4) == 0)
    }
}

/// Drafts of more than one row on whole screens.
@Suite struct ModelInputTests {
    @Test func aDraftWithNewlinesGrowsUpwards() {
        var client = ScreenFixture.online(width: 80, height: 16)
        client.press(.paste("one\ntwo\nthree"))
        #expect(
            client.screen() == """
                ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · 4 ┐
                │ Nothing said yet.                                              │ ● hans      │
                │                                                                │ ● luke      │
                │                                                                │ ● r2d2      │
                │                                                                │ ● yoda      │
                │                                                                │             │
                ├─ Conversations ────────────────────────────────────────────────┤             │
                │ F2 everyone · F3 conversation · F4 users: where text goes      │             │
                │ /msg NAME opens a conversation · Tab completes · Enter sends   │             │
                │ F1 shows all keys and commands                                 │             │
                ├────────────────────────────────────────────────────────────────┴─────────────┤
                │ 3 lines pasted, not sent · Enter sends them as one message               TLS │
                │ to everyone ▸ one                                                            │
                │               two                                                            │
                │               three                                                          │
                └─ F1 help · F3 conversations · F4 users · Ctrl-G go to · Ctrl-S search ───────┘
                """)
        #expect(client.frame().cursor == Frame.Place(row: 14, column: 21))
        #expect(client.sent.isEmpty)
        client.press(.enter)
        #expect(client.sent.last?.request.text == "one\ntwo\nthree")
        #expect(client.lines()[14] == "│ to everyone ▸" + String(repeating: " ", count: 64) + "│")
    }

    @Test func aLongDraftTakesAThirdOfTheScreenAndScrollsInside() {
        var client = ScreenFixture.online(width: 80, height: 24)
        client.press(.paste((1...20).map { "row \($0)" }.joined(separator: "\n")))
        #expect(client.model.layout.input.height == 8)
        #expect(client.screen().contains("row 20"))
        #expect(!client.screen().contains("row 12"))
        #expect(client.screen().contains("↑row 13"))
        for _ in 0..<19 { client.press(.up) }
        #expect(client.screen().contains("▸ row 1 "))
        #expect(client.screen().contains("↓row 8"))
    }

    @Test func upAndDownMoveInTheDraftAndFallThroughToHistory() {
        var client = ScreenFixture.online()
        client.enter("before")
        client.type("one")
        client.press(.alt(.enter))
        client.type("two")
        client.press(.up)
        #expect(client.frame().cursor?.row == client.model.layout.input.row)
        #expect(client.model.room.editor.text == "one\ntwo")
        client.press(.up)
        #expect(client.model.room.editor.text == "before")
        client.press(.down)
        #expect(client.model.room.editor.text == "one\ntwo")
        client.press(.down)
        #expect(client.model.room.editor.text == "one\ntwo")
    }

    @Test func whereThereIsRoomForOneRowTheDraftIsOneRow() {
        var client = ScreenFixture.online(width: 20, height: 5)
        client.press(.paste("one\ntwo"))
        #expect(client.lines().last == "▸ one⏎two")
    }

    @Test func everySizeHoldsALongDraft() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "hello")
        client.press(.paste(String(repeating: "word 漢字\n", count: 40)))
        for width in 0...100 {
            for height in 0...30 {
                client.resize(width: width, height: height)
                let frame = client.frame()
                #expect(frame.rows.count == height)
                guard let cursor = frame.cursor else { continue }
                #expect(client.model.layout.input.rows.contains(cursor.row))
                #expect(client.model.layout.input.columns.contains(cursor.column))
            }
        }
    }
}
