import ChatProtocol
import Testing

/// Where one object ends and the next begins.
struct FrameSplitterTests {
    /// All steps for `chunks` that arrive one after the other.
    private func steps(_ chunks: [String], limit: Int = 1000) -> [String] {
        var splitter = FrameSplitter(limit: limit)
        var buffer: [UInt8] = []
        var seen: [String] = []
        for chunk in chunks {
            buffer += Array(chunk.utf8)
            scan: while true {
                let step = buffer.withUnsafeBytes { splitter.next(in: $0) }
                switch step {
                case .needMore: break scan
                case .space(let count): buffer.removeFirst(count)
                case .garbage(let count):
                    seen.append("garbage " + String(decoding: buffer[..<count], as: UTF8.self))
                    buffer.removeFirst(count)
                case .fatal(let fault):
                    seen.append("fatal \(fault)")
                    return seen
                case .frame(let skip, let length, _):
                    seen.append(String(decoding: buffer[skip..<skip + length], as: UTF8.self))
                    buffer.removeFirst(skip + length)
                }
            }
        }
        return seen
    }

    @Test func objectsNeedNoNewlineBetweenThem() {
        #expect(steps([#"{"a":1}{"b":2} {"c":3}"#]) == [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#])
    }

    @Test func anObjectMayArriveByteByByte() {
        let text = #"{"a":"}{\"","b":[{"c":"\\"}]}"#
        #expect(steps(text.map(String.init)) == [text])
    }

    @Test func bracesAndQuotesInStringsDoNotCount() {
        #expect(steps([#"{"a":"{{{\"}}"}"#]) == [#"{"a":"{{{\"}}"}"#])
    }

    @Test func everySplitOfAStreamGivesTheSameFrames() {
        let text = #"{"a":"x\\"}"# + "\n" + #"{"b":[1,{"c":"\"}"}]}{"d":1}"#
        let whole = steps([text])
        for cut in text.indices.dropFirst() {
            #expect(steps([String(text[..<cut]), String(text[cut...])]) == whole)
        }
    }

    @Test func whatCannotBeginAnObjectEndsWithItsLineOrAtTheNextObject() {
        #expect(steps(["GET / HTTP/1.1\r\nHost: x\r\n"]) == ["garbage GET / HTTP/1.1\r", "garbage \nHost: x\r"])
        #expect(steps([#"xx{"a":1}"#]) == ["garbage xx", #"{"a":1}"#])
        #expect(steps(["\0\0"]) == ["garbage \0\0"])
        #expect(steps(["}"]) == ["garbage }"])
        #expect(steps(["GE", "T", " /\n{}"]) == ["garbage GE", "{}"])
        #expect(steps(["GE", "T{}x"]) == ["garbage GE", "{}", "garbage x"])
        #expect(steps(["x", String(repeating: "y", count: 100)], limit: 100) == ["garbage x", "fatal tooLong"])
    }

    @Test func aFrameAtTheLimitPassesAndOneBeyondIsFatal() {
        let frame = #"{"a":"1234567890"}"#
        #expect(steps([frame], limit: frame.utf8.count) == [frame])
        #expect(steps([frame], limit: frame.utf8.count - 1) == ["fatal tooLong"])
    }

    @Test func anUnfinishedFrameIsFatalAsSoonAsItIsTooLong() {
        #expect(steps([#"{"a":""#] + Array(repeating: "xxxxxxxxxx", count: 20), limit: 100) == ["fatal tooLong"])
    }

    @Test func aMillionBracesAreFatal() {
        #expect(steps([String(repeating: "{", count: 1_000_000)], limit: 65_536) == ["fatal tooDeep"])
        #expect(steps([#"{"a":"# + String(repeating: "[", count: 1_000)], limit: 65_536) == ["fatal tooDeep"])
    }

    @Test func whiteSpaceIsNotPiledUp() {
        var splitter = FrameSplitter(limit: 10)
        let space = Array(repeating: UInt8(ascii: " "), count: 100_000)
        #expect(space.withUnsafeBytes { splitter.next(in: $0) } == .space(100_000))
    }

    @Test func aLineIsToldFromABareObject() {
        var splitter = FrameSplitter(limit: 10)
        #expect(Array("{}\n".utf8).withUnsafeBytes { splitter.next(in: $0) } == .frame(skip: 0, length: 2, isLine: true))
        #expect(Array("{}".utf8).withUnsafeBytes { splitter.next(in: $0) } == .frame(skip: 0, length: 2, isLine: false))
    }
}
