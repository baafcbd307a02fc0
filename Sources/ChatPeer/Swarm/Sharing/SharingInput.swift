package import ChatProtocol

/// A command of the user's, by the user interface's own number; its answer comes back with that.
package struct UserTicket: Hashable, Sendable {
    package let number: Int64

    package init(number: Int64) { self.number = number }
}

/// A question that ``FileSharing`` has put to the server. Never used twice while the program runs.
package struct SharingTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) { self.number = number }
}

/// Whom this client serves. (Whoever the user has blocked is not introduced by the server in the first place.)
package enum ServeRule: Equatable, Sendable {
    case everyone
    /// For instance those whose keys are verified: these people with these keys, as a name is only what the server says.
    case only([UserName: PeerPin])
    case nobody

    package func allows(_ user: UserName, _ pin: PeerPin) -> Bool {
        switch self {
        case .everyone: true
        case .only(let people): people[user] == pin
        case .nobody: false
        }
    }
}

/// What goes into ``FileSharing``.
package enum SharingInput: Equatable, Sendable {
    // From the user.

    /// Offer a file; ends in `registered` or `notRegistered`.
    case register(path: String, UserTicket)
    /// Offer it no longer.
    case withdraw(FileDesignation, UserTicket)
    case searchfile(SafeName, UserTicket)
    case searchchunk(SafeName, [Int], UserTicket)
    /// Find a file of that name and fetch it; take it up again where it is paused.
    ///
    /// - Parameters:
    ///   - pieces: those to fetch; `nil` for all.
    ///   - from: the one person to fetch from, if it is to be one.
    case download(FileDesignation, pieces: [Int]? = nil, from: UserName? = nil, UserTicket)
    /// The same for a file that is known exactly.
    case fetch(SharedFile, pieces: PieceSet? = nil, from: UserName? = nil, UserTicket)
    case pause(Int, UserTicket)
    case resume(Int, UserTicket)
    /// Give a transfer up; what was fetched is removed.
    case end(Int, UserTicket)
    case serve(ServeRule)
    /// The user blocks somebody, who gets nothing more from now on, or does so no longer.
    case block(UserName, Bool)
    /// The client leaves; nothing that comes later matters.
    case quit

    // From the server.

    /// Logged in, for the first time or again.
    case online(as: UserName)
    /// What was asked of the server is not answered any more.
    case offline
    /// What the server answered to `SharingOutput.ask`.
    case answered(SharingTicket, SwarmReply)
    /// What the server answered to `SharingOutput.introduce`.
    case introduced(SharingTicket, PeerIntroduction)
    /// The server refused, or did not answer; `reason` is for the user.
    case failed(SharingTicket, reason: String)
    /// Somebody wants a link for bulk data.
    case request(PeerIntroduction)

    // From the links.

    /// A link for bulk data is up: this pin was compared, both have said `hello`.
    case linkUp(PeerLinkID, UserName, PeerPin, isInitiator: Bool)
    /// No link came of a `dial` (`isInitiator`) or an `expect`; or whoever answered had another key.
    case linkFailed(UserName, isInitiator: Bool, reason: String)
    case linkDown(PeerLinkID, reason: String)
    case frame(PeerLinkID, BulkFrame)
    /// The other side sent what is no frame.
    case malformed(PeerLinkID, reason: String)
    /// Whether the link takes more. A new link does.
    case writability(PeerLinkID, Bool)

    case disk(DiskReport)

    /// The time of ``FileSharing/nextWake`` has come (calling early or late does no harm).
    case tick
}

/// What became of a ``DiskTask``.
package enum DiskReport: Equatable, Sendable {
    /// Downloads that a former run left unfinished; once, at the start.
    case interrupted([FileDescription])
    /// The folder for downloads cannot be used; files can be offered all the same.
    case noFolder(DiskFailure)
    case registering(UserTicket, done: UInt64, size: UInt64)
    case registered(UserTicket, FileDescription)
    case notRegistered(UserTicket, path: String, DiskFailure)
    /// There is a place on the disk; these pieces were there, and have been checked.
    case prepared(FileContent, PieceSet)
    case stored(FileContent, piece: Int)
    case flushed(FileContent)
    case settled(FileContent, path: String)
    /// Something failed that has to do with a download.
    case failed(FileContent, DiskFailure)
    /// What answers the job.
    case read(Uploads.Job, [BulkFrame])
    case notRead(Uploads.Job, DiskFailure)
    case here(FileContent)
    /// It is not where it was, or not what it was; or it never got its name, which is no failure.
    case notHere(FileContent, DiskFailure?)
}

/// A file as its user types it: a name and, where several have it, the beginning of the root, as in `film.mkv#a1b2c3d4`.
package struct FileDesignation: Hashable, Sendable, CustomStringConvertible {
    /// Digits of the root that are told and taken at the least.
    package static let fewestDigits = 8

    package let name: SafeName
    /// Lowercase hexadecimal digits.
    package let prefix: String?

    package init(name: SafeName, prefix: String? = nil) {
        self.name = name
        self.prefix = prefix
    }

    /// Returns `nil` for a name that no file can have.
    package init?(_ text: String) {
        if let mark = text.lastIndex(of: "#") {
            let digits = text[text.index(after: mark)...].utf8
            let isPrefix = (Self.fewestDigits...2 * Hash256.byteCount).contains(digits.count)
            if isPrefix, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
                let name = SafeName(composing: String(text[..<mark]))
            {
                self.init(name: name, prefix: String(text[text.index(after: mark)...]))
                return
            }
        }
        guard let name = SafeName(composing: text) else { return nil }
        self.init(name: name)
    }

    package var description: String { prefix.map { "\(name)#\($0)" } ?? name.text }

    package func matches(_ file: SharedFile) -> Bool {
        file.name == name && (prefix.map { file.content.root.description.hasPrefix($0) } ?? true)
    }

    /// What tells these files of one name apart, in their order.
    package static func distinct(_ files: [SharedFile]) -> [FileDesignation] {
        let roots = files.map { $0.content.root.description }
        var count = fewestDigits
        while count < 2 * Hash256.byteCount, Set(roots.map { $0.prefix(count) }).count < Set(roots).count { count += 1 }
        return zip(files, roots).map { FileDesignation(name: $0.name, prefix: String($1.prefix(count))) }
    }
}
