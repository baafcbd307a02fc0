import Testing

@testable import ChatClient

@Suite struct FrameTests {
    @Test func drawingOutsideIsCutOff() {
        var frame = Frame(width: 4, height: 2)
        frame.put("hello", row: 0, column: 1)
        frame.put("hello", row: 5, column: 0)
        frame.put("hello", row: 1, column: -2)
        frame.put("x", row: 1, column: 9)
        #expect(frame.text == " hel\nllo")
    }

    @Test func aWideCharacterThatDoesNotFitIsLeftOut() {
        var frame = Frame(width: 3, height: 1)
        frame.put("漢字", row: 0, column: 0)
        #expect(frame.text == "漢")
    }

    @Test func whatCoversHalfAWideCharacterBlanksTheOther() {
        var frame = Frame(width: 6, height: 1)
        frame.put("漢字漢", row: 0, column: 0)
        frame.put("x", row: 0, column: 1)
        frame.put("y", row: 0, column: 4)
        #expect(frame.text == " x字y")
        frame.put("字", row: 0, column: 1)
        #expect(frame.text == " 字 y")
        #expect(frame.rows[0].reduce(0) { $0 + Int($1.width) } == 6)
    }

    @Test func controlCharactersAreNeverDrawn() {
        var frame = Frame(width: 10, height: 1)
        frame.put("a\u{1B}[1m\nb\u{9B}é", row: 0, column: 0)
        #expect(frame.text == "a[1mbé")
    }

    @Test func nothingDrawnBesideAWideCharacterLeavesItWhole() {
        var frame = Frame(width: 6, height: 1)
        frame.put("漢", row: 0, column: 2)
        frame.put("", row: 0, column: 3)
        frame.put("ab", row: 0, column: 0)
        frame.put("c", row: 0, column: 4)
        #expect(frame.text == "ab漢c")
        frame.fill("─", row: 0, columns: 3..<5)
        #expect(frame.text == "ab ──")
    }

    @Test func changesAreTheColumnsThatDiffer() {
        var one = Frame(width: 9, height: 2)
        one.put("a漢b", row: 0, column: 1)
        var other = one
        #expect(other.columns(inRow: 0, since: one) == nil)
        other.put("x", row: 0, column: 4)
        #expect(other.columns(inRow: 0, since: one) == 4..<5)
        other.put("字", row: 0, column: 2)
        #expect(other.columns(inRow: 0, since: one) == 2..<5)
        #expect(other.columns(inRow: 1, since: one) == nil)
    }

    @Test func changesBeginWithAWholeCharacter() {
        var one = Frame(width: 4, height: 1)
        one.put("漢", row: 0, column: 0)
        var other = one
        // The right half alone differs, as where a link begins in the middle.
        other.link(row: 0, columns: 1..<2, to: "https://example.org", identity: 1)
        #expect(other.columns(inRow: 0, since: one) == 0..<2)
    }

    /// Frames are compared as bytes.
    @Test func cellsHaveNoPadding() {
        let parts = MemoryLayout<Glyph>.size + MemoryLayout<Style>.size + MemoryLayout<UInt8>.size + MemoryLayout<UInt16>.size
        #expect(MemoryLayout<Cell>.stride == parts)
    }

    @Test func whatIsMoreThanOneCodePointIsDrawnAndCompared() {
        func frame(_ text: String) -> Frame {
            var frame = Frame(width: 4, height: 1)
            frame.put(text, row: 0, column: 0)
            return frame
        }
        let one = frame("e\u{301}x")
        #expect(one.text == "e\u{301}x")
        #expect(one.rows[0].map(\.width) == [1, 1, 1, 1])
        #expect(frame("e\u{301}x").columns(inRow: 0, since: one) == nil)
        let other = frame("e\u{302}x")
        #expect(other.isComparable(with: one))
        #expect(other.columns(inRow: 0, since: one) == 0..<1)
    }
}

extension Frame {
    /// The columns of one row that differ.
    fileprivate func columns(inRow number: Int, since other: Frame) -> Range<Int>? {
        changes(since: other).first { $0.row == number }?.columns
    }
}
