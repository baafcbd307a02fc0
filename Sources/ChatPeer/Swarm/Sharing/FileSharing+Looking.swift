import ChatProtocol

/// A file that is here already may have been moved, removed or changed since: the disk is asked before its user is told so.
extension FileSharing {
    /// A download that is wanted although the file is offered by this client.
    struct Wish: Sendable {
        let ticket: UserTicket
        let designation: FileDesignation
        /// What to fetch if it is not here any more; `nil` where nobody else has it.
        let again: (file: SharedFile, pieces: PieceSet?, from: UserName?)?
    }

    mutating func look(for file: SharedFile, _ wish: Wish) {
        guard wishes.count < Limits.searches else { return tell(.refused(wish.ticket, .tooMany(Limits.searches))) }
        wishes.append((file, wish))
        outputs.append(.disk(.look(file.content)))
    }

    mutating func foundHere(_ content: FileContent) {
        if let (file, wish) = takeWish(for: content) { tell(.alreadyHere(wish.ticket, file)) }
    }

    /// What is not here is not offered, and fetched as if it had never been.
    mutating func missed(_ content: FileContent, _ failure: DiskFailure?, at now: UInt64) {
        guard let (file, wish) = takeWish(for: content) else { return }
        // Somebody else's wish may have been first.
        if offers[content]?.pieces.isFull == true, numbers[content] == nil {
            outputs.append(.disk(.release(content)))
            unoffer(content, at: now)
            if let failure { tell(.offerEnded(file, failure)) }
        }
        guard let again = wish.again else { return tell(.refused(wish.ticket, .notFound(wish.designation))) }
        begin(again.file, pieces: again.pieces, from: again.from, wish.ticket, at: now)
    }

    private mutating func takeWish(for content: FileContent) -> (SharedFile, Wish)? {
        wishes.firstIndex { $0.file.content == content }.map { wishes.remove(at: $0) }
    }
}
