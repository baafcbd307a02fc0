import Foundation
import GRDB

/// SQLite ends a text at the first NUL, so one that has any is kept as bytes.
extension String {
    /// This text as a column holds it.
    var columnValue: any DatabaseValueConvertible { utf8.contains(0) ? Data(utf8) : self }

    init(columnValue: DatabaseValue) {
        switch columnValue.storage {
        case .string(let text): self = text
        case .blob(let bytes): self = String(decoding: bytes, as: UTF8.self)
        default: self = ""
        }
    }
}
