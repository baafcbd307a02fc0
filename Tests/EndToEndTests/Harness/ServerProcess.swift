import Foundation
import Testing

/// A server of the real program on a free port of the loopback address, with a folder of its own.
final class ServerProcess {
    struct Options {
        /// Seconds that a locked account stays locked.
        var blockDuration = 60
        /// Seconds without a command before a session ends; 0 for never.
        var timeout = 0
        /// Text of the credentials file.
        var credentials = Accounts.sampleFile
        /// Further arguments.
        var more: [String] = []
        /// Where it keeps its data; `nil` for a folder within its own.
        var data: String?
        /// Where it listens.
        var host = "127.0.0.1"
        /// Words before the command, to run it somewhere else.
        var prefix: [String] = []
    }

    let folder: String
    private(set) var port: UInt16 = 0
    private(set) var readyLine = ""
    private let options: Options
    private var process: ChildProcess?
    private var reader: LineReader?
    private var output: Int32 = -1

    init(folder: String, options: Options = Options()) throws {
        self.folder = folder
        self.options = options
        try write(options.credentials, to: credentialsPath)
    }

    var credentialsPath: String { "\(folder)/credentials.txt" }
    var dataPath: String { options.data ?? "\(folder)/data" }
    var logPath: String { "\(folder)/server.log" }
    var host: String { options.host }
    var pid: pid_t { process?.pid ?? 0 }

    /// Starts the server, or starts it again with the same folder and port, and waits until it is ready.
    func start(at place: SourceLocation = #_sourceLocation) throws {
        let pipe = try Pipe()
        let input = try openFile("/dev/null", O_RDONLY)
        let log = try openFile(logPath, O_WRONLY | O_CREAT | O_APPEND)
        closeOutput()
        output = pipe.reader
        let reader = LineReader(descriptor: pipe.reader)
        self.reader = reader
        do {
            // Our copy of the writing end must be gone before we read, or the end of a failed server would never show.
            defer { [pipe.writer, input, log].forEach { close($0) } }
            let command = try options.prefix + [Binaries.banterd()] + arguments
            process = try ChildProcess(
                command[0], Array(command.dropFirst()), input: input, output: pipe.writer, errors: log, folder: folder,
                environment: ChildProcess.environment(home: folder))
        }
        guard let line = try reader.next(by: .after(Deadline.patience * 2), at: place), let port = Self.port(in: line) else {
            throw Failure("the server did not get ready; it said \(reader.transcript)\n\(logTail)", at: place)
        }
        self.port = port
        readyLine = line
    }

    /// Ends the server without any warning, as `kill -9` does.
    func killNow() { process?.end() }

    /// Asks the server to end and waits until it has.
    func stop(_ signal: Int32 = SIGTERM, within seconds: Double = 15, at place: SourceLocation = #_sourceLocation) throws -> ChildProcess
        .Exit?
    {
        process?.send(signal)
        return try process?.wait(within: seconds, at: place)
    }

    func send(_ signal: Int32) { process?.send(signal) }

    var hasEnded: Bool { process?.poll() != nil }

    /// What it printed on standard output after the ready line; to be asked when it has ended.
    func furtherOutput() throws -> [String] { try reader?.remaining(by: .after(Deadline.patience)) ?? [] }

    /// Frees everything; nothing runs and no descriptor is open afterwards.
    func end() {
        process?.end()
        closeOutput()
    }

    /// The last lines of its log, for messages.
    var logTail: String {
        "server log:\n" + contents(of: logPath).split(separator: "\n").suffix(30).joined(separator: "\n")
    }

    private var arguments: [String] {
        ["\(port)", "\(options.blockDuration)", "\(options.timeout)", "--data", dataPath, "--credentials", credentialsPath]
            + ["--host", options.host, "--password-cost", "4", "--no-flood-limit"] + options.more
    }

    private func closeOutput() {
        if output >= 0 { close(output) }
        output = -1
    }

    /// The port in `banterd ready on 127.0.0.1:41234, TLS fingerprint SHA256:…`.
    private static func port(in line: String) -> UInt16? {
        guard line.hasPrefix("banterd ready on "), line.contains("SHA256:") else { return nil }
        return line.split(separator: ",").first?.split(separator: ":").last.flatMap { UInt16($0) }
    }
}

/// A running server for as long as `body` runs. What the server logged is part of whatever error comes out.
func withServer<Result>(_ options: ServerProcess.Options = .init(), _ body: (ServerProcess) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
        let server = try ServerProcess(folder: folder, options: options)
        defer { server.end() }
        try server.start()
        do { return try body(server) } catch { throw Failure("\(error)\n\(server.logTail)") }
    }
}

/// The same for a body that has tasks of its own.
func withServer<Result>(_ options: ServerProcess.Options = .init(), _ body: (ServerProcess) async throws -> Result) async throws -> Result {
    let folder = try makeTemporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try ServerProcess(folder: folder, options: options)
    defer { server.end() }
    try server.start()
    do { return try await body(server) } catch { throw Failure("\(error)\n\(server.logTail)") }
}
