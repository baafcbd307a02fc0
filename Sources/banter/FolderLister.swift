import ChatClient
import ChatProtocol
import Dispatch
import Glibc

/// Looks up names of folders for completion, away from the thread that draws: a folder may be on a disk that does not answer.
enum FolderLister {
    /// Entries looked at, at most: beyond that a name is found by typing more of the path.
    private static let entryBound = 100_000

    /// The latest query that waits, and whether one is being answered. A folder that does not answer holds up one thread and no more.
    private static let waiting = Locked<(query: FolderQuery?, isBusy: Bool)>((nil, false))

    static func list(_ query: FolderQuery, _ mailbox: ClientMailbox) {
        let isBusy = waiting.withLock { waiting in
            defer { waiting = (query, true) }
            return waiting.isBusy
        }
        guard !isBusy else { return }
        DispatchQueue.global(qos: .userInitiated).async {
            while let query = next() { _ = mailbox.put(.names(names(query))) }
        }
    }

    private static func next() -> FolderQuery? {
        waiting.withLock { waiting in
            defer { waiting = (nil, waiting.query != nil) }
            return waiting.query
        }
    }

    static func names(_ query: FolderQuery) -> FolderNames {
        guard let folder = opendir(query.folder) else {
            return FolderNames(query, failure: "\(query.folder): \(String(cString: strerror(errno)))")
        }
        defer { closedir(folder) }
        let isHiddenWanted = query.prefix.hasPrefix(".")
        var names: [FolderNames.Name] = []
        var looked = 0
        while looked < entryBound, let entry = readdir(folder) {
            looked += 1
            let type = entry.pointee.d_type
            let text = withUnsafeBytes(of: &entry.pointee.d_name) { String(validating: $0.prefix { $0 != 0 }, as: UTF8.self) }
            // A name that cannot be typed cannot be completed.
            guard let text, text != ".", text != "..", text.hasPrefix(query.prefix), isHiddenWanted || !text.hasPrefix("."),
                text.last != " ", text.first != " ", !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { continue }
            names.append(FolderNames.Name(text, isFolder: isFolder(text, type, query.folder)))
        }
        names.sort { $0.text < $1.text }
        return FolderNames(query, names: Array(names.prefix(FolderNames.bound)))
    }

    private static func isFolder(_ name: String, _ type: UInt8, _ folder: String) -> Bool {
        switch Int(type) {
        case Int(DT_DIR): return true
        case Int(DT_LNK), Int(DT_UNKNOWN): break
        default: return false
        }
        var status = stat()
        return stat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
