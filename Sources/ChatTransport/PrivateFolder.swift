import Glibc

/// A folder that a program keeps for itself, readable by its user alone.
package struct PrivateFolder: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let path: String

    /// Makes the folder, and those above it, if they are not there.
    ///
    /// - Parameter path: `nil` for the usual place of `program`, in the user's XDG data folder.
    package init(_ path: String?, of program: String) throws(Failure) {
        self.path = path ?? Self.usualPath(program)
        var made = ""
        for part in self.path.split(separator: "/", omittingEmptySubsequences: false) {
            made += part + "/"
            if part.isEmpty || mkdir(made, 0o700) == 0 || errno == EEXIST { continue }
            throw failure("cannot make")
        }
        guard access(self.path, W_OK | X_OK) == 0 else { throw failure("cannot write to") }
    }

    private static func usualPath(_ program: String) -> String {
        if let data = getenv("XDG_DATA_HOME").map({ String(cString: $0) }), data.hasPrefix("/") { return "\(data)/\(program)" }
        let home = getenv("HOME").map { String(cString: $0) } ?? "."
        return "\(home)/.local/share/\(program)"
    }

    private func failure(_ deed: String) -> Failure {
        Failure(description: "\(deed) the data folder \(path): \(String(cString: strerror(errno))); choose another with --data")
    }
}
