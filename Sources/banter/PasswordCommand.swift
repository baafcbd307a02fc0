import Glibc

/// The command of a password manager.
enum PasswordCommand {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The first line that `command` prints, run by the shell with the user's terminal.
    static func run(_ command: String) throws(Failure) -> String {
        guard let output = popen(command, "re") else { throw Failure(description: "cannot run --password-command") }
        var line: [UInt8] = []
        while line.count <= 1024 {
            let byte = fgetc(output)
            guard byte != EOF, byte != 10 else { break }
            line.append(UInt8(truncatingIfNeeded: byte))
        }
        // The rest is read away, so that the command does not fail for writing it.
        while fgetc(output) != EOF {}
        guard pclose(output) == 0 else { throw Failure(description: "--password-command failed") }
        if line.last == 13 { line.removeLast() }
        guard !line.isEmpty, let password = String(validating: line, as: UTF8.self) else {
            throw Failure(description: "--password-command printed no password")
        }
        return password
    }
}
