import ChatProtocol

/// Which names are wanted of a folder.
package struct FolderQuery: Equatable, Sendable {
    /// The folder's path as the program opens it.
    package let folder: String
    /// With what the names begin. Hidden ones are wanted only if this is hidden.
    package let prefix: String
    /// The folder as it was typed, with its slash.
    let typed: String

    /// - Parameter path: as typed so far.
    init(_ path: String, home: String?) {
        let slash = path.lastIndex(of: "/")
        typed = slash.map { String(path[...$0]) } ?? ""
        prefix = slash.map { String(path[path.index(after: $0)...]) } ?? path
        folder = typed.isEmpty ? "." : typed.hasPrefix("~/") ? (home ?? "~") + typed.dropFirst() : typed
    }
}

/// Names of a folder, in order.
package struct FolderNames: Equatable, Sendable {
    package struct Name: Equatable, Sendable {
        package let text: String
        package let isFolder: Bool

        package init(_ text: String, isFolder: Bool) {
            self.text = text
            self.isFolder = isFolder
        }
    }

    /// Names given at most; more would be no help.
    package static let bound = 200

    package let query: FolderQuery
    package let names: [Name]
    /// Why there are none, in words.
    package let failure: String?

    package init(_ query: FolderQuery, names: [Name] = [], failure: String? = nil) {
        self.query = query
        self.names = names
        self.failure = failure
    }
}

/// File names for completion: the program looks them up, and what it finds meets the line that asked.
extension Model {
    struct Listing: Equatable, Sendable {
        let query: FolderQuery
        let channel: Channel
        /// What stood before the cursor.
        let before: String
        let length: Int
        let isForward: Bool
    }

    /// The path that is being typed as an argument; it may hold blanks.
    static func path(in before: String) -> String? {
        for start in ["/register ", "/set downloads "] where before.hasPrefix(start) {
            return String(before.dropFirst(start.count).drop { $0 == " " })
        }
        return nil
    }

    mutating func takeNames(_ found: FolderNames) {
        guard let asked = listing, asked.query == found.query else { return }
        listing = nil
        // Whoever typed on has asked for something else.
        guard asked.channel == channel, asked.before == room.editor.textBeforeCursor, screen == .main else { return }
        if let failure = found.failure { return refuse(Sanitizer.line(failure)) }
        if asked.query.typed.isEmpty, asked.query.prefix == "~" { return offer([.init("~/")], over: asked.length, forward: true) }
        guard !found.names.isEmpty else {
            let words = asked.query.prefix.isEmpty ? "Nothing in there" : "Nothing in there begins so"
            hint = Hint(text: words)
            return
        }
        let candidates = found.names.prefix(FolderNames.bound).map { name in
            let text = name.text + (name.isFolder ? "/" : "")
            return Completion.Candidate(asked.query.typed + text, label: Sanitizer.line(text))
        }
        offer(Array(candidates), over: asked.length, forward: asked.isForward)
    }
}
