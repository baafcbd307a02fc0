package import ChatProtocol

/// The lines of a credentials file: name and password, separated by white space; blank lines and `#` comments between them.
package struct Credentials: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package var name: UserName
        package var password: String
    }

    /// A line that cannot be understood, and why.
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let line: Int
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    package private(set) var entries: [Entry] = []

    package init(parsing text: String) throws(Fault) {
        var lines: [UserName: Int] = [:]
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2 else {
                throw Fault(line: number, reason: "expected a name and a password, found \(words.count) word\(words.count == 1 ? "" : "s")")
            }
            guard let name = UserName(first) else {
                throw Fault(line: number, reason: "a name has 1 to 32 of A-Z a-z 0-9 _ . -")
            }
            let password = String(words[1])
            guard PasswordHash.isAcceptable(password) else {
                throw Fault(line: number, reason: "a password has at most 1024 bytes and no control characters")
            }
            if let earlier = lines[name] { throw Fault(line: number, reason: "\(name) is on line \(earlier) already") }
            lines[name] = number
            entries.append(Entry(name: name, password: password))
        }
    }

    /// What must be stored so that new and changed lines take effect, with `stamp` for the file as a whole.
    ///
    /// A line that says what it said when it was last imported changes nothing, so a password that its user changed since stays.
    /// Takes one or two hashes a line, spread over all cores.
    package func changes(since stored: StoredState, stamp: String, cost: Int) -> [Change] {
        guard stored.importStamp != stamp else { return [] }
        var known: [UserName: StoredState.StoredAccount] = [:]
        for account in stored.accounts { known[account.record.name] = account }
        let pairs = entries.map { (entry: $0, imported: known[$0.name]?.record.importedHash) }
        let hashes = concurrentMap(pairs) { pair -> String? in
            if let imported = pair.imported, PasswordHash(imported)?.matches(pair.entry.password) == true { return nil }
            return PasswordHash(of: pair.entry.password, cost: cost).text
        }
        var changes: [Change] = []
        for (entry, hash) in zip(entries, hashes) {
            guard let hash else { continue }
            changes.append(.account(AccountRecord(name: entry.name, passwordHash: hash, importedHash: hash)))
        }
        return changes + [.imported(stamp: stamp)]
    }
}
