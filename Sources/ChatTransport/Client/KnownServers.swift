import Glibc

/// The servers whose certificates the user trusts, one a line: `host:port fingerprint`. Like ssh's `known_hosts`.
package struct KnownServers: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let path: String

    /// - Parameter folder: the client's data folder, which exists.
    package init(folder: String) { path = folder + "/known_servers" }

    package static func name(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The fingerprint remembered for a server; `nil` if there is none.
    ///
    /// A file that is there but cannot be read, or says nothing that can be understood about this very server, is a failure: somebody
    /// trusts a certificate, and must not be asked as if it were the first visit.
    package func fingerprint(of server: String) throws(Failure) -> Fingerprint? {
        for (number, line) in try lines().enumerated() {
            let words = Self.words(of: line)
            guard words.first == server else { continue }
            guard words.count == 2, let fingerprint = Fingerprint(words[1]) else {
                throw Failure(
                    description: "\(path), line \(number + 1): there is no fingerprint for \(server); correct the line or remove it")
            }
            return fingerprint
        }
        return nil
    }

    /// Remembers `fingerprint` in place of any other for that server. All other lines are kept as they are.
    package func remember(_ fingerprint: Fingerprint, of server: String) throws(Failure) {
        var kept = try lines().filter { Self.words(of: $0).first != server }
        kept.append(ArraySlice("\(server) \(fingerprint)".utf8))
        let temporary = "\(path).\(getpid())"
        guard let file = fopen(temporary, "we") else { throw failure("write", temporary) }
        chmod(temporary, 0o600)
        let bytes = Array(kept.joined(separator: [Self.newline])) + [Self.newline]
        let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count && fflush(file) == 0 && fsync(fileno(file)) == 0
        fclose(file)
        guard isWritten, rename(temporary, path) == 0 else {
            let failure = failure("write", path)
            unlink(temporary)
            throw failure
        }
    }

    private static let newline = UInt8(ascii: "\n")

    private static func words(of line: ArraySlice<UInt8>) -> [String] {
        String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func failure(_ deed: String, _ path: String) -> Failure {
        Failure(description: "cannot \(deed) \(path): \(String(cString: strerror(errno)))")
    }

    /// The lines of the file; none if there is no file.
    private func lines() throws(Failure) -> [ArraySlice<UInt8>] {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return [] }
            throw failure("read", path)
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        guard ferror(file) == 0 else { throw failure("read", path) }
        if bytes.last == Self.newline { bytes.removeLast() }
        return bytes.isEmpty ? [] : bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
    }
}
