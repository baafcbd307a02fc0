import Foundation
import Testing

/// A small disk that only a server sees: a file system in memory, in a mount namespace of its own. Needs root.
final class PrivateDisk {
    static let isPossible: Bool = (try? withTemporaryFolder { try PrivateDisk(mebibytes: 1, folder: $0).end() }) != nil

    /// Where it is, for programs that run with ``prefix``.
    let path: String
    /// Words before a command that is to see it.
    let prefix: [String]
    private let holder: ChildProcess
    /// Its end is the holder's.
    private let input: Int32

    /// - Parameter folder: where it is mounted, out of everybody else's sight.
    init(mebibytes: Int, folder: String) throws {
        path = "\(folder)/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let pipe = try Pipe()
        input = pipe.writer
        let null = try openFile("/dev/null", O_WRONLY)
        let errors = try openFile("\(folder)/disk.err", O_WRONLY | O_CREAT)
        defer { [null, errors, pipe.reader].forEach { close($0) } }
        // Ends with its input, at the latest with this process.
        let script = #"mount -t tmpfs -o "size=$1m" banter "$2" && : >"$2/mounted" && exec cat"#
        holder = try ChildProcess(
            "unshare", ["-m", "sh", "-c", script, "sh", "\(mebibytes)", path], input: pipe.reader, output: null, errors: errors,
            folder: folder, environment: ChildProcess.environment(home: folder))
        prefix = ["nsenter", "--mount", "--target", "\(holder.pid)"]
        let (holder, mark) = (self.holder, seen("mounted"))
        do {
            try eventually("a small disk is mounted") {
                guard holder.poll() == nil else { throw Failure("no disk: \(contents(of: "\(folder)/disk.err"))") }
                return access(mark, F_OK) == 0
            }
        } catch {
            holder.end()
            close(input)
            throw error
        }
    }

    func end() {
        holder.end()
        close(input)
    }

    /// Writes until nothing more fits.
    func fill() throws {
        let ballast = try openFile(seen("ballast"), O_WRONLY | O_CREAT | O_APPEND)
        defer { close(ballast) }
        for size in [1 << 20, 4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while Foundation.write(ballast, bytes, size) > 0 {}
            guard errno == ENOSPC else { throw Failure.system("write ballast") }
        }
    }

    /// Gives back what ``fill()`` took.
    func free() throws {
        guard unlink(seen("ballast")) == 0 else { throw Failure.system("unlink ballast") }
    }

    /// The path of a file on it as this process sees it.
    func seen(_ name: String) -> String { "/proc/\(holder.pid)/root\(path)/\(name)" }
}
