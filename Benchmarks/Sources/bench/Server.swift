import Foundation
import Glibc

/// One server process, started for one measurement and ended after it.
final class Server: Sendable {
    let pid: pid_t
    let port: Int
    /// Seconds from the start of the process until it could be connected to.
    let secondsToReady: Double
    private let note: String

    /// - Parameters:
    ///   - notes: where a file with its pid for a name is, as long as it runs.
    ///   - readyLine: what the line of its output begins with that tells its port; without one it is ready when `port` can be
    ///     connected to.
    init(_ command: [String], in folder: String, notes: String, port: Int, readyLine: String? = nil) throws {
        let log = folder + "/output"
        try "".write(toFile: log, atomically: false, encoding: .utf8)
        let start = Mark.now()
        pid = try Self.spawn(command, in: folder, log: log)
        note = notes + "/\(pid)"
        try "".write(toFile: note, atomically: false, encoding: .utf8)
        var found: Int?
        while found == nil {
            if let readyLine {
                found = try Self.port(in: log, after: readyLine)
            } else if LoopbackSocket.canConnect(to: port) {
                found = port
            }
            if waitpid(pid, nil, WNOHANG) == pid || Mark.now() - start > 120_000_000_000 {
                kill(pid, SIGKILL)
                throw Failure("\(command[0]) did not start: \(try String(contentsOfFile: log, encoding: .utf8).suffix(2000))")
            }
            if found == nil { usleep(1000) }
        }
        secondsToReady = Double(Mark.now() - start) / 1e9
        self.port = found ?? port
    }

    private static func spawn(_ command: [String], in folder: String, log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        chdir(folder)
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ)
        guard result == 0 else { throw Failure("cannot start \(command[0]): \(String(cString: strerror(result)))") }
        return pid
    }

    private static func port(in log: String, after words: String) throws -> Int? {
        let text = try String(contentsOfFile: log, encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(words) }), text.hasSuffix("\n") else { return nil }
        return line.split(separator: ":").lazy.compactMap { Int($0.prefix(while: \.isNumber)) }.first
    }

    func end() {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        try? FileManager.default.removeItem(atPath: note)
    }

    /// Seconds of CPU of all its threads, those that have ended too, to the nanosecond.
    var cpu: Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// KiB that are resident.
    var memory: Double {
        let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    }
}
