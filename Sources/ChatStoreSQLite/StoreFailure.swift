/// Why a database cannot be used, in one line that names the file and the remedy.
package enum StoreFailure: Error, Equatable, CustomStringConvertible {
    case newerSchema(path: String)
    /// The server that runs on it is older than this program.
    case olderSchema(path: String)
    case damaged(path: String, detail: String)
    case unusable(path: String, detail: String)

    package var description: String {
        switch self {
        case .newerSchema(let path):
            "\(path) was written by a newer version of banterd; use that version, or another data folder (--data)"
        case .olderSchema(let path):
            "\(path) is used by a server of an older version; end that server and start it again with this version first"
        case .damaged(let path, let detail):
            "\(path) is damaged (\(Self.line(detail))); restore it from a backup, or move it away to start with an empty one"
        case .unusable(let path, let detail): "cannot use \(path): \(Self.line(detail))"
        }
    }

    /// SQLite may say more than one line.
    private static func line(_ detail: String) -> String {
        detail.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: ", ")
    }
}
