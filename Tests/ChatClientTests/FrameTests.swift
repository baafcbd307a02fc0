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

    @Test func rowsThatDidNotChangeAreEqual() {
        var one = Frame(width: 5, height: 2)
        var other = one
        one.put("a", row: 0, column: 0)
        other.put("b", row: 0, column: 0)
        #expect(one.rows[0] != other.rows[0])
        #expect(one.rows[1] == other.rows[1])
    }
}
