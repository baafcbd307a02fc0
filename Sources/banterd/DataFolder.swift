import ArgumentParser
import ChatTransport
import Glibc

/// The option that both the server and account management have.
struct DataFolderOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "Folder of the database, the certificate and its key. (default: banterd in $XDG_DATA_HOME or ~/.local/share)")
    var path: String?
}

/// The folder that holds everything the server keeps, private to its owner.
struct DataFolder {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let path: String
    var database: String { path + "/banter.sqlite" }
    private var lockFile: String { path + "/banterd.lock" }

    /// Makes the folder if it is not there.
    init(_ options: DataFolderOptions) throws(PrivateFolder.Failure) {
        umask(0o077)
        path = try PrivateFolder(options.path, of: "banterd").path
        // From before, or put here by somebody: SQLite gives its other files the same rights.
        chmod(database, 0o600)
    }

    private static var reason: String { String(cString: strerror(errno)) }

    /// Claims the folder for this process until it ends; a second server on it is refused.
    func lock() throws(Failure) {
        let file = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure(description: "cannot write \(lockFile): \(Self.reason)") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(
                description: "another banterd (process \(holder ?? 0)) uses the data folder \(path); end it, or choose another with --data")
        }
        let text = "\(getpid())\n"
        guard ftruncate(file, 0) == 0, write(file, text, text.utf8.count) == text.utf8.count else {
            throw Failure(description: "cannot write \(lockFile): \(Self.reason)")
        }
        // The descriptor stays open: the lock ends with the process, however it ends.
    }

    /// The server that runs on this folder, if one does.
    var runningServer: pid_t? {
        let file = open(lockFile, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard flock(file, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return holder
    }

    private var holder: pid_t? {
        guard let file = fopen(lockFile, "re") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 32)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let digits = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        return pid_t(String(decoding: digits, as: UTF8.self))
    }
}
