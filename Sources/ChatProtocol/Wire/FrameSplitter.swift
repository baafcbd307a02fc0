/// Finds where one JSON object ends and the next begins in a stream of bytes, with or without newlines between them.
///
/// It holds no bytes, only how far it has looked, so that a frame that arrives one byte at a time costs no more than one that
/// arrives whole. The caller keeps the bytes and, after any step but `needMore`, drops as many of them as the step says.
package struct FrameSplitter: Sendable {
    package enum Step: Equatable, Sendable {
        /// Nothing whole yet: call again when there are more bytes.
        case needMore
        /// An object: `length` bytes after `skip` bytes of white space. `isLine` tells that white space follows it already.
        case frame(skip: Int, length: Int, isLine: Bool)
        /// So many bytes that mean nothing, white space or more of a line told as garbage, to be dropped at once.
        case space(Int)
        /// So many bytes that cannot begin an object, up to the end of their line.
        case garbage(Int)
        /// The stream cannot be made sense of any more.
        case fatal(Fault)
    }

    package enum Fault: Equatable, Sendable { case tooLong, tooDeep }

    /// The longest object, in bytes.
    package var limit: Int

    private var scanned = 0
    private var depth = 0
    private var inString = false
    private var isEscaped = false
    /// Bytes seen of a line that cannot begin an object and has not ended.
    private var garbage = 0

    package init(limit: Int) { self.limit = limit }

    /// Looks for the next step in `bytes`, which begin where the last step left off.
    package mutating func next(in bytes: UnsafeRawBufferPointer) -> Step {
        var start = 0
        if garbage > 0, !bytes.isEmpty { return garbage(in: bytes, from: 0) }
        while start < bytes.count, JSONParser.isSpace(bytes[start]) { start += 1 }
        guard start < bytes.count else {
            forget()
            return start == 0 ? .needMore : .space(start)
        }
        guard bytes[start] == UInt8(ascii: "{") else { return garbage(in: bytes, from: start) }

        var index = max(scanned, start)
        let end = min(bytes.count, start + limit)
        while index < end {
            if inString, !isEscaped {
                index = ByteScan.endOfString(in: bytes, from: index, to: end)
                guard index < end else { break }
            }
            let byte = bytes[index]
            index += 1
            if inString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > WireLimits.depth { return .fatal(.tooDeep) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    let isLine = index < bytes.count && JSONParser.isSpace(bytes[index])
                    forget()
                    return .frame(skip: start, length: index - start, isLine: isLine)
                }
            default: break
            }
        }
        scanned = index
        return index - start >= limit ? .fatal(.tooLong) : .needMore
    }

    /// What cannot begin an object is told once for each line, however many pieces the line comes in.
    private mutating func garbage(in bytes: UnsafeRawBufferPointer, from start: Int) -> Step {
        let isContinued = garbage > 0
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "{") { end += 1 }
        garbage += end - start
        guard garbage <= limit else { return .fatal(.tooLong) }
        if end < bytes.count { garbage = 0 }
        forget()
        return isContinued ? .space(end) : .garbage(end)
    }

    /// Whether nothing has been looked at of what comes next.
    var isAtBorder: Bool { scanned == 0 && garbage == 0 }

    private mutating func forget() {
        scanned = 0
        depth = 0
        inString = false
        isEscaped = false
    }
}
