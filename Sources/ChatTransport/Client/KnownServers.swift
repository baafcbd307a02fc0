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

    /// The fingerprint remembered for a server. A file that cannot be read knows none, and so leads to a question, not to trust.
    package func fingerprint(of server: String) -> Fingerprint? {
        for line in lines() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 2, words[0] == server { return Fingerprint(String(words[1])) }
        }
        return nil
    }

    /// Remembers `fingerprint` in place of any other for that server. Lines that are not understood are kept.
    package func remember(_ fingerprint: Fingerprint, of server: String) throws(Failure) {
        var kept = lines().filter { $0.split(whereSeparator: \.isWhitespace).first.map { $0 != server } ?? true }
        kept.append("\(server) \(fingerprint)")
        let temporary = "\(path).\(getpid())"
        guard let file = fopen(temporary, "we") else { throw failure(temporary) }
        chmod(temporary, 0o600)
        let isWritten = fputs(kept.joined(separator: "\n") + "\n", file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0
        fclose(file)
        guard isWritten, rename(temporary, path) == 0 else { throw failure(path) }
    }

    private func failure(_ path: String) -> Failure {
        Failure(description: "cannot write \(path): \(String(cString: strerror(errno)))")
    }

    private func lines() -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var lines: [String] = []
        var buffer = [CChar](repeating: 0, count: 4096)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let line = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
            if !line.isEmpty { lines.append(line) }
        }
        return lines
    }
}
