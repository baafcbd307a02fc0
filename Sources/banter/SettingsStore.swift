import ChatClient
import Glibc

/// The settings file on the disk: read at the start, and changed a line at a time.
struct SettingsStore {
    /// Larger files are taken for something else.
    private static let limit = 1 << 20

    let path: String
    private let folder: String

    /// In the user's XDG configuration folder.
    init() {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let root = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? (variable("HOME") ?? ".") + "/.config"
        folder = root + "/banter"
        path = folder + "/config"
    }

    /// The text of the file; `nil` if there is none.
    func read() throws(Failure) -> String? {
        guard let file = fopen(path, "re") else {
            if errno == ENOENT { return nil }
            throw Failure("cannot read \(path)")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw Failure("cannot read \(path)") }
        guard count <= Self.limit else { throw Failure("\(path) is too large for settings", isError: false) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Does it, and returns what the program is to learn of that.
    func perform(_ deed: SettingsDeed) -> ClientInput? {
        do throws(Failure) {
            let text = try read()
            switch deed {
            case .read: return .settings(text ?? "")
            case .create: if text == nil { try save(SettingsFile.standard) }
            case .write(let change):
                var file = text.map { SettingsFile($0) } ?? .standard
                file.write(change)
                try save(file)
            }
            return nil
        } catch {
            return .trouble("Settings: " + error.words)
        }
    }

    /// Whole or not at all, and through a link to where it points.
    private func save(_ file: SettingsFile) throws(Failure) {
        var made = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
            made += part + "/"
            if !part.isEmpty { mkdir(made, 0o700) }
        }
        let target = realpath(path, nil)
        defer { free(target) }
        let place = target.map { String(cString: $0) } ?? path
        let fresh = place + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("cannot write \(fresh)") }
        var text = file.text
        let isWritten = text.withUTF8 { write(descriptor, $0.baseAddress, $0.count) == $0.count } && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(fresh, place) == 0 else {
            let failure = Failure("cannot write \(place)")
            unlink(fresh)
            throw failure
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let words: String
        var description: String { words }

        init(_ words: String, isError: Bool = true) {
            self.words = isError ? "\(words): \(String(cString: strerror(errno)))" : words
        }
    }
}
