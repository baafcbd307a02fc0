import Foundation
import Testing

/// `banter --plain` as a script uses it: standard input and output are pipes.
final class PipeClient {
    private let process: ChildProcess
    private let reader: LineReader
    private let output: Int32
    private var input: Int32
    private let errorsPath: String

    /// - Parameters:
    ///   - folder: where it keeps what it keeps; exists.
    ///   - arguments: what follows host and port.
    ///   - prefix: words before the command, to run it somewhere else.
    init(host: String = "127.0.0.1", port: UInt16, folder: String, _ arguments: [String] = [], on prefix: [String] = []) throws {
        let (input, output) = (try Pipe(), try Pipe())
        errorsPath = "\(folder)/client-\(UInt64.random(in: 0 ... .max)).err"
        let errors = try openFile(errorsPath, O_WRONLY | O_CREAT)
        defer { [input.reader, output.writer, errors].forEach { close($0) } }
        let command = try prefix + [Binaries.banter(), host, "\(port)", "--plain", "--data", "\(folder)/client"] + arguments
        process = try ChildProcess(
            command[0], Array(command.dropFirst()), input: input.reader, output: output.writer, errors: errors, folder: folder,
            environment: ChildProcess.environment(home: folder))
        self.input = input.writer
        self.output = output.reader
        reader = LineReader(descriptor: output.reader)
    }

    deinit {
        process.end()
        closeInput()
        close(output)
    }

    /// A client that is logged in as one of the sample accounts.
    static func loggedIn(_ name: String, _ server: ServerProcess, at place: SourceLocation = #_sourceLocation) throws -> PipeClient {
        let client = try PipeClient(port: server.port, folder: server.folder)
        try client.write(name, Accounts.password(of: name))
        try client.expectWelcome(at: place)
        return client
    }

    var pid: pid_t { process.pid }

    /// As `kill -9` does.
    func killNow() { process.end() }

    var errors: String { contents(of: errorsPath) }

    /// All lines that it has printed and that were read.
    var transcript: [String] { reader.transcript }

    func write(_ lines: String...) throws {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        var sent = 0
        let deadline = Deadline.after(Deadline.patience)
        while sent < bytes.count {
            guard try waitUntilReady(input, POLLOUT, by: deadline) else { throw Failure("the client does not read its input") }
            let count = bytes[sent...].withUnsafeBytes { Foundation.write(input, $0.baseAddress, min($0.count, 4096)) }
            if count > 0 { sent += count } else if errno != EINTR { throw Failure.system("write to the client") }
        }
    }

    /// Ends its input, as a script does that has said everything.
    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// The very next line is this one.
    func expectNext(_ line: String, at place: SourceLocation = #_sourceLocation) throws {
        let next = try reader.next(by: .after(Deadline.patience), at: place)
        guard next == line else { throw Failure("expected “\(line)”, got “\(next ?? "the end")”\n\(errors)", at: place) }
    }

    /// This line comes, after others perhaps.
    func expect(_ line: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation) throws {
        try expect("“\(line)”", within: seconds, at: place) { $0 == line }
    }

    func expectWelcome(at place: SourceLocation = #_sourceLocation) throws {
        try expect("a line that begins “Welcome”", at: place) { $0.hasPrefix("Welcome") }
    }

    /// A line for which `holds` comes, after others perhaps.
    func expect(
        _ what: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation,
        where holds: (String) throws -> Bool
    ) throws {
        let deadline = Deadline.after(seconds)
        while let line = try reader.next(by: deadline, at: place) {
            if try holds(line) { return }
        }
        throw Failure("never got \(what), but:\n\(reader.transcript.joined(separator: "\n"))\n\(errors)", at: place)
    }

    /// All lines up to the end of its output.
    func remaining() throws -> [String] { try reader.remaining(by: .after(Deadline.patience)) }

    /// Waits until it ends by itself.
    func exitStatus(at place: SourceLocation = #_sourceLocation) throws -> ChildProcess.Exit {
        try process.wait(at: place)
    }

    /// Says that there is no more input and waits for the end.
    func finish(at place: SourceLocation = #_sourceLocation) throws -> ChildProcess.Exit {
        closeInput()
        return try exitStatus(at: place)
    }
}
