package import ChatProtocol
import Glibc

/// The file `known_people` in the client's data folder, readable by its user alone: the keys of people, one line each, for all servers.
///
/// Clients that share a folder share the file: each change is one line, made under a lock, and lines that are not understood are kept.
package struct KnownPeople: Sendable {
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let path: String
    private let folder: String
    /// As `host:port`, without white space: people are known by server.
    private let server: String

    /// - Parameter folder: the client's data folder, which exists.
    package init(folder: String, server: String) {
        self.folder = folder
        self.server = server
        path = folder + "/known_people"
    }

    /// What is remembered for this server. A file that is there but cannot be read is a failure, for without it a changed key would
    /// pass as a new one.
    package func load() throws(Failure) -> TrustBook { TrustBook(text: try text(), server: server) }

    /// Writes down one person in place of what the file has of them.
    package func remember(_ person: KnownPerson) throws(Failure) { try replace(person.user, with: person.line(server: server)) }

    package func forget(_ user: UserName) throws(Failure) { try replace(user, with: nil) }

    private func replace(_ user: UserName, with line: String?) throws(Failure) {
        let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            let failure = failure("lock")
            if lock >= 0 { close(lock) }
            throw failure
        }
        // Closing unlocks.
        defer { close(lock) }
        var lines = try text().split(whereSeparator: \.isNewline).filter { KnownPerson(line: $0, server: server)?.user != user }
        if let line { lines.append(line[...]) }
        try write(lines.map { $0 + "\n" }.joined())
    }

    private func write(_ text: String) throws(Failure) {
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        let isWritten = bytes.isEmpty && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
            let failure = failure("write")
            unlink(temporary)
            throw failure
        }
    }

    private func text() throws(Failure) -> String {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return "" }
            throw failure("read")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard ferror(file) == 0 else { throw failure("read") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func failure(_ deed: String) -> Failure {
        Failure(description: "cannot \(deed) \(path): \(String(cString: strerror(errno)))")
    }
}
