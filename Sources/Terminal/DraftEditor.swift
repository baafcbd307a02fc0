import ChatClient
import CNcurses
import Glibc

/// The user's editor at work on a draft: a file that nobody else can read, in a folder that is gone when it is over.
///
/// It has the terminal for itself meanwhile. As shells' line editors do it, it runs in the same process group, so that Ctrl-Z stops both.
struct DraftEditor {
    private let process: pid_t
    private let folder: String
    private let command: String
    private var interrupt = sigaction()
    private var quit = sigaction()

    private var file: String { folder + "/message.txt" }

    struct Failure: Error { let words: String }

    init(_ draft: String) throws(Failure) {
        command = ["VISUAL", "EDITOR"].lazy.compactMap(Self.variable).first ?? "vi"
        folder = try Self.makeFolder()
        do throws(Failure) {
            try Self.write(draft, to: folder + "/message.txt")
            process = try Self.spawn(command, folder + "/message.txt")
        } catch {
            Self.remove(folder)
            throw error
        }
        // Ctrl-C and Ctrl-\ are meant for the editor.
        var ignored = sigaction()
        ignored.__sigaction_handler.sa_handler = SIG_IGN
        sigaction(SIGINT, &ignored, &interrupt)
        sigaction(SIGQUIT, &ignored, &quit)
    }

    /// What came of it, once the editor has ended; `nil` before.
    mutating func poll() -> EditedDraft? {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        giveSignalsBack()
        var result = result(status)
        if case .tooLong = result { return result }
        if unlink(file) != 0, errno != ENOENT { result = .failed("\(file) cannot be removed") }
        Self.remove(folder)
        return result
    }

    /// Ends the editor, as a terminal that is closed does. What was written in it is lost, unless it keeps that itself.
    mutating func end() {
        kill(process, SIGHUP)
        kill(process, SIGTERM)
        var status: Int32 = 0
        for attempt in 0..<100 {
            if waitpid(process, &status, WNOHANG) != 0 { break }
            if attempt == 80 { kill(process, SIGKILL) }
            usleep(10_000)
        }
        giveSignalsBack()
        Self.remove(folder)
    }

    private mutating func giveSignalsBack() {
        sigaction(SIGINT, &interrupt, nil)
        sigaction(SIGQUIT, &quit, nil)
    }

    private func result(_ status: Int32) -> EditedDraft {
        let signal = status & 0x7F
        guard signal == 0 else { return .failed("\(command) was ended by signal \(signal)") }
        switch status >> 8 & 0xFF {
        case 0: break
        case 126, 127: return .failed("there is no editor \(command)")
        case let code: return .failed("\(command) ended with status \(code)")
        }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .failed("\(command) left no file") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: LineEditor.limit + 2)
        var length = 0
        while length < bytes.count {
            let room = bytes.count - length
            let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + length }, room) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failed("what \(command) wrote cannot be read") }
            if count == 0 { break }
            length += count
        }
        // Editors end the last line.
        if length > 0, bytes[length - 1] == UInt8(ascii: "\n") { length -= 1 }
        guard length <= LineEditor.limit else { return .tooLong(path: file) }
        return .text(String(decoding: bytes[..<length], as: UTF8.self))
    }

    // MARK: Files

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    private static func makeFolder() throws(Failure) -> String {
        let place = ["XDG_RUNTIME_DIR", "TMPDIR"].lazy.compactMap(variable).first { $0.hasPrefix("/") && access($0, W_OK) == 0 } ?? "/tmp"
        var template = Array("\(place)/banter-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(words: "there is no room for a file in \(place)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(words: "\(path) cannot be written") }
        let bytes = Array(text.utf8) + (text.isEmpty ? [] : [UInt8(ascii: "\n")])
        let isWritten = Glibc.write(descriptor, bytes, bytes.count) == bytes.count
        guard close(descriptor) == 0, isWritten else { throw Failure(words: "\(path) cannot be written") }
    }

    /// With what an editor has left beside the draft.
    private static func remove(_ folder: String) {
        if let entries = opendir(folder) {
            while let entry = readdir(entries) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                if name != ".", name != ".." { unlink("\(folder)/\(name)") }
            }
            closedir(entries)
        }
        rmdir(folder)
    }

    // MARK: The process

    private static func spawn(_ command: String, _ path: String) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // The variable may hold options, so the shell takes it apart; the path is no part of what it reads. Where it can, the shell
        // becomes the editor, so that there is one process to be ended.
        let isSimple = !command.contains { "=;|&()<>`{".contains($0) }
        let words: [String] = ["sh", "-c", "\(isSimple ? "exec " : "")\(command) \"$1\"", "sh", path]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, banter_environment())
        guard code == 0 else { throw Failure(words: "no shell to start \(command)") }
        return process
    }
}
