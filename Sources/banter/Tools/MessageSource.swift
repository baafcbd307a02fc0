import ArgumentParser
import ChatClient
import ChatProtocol
import Glibc

/// Where the text comes from that `send` and `broadcast` send.
struct MessageSource: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Each line of standard input is a message, sent as soon as it is there; without this all of it is one message."))
    var lines = false

    /// - Parameter words: what stands on the command line.
    func source(_ words: [String]) throws -> Delivery.Source {
        guard words.isEmpty else {
            guard !lines else { throw ValidationError("--lines is for standard input, and there is a text already.") }
            return .text(words.joined(separator: " "))
        }
        return lines ? .lines : .text(try Self.everything())
    }

    /// Standard input up to its end, as the shell's `$(…)` would have it: without the newlines at the end.
    ///
    /// Nothing is read beyond what makes it too long: the rules refuse it then.
    private static func everything() throws -> String {
        if isatty(STDIN_FILENO) == 1 {
            let words = Array("Type the message; Ctrl-D on a line of its own sends it.\n".utf8)
            _ = write(STDERR_FILENO, words, words.count)
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while bytes.count <= WireLimits.text * 2 {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(description: "cannot read standard input: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
