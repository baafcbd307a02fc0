/// What a client asks of the server's index of files. The server knows names, sizes, roots and who has which pieces; never the data.
package enum SwarmRequest: Equatable, Sendable {
    /// This client has the file, or these pieces of it. Repeated, it replaces what was said before.
    case register(SharedFile, PieceSet)
    /// More pieces of a file that is registered; at most ``mostNews`` at a time.
    case have(FileContent, [Int])
    /// This client no longer offers the file.
    case withdraw(FileContent)
    case searchfile(SafeName?)
    /// Who has these pieces? At most ``mostPieces`` of them.
    case searchchunk(SafeName?, [Int])

    package static let mostNews = 1000
    package static let mostPieces = 64

    /// The value of the key `action`.
    package var action: String {
        switch self {
        case .register: "register"
        case .have: "have"
        case .withdraw: "withdraw"
        case .searchfile: "searchfile"
        case .searchchunk: "searchchunk"
        }
    }
}

/// What the index answers.
package enum SwarmReply: Equatable, Sendable {
    case register(Status)
    case have(Status)
    case withdraw(Status)
    case searchfile(Status, [SwarmFinding])
    case searchchunk(Status, [SwarmFinding])

    package enum Status: String, Sendable, CaseIterable {
        case success = "SUCCESS"
        /// No such file, or nobody who has it is online.
        case unknownFile = "FILE_NOT_EXIST"
        /// There are files of that name, but nobody has any of these pieces of them.
        case unknownChunk = "CHUNK_NOT_EXIST"
        /// The client offers as much as it may, or the index is full.
        case full = "FULL"
        /// The client did not say at login how it is met, so nobody could fetch anything from it.
        case unsupported = "UNSUPPORTED"
    }
}

/// One file with the name that was asked for, and those who have it.
package struct SwarmFinding: Equatable, Sendable {
    package static let mostFiles = 20
    /// Owners told of for each file, those with the most first.
    package static let mostOwners = 50
    /// Owners told of in one answer. Its files share them, so that none can hide the owners of another.
    package static let mostOwnersInAll = 200

    package var file: SharedFile
    package var owners: [Owner]
    /// How many have it, told of or not.
    package var ownerCount: Int

    package struct Owner: Equatable, Sendable {
        package var user: UserName
        /// How many pieces of the file.
        package var count: Int
        /// Of the pieces asked for, those that this one has.
        package var pieces: [Int]

        package init(user: UserName, count: Int, pieces: [Int] = []) {
            self.user = user
            self.count = count
            self.pieces = pieces
        }
    }

    package init(file: SharedFile, owners: [Owner], ownerCount: Int) {
        self.file = file
        self.owners = owners
        self.ownerCount = ownerCount
    }
}
