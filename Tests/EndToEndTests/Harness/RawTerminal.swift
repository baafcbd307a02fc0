import Foundation
import Testing

/// A terminal with nothing behind it but this test: every byte that a program writes to it is kept.
final class RawTerminal {
    let master: Int32
    let slave: Int32
    /// Its path.
    let name: String
    private(set) var output: [UInt8] = []

    init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: Int32 = 0
        var isLocked: Int32 = 0
        // What unlockpt and ptsname do, which Swift does not see.
        let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
        guard master >= 0, ioctl(master, unlock, &isLocked) == 0, ioctl(master, getNumber, &number) == 0 else {
            throw Failure.system("a terminal")
        }
        name = "/dev/pts/\(number)"
        slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Failure.system("a terminal") }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    deinit {
        close(master)
        close(slave)
    }

    /// Starts a program on it.
    func start(_ program: String, _ arguments: [String], folder: String, _ more: [String: String] = [:]) throws -> ChildProcess {
        var environment = ChildProcess.environment(home: folder).merging(more) { $1 }
        environment["TERM"] = environment["TERM"] ?? "xterm-256color"
        return try ChildProcess(
            program, arguments, input: slave, output: slave, errors: slave, folder: folder, environment: environment)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Reads until `text` has been written since `start`, a place in ``output``.
    func wait(for text: String, from start: Int = 0, at place: SourceLocation = #_sourceLocation) throws {
        let wanted = Array(text.utf8)
        let deadline = Deadline.after(Deadline.patience)
        while !output[min(start, output.count)...].contains(wanted) {
            guard try waitUntilReady(master, by: deadline) else { throw Failure("not written: \(text); but \(words)", at: place) }
            read()
        }
    }

    /// Takes what is there.
    func drain() throws { while try waitUntilReady(master, by: .after(0)) { read() } }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(master, &buffer, buffer.count)
        if count > 0 { output += buffer[..<count] }
    }

    var words: String { String(decoding: output, as: UTF8.self).replacingOccurrences(of: "\u{1B}", with: "ESC") }

    /// The modes that were switched, by their numbers, and how they are left.
    var modes: [Int: Bool] {
        var modes: [Int: Bool] = [:]
        for piece in String(decoding: output, as: UTF8.self).components(separatedBy: "\u{1B}[?").dropFirst() {
            let numbers = piece.prefix { $0.isNumber || $0 == ";" }
            guard let end = piece.dropFirst(numbers.count).first, end == "h" || end == "l" else { continue }
            for number in numbers.split(separator: ";") { if let number = Int(number) { modes[number] = end == "h" } }
        }
        return modes
    }

    /// What `stty -g` would print.
    var settings: [UInt32] {
        var settings = termios()
        tcgetattr(slave, &settings)
        let characters = withUnsafeBytes(of: settings.c_cc) { $0.map(UInt32.init) }
        return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag] + characters
    }
}
