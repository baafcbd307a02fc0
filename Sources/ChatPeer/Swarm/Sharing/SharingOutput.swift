package import ChatProtocol

/// What comes out of ``FileSharing``, in order.
package enum SharingOutput: Equatable, Sendable {
    /// Ask the server's index; answered by `answered` or `failed`. Not to be repeated after a reconnection.
    case ask(SharingTicket, SwarmRequest)
    /// Ask the server for an introduction for bulk data; answered by `introduced` or `failed`.
    case introduce(UserName, SharingTicket)
    /// Open a link; answered by `linkUp` or `linkFailed`.
    case dial(PeerIntroduction)
    /// Take a link from this person; answered by `linkUp` or `linkFailed`.
    case expect(PeerIntroduction)
    case send([BulkFrame], PeerLinkID)
    /// Close the link; no report of it matters any more.
    case close(PeerLinkID)
    case disk(DiskTask)
    case tell(SharingNews)
}

/// What is to be done with this machine's files; by ``SharingDisk``, in this order.
package enum DiskTask: Equatable, Sendable {
    /// Hash a file and offer it.
    case register(path: String, UserTicket)
    /// Make the place for a download and check what is there.
    case prepare(FileDescription)
    /// Leaves of one piece that follow each other, from `leaf` on; each was checked against its proof.
    case write(FileContent, piece: Int, leaf: Int, [[UInt8]])
    /// All leaves of the piece are written.
    case complete(FileContent, piece: Int)
    /// Everything is there: make sure that it is on the disk. May take seconds.
    case flush(FileContent)
    /// And then give it its name.
    case settle(FileContent)
    /// Remove what was fetched.
    case discard(FileContent)
    /// Let go of it; what was fetched stays for another time.
    case release(FileContent)
    case read(Uploads.Job)
    /// Look whether a file that is offered whole is still where its user has it.
    case look(FileContent)
}
