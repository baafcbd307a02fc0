import Foundation
import Testing

/// A program in a pseudo terminal without an emulator in between: every byte that it sends is checked by a ``StrictTerminal``.
final class PseudoTerminal {
    private(set) var screen: StrictTerminal
    /// What the status line said, with when that began, on the monotonic clock.
    private(set) var statuses: [(since: UInt64, words: String)] = []
    private let descriptor: Int32
    private let process: ChildProcess

    init(columns: Int, rows: Int, _ program: String, _ arguments: [String], folder: String) throws {
        screen = StrictTerminal(columns: columns, rows: rows)
        descriptor = try openFile("/dev/ptmx", O_RDWR | O_NOCTTY)
        // posix_openpt(3) and its kin are not visible from Swift. These are Linux's TIOCSPTLCK and TIOCGPTN.
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        guard ioctl(descriptor, 0x4004_5431, &isLocked) == 0, ioctl(descriptor, 0x8004_5430, &number) == 0 else {
            throw Failure.system("a new terminal")
        }
        let slave = try openFile("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        defer { close(slave) }
        var environment = ChildProcess.environment(home: folder)
        environment["TERM"] = "xterm-256color"
        Self.setSize(of: descriptor, columns, rows)
        // Makes the terminal its own and becomes the program.
        process = try ChildProcess(
            "setsid", ["-c", program] + arguments, input: slave, output: slave, errors: slave, folder: folder, environment: environment)
    }

    /// The full-screen client, logged in.
    static func client(
        _ name: String, _ server: ServerProcess, port: UInt16? = nil, columns: Int = 80, rows: Int = 24, more: [String] = [],
        on prefix: [String] = []
    ) throws -> PseudoTerminal {
        let login = ["--user", name, "--password-command", "echo \(Accounts.password(of: name))"]
        let program = try prefix + [Binaries.banter(), server.host, "\(port ?? server.port)", "--data", "\(server.folder)/data-\(name)"]
        let terminal = try PseudoTerminal(
            columns: columns, rows: rows, program[0], program.dropFirst() + login + more, folder: server.folder)
        do {
            try terminal.waitFor(Screen.everyonePrompt)
        } catch {
            terminal.end()
            throw error
        }
        return terminal
    }

    var pid: pid_t { process.pid }
    var hasEnded: Bool { process.poll() != nil }

    func end() {
        process.end()
        close(descriptor)
    }

    func send(_ signal: Int32) { process.send(signal) }

    func type(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure.system("write to the terminal") }
    }

    /// Types a line and Enter.
    func enter(_ line: String) throws { try type(line + "\r") }

    /// The kernel tells the program.
    func resize(columns: Int, rows: Int) {
        screen.resize(columns: columns, rows: rows)
        Self.setSize(of: descriptor, columns, rows)
    }

    private static func setSize(of descriptor: Int32, _ columns: Int, _ rows: Int) {
        var size = winsize()
        size.ws_col = UInt16(columns)
        size.ws_row = UInt16(rows)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    /// Takes what the program sends for so long, or until there is nothing for a moment.
    func read(for seconds: Double) throws {
        let deadline = Deadline.after(seconds)
        while try waitUntilReady(descriptor, by: deadline) { try fill() }
    }

    private func fill() throws {
        let count = try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { room in
            let count = Foundation.read(descriptor, room.baseAddress, room.count)
            if count > 0 { try screen.feed(room[..<count]) }
            return count
        }
        noteStatus()
        guard count > 0 else { throw Failure("the program has ended: \(String(describing: process.poll()))\n\(text)") }
    }

    /// The line above the input.
    private func noteStatus() {
        guard let input = screen.lines.lastIndex(where: { $0.contains("▸") }), input > 0 else { return }
        let words = screen.lines[input - 1]
        if words != statuses.last?.words { statuses.append((Deadline.uptime(), words)) }
    }

    /// Whether the status line ever held `text` at or after a time, until now.
    func saidInStatus(_ text: String, since time: UInt64) -> Bool {
        let first = statuses.lastIndex { $0.since <= time } ?? 0
        return statuses[first...].contains { $0.words.contains(text) }
    }

    var text: String { screen.lines.joined(separator: "\n") }

    func waitFor(_ text: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation) throws {
        try waitUntil("“\(text)” on the screen", within: seconds, at: place) { lines in lines.contains { $0.contains(text) } }
    }

    /// Waits until `holds` is true of the screen, looked at after everything that came at once.
    func waitUntil(
        _ what: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation,
        _ holds: ([String]) throws -> Bool
    ) throws {
        let deadline = Deadline.after(seconds)
        while try !holds(screen.lines) {
            guard try waitUntilReady(descriptor, by: deadline) else {
                throw Failure("not within \(seconds) s: \(what); the screen was\n\(text)", at: place)
            }
            repeat { try fill() } while try waitUntilReady(descriptor, by: .after(0))
        }
    }
}
