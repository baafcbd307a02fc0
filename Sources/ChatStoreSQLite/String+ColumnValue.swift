import GRDB

extension String {
    /// The text that a column holds, which is kept as bytes if it has a NUL; see ``FastStatement``.
    init(columnValue: DatabaseValue) {
        switch columnValue.storage {
        case .string(let text): self = text
        case .blob(let bytes): self = String(decoding: bytes, as: UTF8.self)
        default: self = ""
        }
    }
}
