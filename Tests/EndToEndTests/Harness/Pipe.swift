import Foundation
import Testing

/// Both ends of a pipe; neither is inherited by other programs.
struct Pipe {
    let reader: Int32
    let writer: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure.system("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }
}

/// Opens a file without passing it on to other programs.
func openFile(_ path: String, _ flags: Int32) throws -> Int32 {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure.system("open \(path)") }
    return descriptor
}

/// Waits until `descriptor` is ready for any of `events`; `false` when the deadline passed first.
func waitUntilReady(_ descriptor: Int32, _ events: Int32 = POLLIN, by deadline: Deadline) throws -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    while true {
        let count = poll(&entry, 1, deadline.milliseconds)
        if count > 0 { return true }
        if count == 0, deadline.hasPassed { return false }
        if count < 0, errno != EINTR { throw Failure.system("poll") }
    }
}

/// Splits what comes out of a descriptor into lines, and remembers them all for the message when something is missing.
final class LineReader {
    private(set) var transcript: [String] = []
    private let descriptor: Int32
    private var rest: [UInt8] = []
    private var isAtEnd = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next line without its end; `nil` at the end of the stream. Bytes after the last newline count as a line.
    func next(by deadline: Deadline, at place: SourceLocation = #_sourceLocation) throws -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                transcript.append(line)
                return line
            }
            if isAtEnd {
                guard !rest.isEmpty else { return nil }
                rest.append(UInt8(ascii: "\n"))
                continue
            }
            guard try waitUntilReady(descriptor, by: deadline) else {
                throw Failure("no line in time; so far:\n\(transcript.joined(separator: "\n"))", at: place)
            }
            try fill()
        }
    }

    /// All that is still to come, up to the end of the stream.
    func remaining(by deadline: Deadline) throws -> [String] {
        var lines: [String] = []
        while let line = try next(by: deadline) { lines.append(line) }
        return lines
    }

    private func fill() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 {
            rest += buffer[..<count]
        } else if count == 0 {
            isAtEnd = true
        } else if errno != EINTR {
            throw Failure.system("read")
        }
    }
}
