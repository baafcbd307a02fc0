/// Makes lines of the bytes of a script's input.
struct LineReader {
    /// A longer line, in bytes, is cut there: it is too long for every command, and the rules say so.
    static let limit = 64 * 1024

    private var partial: [UInt8] = []
    private(set) var lines: [String] = []
    private var next = 0

    var count: Int { lines.count - next }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                finishLine()
            } else if partial.count < Self.limit {
                partial.append(byte)
            }
        }
    }

    /// The input ended, maybe in a line without a newline.
    mutating func finish() {
        if !partial.isEmpty { finishLine() }
    }

    mutating func take() -> String? {
        guard next < lines.count else { return nil }
        defer {
            next += 1
            if next == lines.count {
                lines = []
                next = 0
            }
        }
        return lines[next]
    }

    private mutating func finishLine() {
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        lines.append(String(decoding: partial, as: UTF8.self))
        partial.removeAll(keepingCapacity: true)
    }
}
