import ChatClient
import Glibc

/// Why a history cannot be had.
enum HistoryFailure: Error {
    case database(Database.Failure)
    /// A newer program made the file.
    case isNewer
    /// The system refused something, with its own number of why.
    case file(path: String, Int32)

    var words: String {
        switch self {
        case .database(let failure): failure.words
        case .isNewer: "a newer version of this program made it"
        case .file(let path, let number): "\(path): \(String(cString: strerror(number)))"
        }
    }
}

/// The files of histories: their names, their modes, and where damaged ones go.
enum HistoryFile {
    /// One folder for each server, one file for each account.
    ///
    /// - Parameter server: as the trust in servers names it.
    static func path(in folder: String, server: String, account: String) -> String { "\(folder)/history/\(escaped(server))/\(account).db" }

    /// What a server is called comes from the command line, and must not lead elsewhere.
    private static func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "A")...UInt8(ascii: "]"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                if byte != UInt8(ascii: "\\") { text.unicodeScalars.append(Unicode.Scalar(byte)) } else { text += "%5C" }
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }

    /// Makes the file and its folders if they are not there. What SQLite puts beside it gets its mode.
    static func make(_ path: String) throws(HistoryFailure) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        var made = ""
        for part in parts {
            made += part + "/"
            if part.isEmpty || mkdir(made, 0o700) == 0 || errno == EEXIST { continue }
            throw .file(path: made, errno)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, errno) }
        fchmod(descriptor, 0o600)
        close(descriptor)
    }

    /// The same file without links among its folders, which SQLite would refuse together with a link in place of the file itself.
    static func resolved(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), let folder = realpath(String(path[..<slash]), nil) else {
            return path
        }
        defer { free(folder) }
        return String(cString: folder) + path[slash...]
    }

    /// Removes what was moved aside.
    static func removeDamaged(_ path: String) {
        var number = 1
        while access("\(path).damaged-\(number)", F_OK) == 0 {
            for suffix in ["-wal", "-shm", ""] { unlink("\(path).damaged-\(number)\(suffix)") }
            number += 1
        }
    }

    /// Moves a damaged file and what belongs to it out of the way; returns its new name.
    static func moveAside(_ path: String) throws(HistoryFailure) -> String {
        var number = 1
        while access("\(path).damaged-\(number)", F_OK) == 0 { number += 1 }
        let place = "\(path).damaged-\(number)"
        guard rename(path, place) == 0 else { throw .file(path: path, errno) }
        for suffix in ["-wal", "-shm"] { rename(path + suffix, place + suffix) }
        return place
    }
}
