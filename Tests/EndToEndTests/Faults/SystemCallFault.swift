import Foundation
import Testing

/// Makes system calls of a running program fail, by means of strace(1).
final class SystemCallFault {
    static let isPossible: Bool =
        (try? withTemporaryFolder { try CommandRun("strace", ["-qq", "-e", "trace=none", "true"], folder: $0).exit == .status(0) }) ?? false

    private let strace: ChildProcess

    /// Returns once the calls fail.
    ///
    /// - Parameters:
    ///   - calls: for instance `["fsync", "fdatasync"]`.
    ///   - error: the name of an error, for instance `EIO`.
    init(_ calls: [String], _ error: String, of pid: pid_t, folder: String) throws {
        let names = calls.joined(separator: ",")
        let log = "\(folder)/strace-\(UInt64.random(in: 0 ... .max)).err"
        let null = try openFile("/dev/null", O_RDWR)
        let errors = try openFile(log, O_WRONLY | O_CREAT)
        defer { [null, errors].forEach { close($0) } }
        let strace = try ChildProcess(
            "strace", ["-f", "-p", "\(pid)", "-o", "/dev/null", "-e", "trace=\(names)", "-e", "inject=\(names):error=\(error)"],
            input: null, output: null, errors: errors, folder: folder, environment: ChildProcess.environment(home: folder))
        self.strace = strace
        do {
            try eventually("strace is attached") {
                guard strace.poll() == nil else { throw Failure("strace: \(contents(of: log))") }
                return contents(of: log).contains("attached")
            }
        } catch {
            strace.end()
            throw error
        }
    }

    /// The calls succeed again.
    func end() throws {
        strace.send(SIGINT)
        _ = try strace.wait()
    }

    deinit { strace.end() }
}
