package import ChatProtocol
import HashTreeCollections

/// Who offers which files, and which pieces of them, while online. Knows names, sizes and roots; never the data.
///
/// Made of persistent trees like the rest of the server's state, so a copy costs nothing. Nothing of it is stored: clients register
/// again when they log in.
package struct SwarmIndex: Sendable {
    package struct Limits: Sendable {
        /// Files of one user.
        package var filesPerUser = 100
        /// Offers of everybody together.
        package var offers = 100_000
        /// Bytes for maps of pieces, for one user and for everybody together. Whoever has a whole file needs no map.
        package var mapBytesPerUser = 128 * 1024
        package var mapBytes = 64 * 1024 * 1024
        /// Files of one name, and owners of one file, that a search looks at; and owners of all of its files together.
        package var looked = 1000
        package var lookedInAll = 10_000

        package init() {}
    }

    private struct Offer: Sendable {
        var name: SafeName
        /// `nil` for all.
        var pieces: PieceSet?

        var weight: Int { pieces?.weight ?? 0 }
    }

    private struct Offers: Sendable {
        var files: TreeDictionary<FileContent, Offer> = [:]
        var weight = 0
    }

    private let limits: Limits
    private var users: TreeDictionary<UserName, Offers> = [:]
    private var owners: TreeDictionary<FileContent, TreeSet<UserName>> = [:]
    /// How many offer each file under each name.
    private var names: TreeDictionary<SafeName, TreeDictionary<FileContent, Int>> = [:]
    package private(set) var offerCount = 0
    private var weight = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var isEmpty: Bool { users.isEmpty && owners.isEmpty && names.isEmpty && offerCount == 0 && weight == 0 }

    // MARK: Changes

    /// What `user` said before of the same file is replaced, its name included.
    package mutating func register(_ file: SharedFile, _ pieces: PieceSet, of user: UserName) -> SwarmReply.Status {
        guard pieces.capacity == file.content.pieceCount else { return .unknownChunk }
        let offer = Offer(name: file.name, pieces: pieces.isFull ? nil : pieces)
        let mine = users[user] ?? Offers()
        let former = mine.files[file.content]
        let growth = offer.weight - (former?.weight ?? 0)
        guard former != nil || (mine.files.count < limits.filesPerUser && offerCount < limits.offers),
            growth <= 0 || (mine.weight + growth <= limits.mapBytesPerUser && weight + growth <= limits.mapBytes)
        else { return .full }
        _ = withdraw(file.content, of: user)
        users[user, default: Offers()].files[file.content] = offer
        users[user]?.weight += offer.weight
        owners[file.content, default: []].insert(user)
        names[file.name, default: [:]][file.content, default: 0] += 1
        offerCount += 1
        weight += offer.weight
        return .success
    }

    package mutating func have(_ content: FileContent, _ pieces: [Int], of user: UserName) -> SwarmReply.Status {
        guard let offer = users[user]?.files[content] else { return .unknownFile }
        guard pieces.allSatisfy({ $0 >= 0 && $0 < content.pieceCount }) else { return .unknownChunk }
        guard var map = offer.pieces else { return .success }
        for piece in pieces { map.insert(piece) }
        if map.isFull {
            users[user]?.weight -= offer.weight
            weight -= offer.weight
        }
        users[user]?.files[content]?.pieces = map.isFull ? nil : map
        return .success
    }

    package mutating func withdraw(_ content: FileContent, of user: UserName) -> SwarmReply.Status {
        guard var mine = users[user], let offer = mine.files.removeValue(forKey: content) else { return .unknownFile }
        mine.weight -= offer.weight
        weight -= offer.weight
        offerCount -= 1
        users[user] = mine.files.isEmpty ? nil : mine
        owners[content]?.remove(user)
        if owners[content]?.isEmpty == true { owners[content] = nil }
        names[offer.name]?[content, default: 1] -= 1
        if names[offer.name]?[content] == 0 { names[offer.name]?[content] = nil }
        if names[offer.name]?.isEmpty == true { names[offer.name] = nil }
        return .success
    }

    /// The user went offline.
    package mutating func remove(_ user: UserName) {
        for content in (users[user]?.files ?? [:]).keys { _ = withdraw(content, of: user) }
    }

    // MARK: Searches

    /// The files of that name, those with the most owners first.
    ///
    /// - Parameter isVisible: whose offers the asker may know of.
    package func search(_ name: SafeName, isVisible: (UserName) -> Bool) -> [SwarmFinding] {
        findings(name, pieces: [], isVisible)
    }

    /// Who has which of these pieces of the files of that name; empty if nobody has any of them, `nil` if nobody has such a file at all.
    package func search(_ name: SafeName, pieces: [Int], isVisible: (UserName) -> Bool) -> [SwarmFinding]? {
        let found = findings(name, pieces: pieces, isVisible)
        return found.isEmpty && search(name, isVisible: isVisible).isEmpty ? nil : found
    }

    private func findings(_ name: SafeName, pieces: [Int], _ isVisible: (UserName) -> Bool) -> [SwarmFinding] {
        let contents = (names[name] ?? [:]).prefix(limits.looked).map(\.key)
        // Counted before they are looked at closely: the many of a flood cost no more than a number each.
        let largest = contents.map { (content: $0, count: owners[$0]?.count ?? 0) }
            .sorted { ($1.count, $0.content.root) < ($0.count, $1.content.root) }
        var findings: [SwarmFinding] = []
        var left = limits.lookedInAll
        for (content, count) in largest {
            guard findings.count < SwarmFinding.mostFiles, left > 0 else { break }
            let finding = finding(SharedFile(name: name, content: content), pieces: pieces, isVisible)
            left -= min(count, limits.looked)
            if finding.ownerCount > 0 { findings.append(finding) }
        }
        let share = SwarmFinding.mostOwnersInAll / max(1, findings.count)
        for index in findings.indices { findings[index].owners = Array(findings[index].owners.prefix(share)) }
        return findings
    }

    private func finding(_ file: SharedFile, pieces: [Int], _ isVisible: (UserName) -> Bool) -> SwarmFinding {
        var found: [SwarmFinding.Owner] = []
        for user in (owners[file.content] ?? []).prefix(limits.looked) where isVisible(user) {
            // Whoever has just begun to fetch has nothing to give yet.
            guard let offer = users[user]?.files[file.content], offer.pieces?.isEmpty != true else { continue }
            let wanted = pieces.filter { $0 < file.content.pieceCount && (offer.pieces?.contains($0) ?? true) }
            if !pieces.isEmpty, wanted.isEmpty { continue }
            found.append(.init(user: user, count: offer.pieces?.count ?? file.content.pieceCount, pieces: wanted))
        }
        found.sort { ($1.pieces.count, $1.count, $0.user) < ($0.pieces.count, $0.count, $1.user) }
        return SwarmFinding(file: file, owners: Array(found.prefix(SwarmFinding.mostOwners)), ownerCount: found.count)
    }
}
