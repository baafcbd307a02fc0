package import ChatProtocol

/// What a user interface learns from ``FileSharing``.
package enum SharingNews: Equatable, Sendable {
    // Answers to commands.

    /// A large file is being hashed; bytes.
    case registering(UserTicket, done: UInt64, size: UInt64)
    case registered(UserTicket, SharedFile)
    case notRegistered(UserTicket, path: String, DiskFailure)
    case withdrawn(UserTicket, SharedFile)
    /// What the index said to `searchfile` or `searchchunk`.
    case found(UserTicket, SwarmReply.Status, [SwarmFinding])
    /// A download begins, by this number from now on.
    case begun(UserTicket, Int, SharedFile)
    case alreadyFetching(UserTicket, Int, SharedFile)
    /// The file is offered by this client itself.
    case alreadyHere(UserTicket, SharedFile)
    /// Several files have the name; one is to be named by a designation like these, in the findings' order.
    case choose(UserTicket, [SwarmFinding], [FileDesignation])
    case paused(UserTicket, Int, SharedFile)
    case resumed(UserTicket, Int, SharedFile)
    case refused(UserTicket, SharingRefusal)

    // By itself.

    /// A former run left it unfinished; it is paused.
    case interrupted(Int, SharedFile)
    /// - Parameter path: `nil` where only some pieces were wanted.
    case finished(Int, SharedFile, path: String?)
    case failed(Int, SharedFile, DiskFailure)
    case ended(Int, SharedFile)
    /// A peer is not asked any more.
    case dropped(UserName, DropReason, Int, SharedFile)
    /// Somebody fetches a file from this client; told once.
    case uploading(UserName, SharedFile)
    /// Somebody was refused because of the ``ServeRule``, or for having sent false data; told once.
    case turnedAway(UserName)
    /// A file is offered no longer, because it cannot be read as it was offered.
    case offerEnded(SharedFile, DiskFailure)
    /// The server's index does not take it, for instance because it is full: others do not find it.
    case notIndexed(SharedFile, SwarmReply.Status)
    /// No downloads are possible: their folder cannot be used.
    case folderFailed(DiskFailure)
    /// How all transfers stand, by number; after changes, a few times a second at the most.
    case transfers([ListedTransfer])
}

/// Why a command of the user's was not carried out.
package enum SharingRefusal: Equatable, Sendable {
    /// There is no connection to the server.
    case noServer
    /// The server refused, or did not answer.
    case failed(String)
    /// Nobody who is online has it.
    case notFound(FileDesignation)
    /// The person named does not have it.
    case notThere(FileDesignation, UserName)
    case noSuchPiece(SharedFile)
    case notOffered(FileDesignation)
    case severalOffered([FileDesignation])
    /// It is being fetched under this number; that can be ended.
    case stillFetching(Int)
    case noSuchTransfer(Int)
    case tooMany(Int)
}

/// A transfer under the number by which its user knows it.
package struct ListedTransfer: Equatable, Sendable {
    package var number: Int
    package var status: TransferStatus

    package init(number: Int, status: TransferStatus) {
        self.number = number
        self.status = status
    }
}
