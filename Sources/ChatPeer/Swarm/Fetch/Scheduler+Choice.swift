import ChatProtocol

extension Scheduler {
    /// The block to ask of a peer next, if there is one.
    func choose(for user: UserName, _ peer: Peer) -> BlockPlace? {
        let isSpared = hasGivenEnough(peer)
        if let place = unaskedBlock(for: user, peer) { return place }
        if open.count < settings.mostOpenPieces, let piece = newPiece(for: peer, isSpared: isSpared) {
            return BlockPlace(piece: piece, block: 0)
        }
        return doubledBlock(for: user, peer)
    }

    /// In a piece that is begun: what nobody was asked for, or only such as are late.
    private func unaskedBlock(for user: UserName, _ peer: Peer) -> BlockPlace? {
        for piece in open.keys.sorted() where peer.pieces.contains(piece) {
            for (index, block) in (open[piece] ?? []).enumerated() where !block.isDone && block.askers.count < settings.mostCopies {
                let isFree = block.askers.allSatisfy { asked[$0].map { $0.isLate && $0.user != user } ?? true }
                if isFree { return BlockPlace(piece: piece, block: index) }
            }
        }
        return nil
    }

    /// The rarest piece that is needed, not begun, and there; one of them by chance.
    private func newPiece(for peer: Peer, isSpared: Bool) -> Int? {
        let isRandom = completed < settings.randomPieces
        var best: (piece: Int, availability: UInt16, rank: UInt64)?
        // Most peers that have nothing to do have nothing that is needed.
        for piece in needed.intersection(peer.pieces) where open[piece] == nil {
            // Others have it too: they shall send it, as long as this one has something to do.
            if isSpared, availability[piece] > 1, peer.requests.count >= 2 { continue }
            let candidate = (piece, isRandom ? 0 : availability[piece], rank(piece))
            if let best, (best.availability, best.rank) <= (candidate.1, candidate.2) { continue }
            best = candidate
        }
        return best?.piece
    }

    /// At the end, when everything is asked for: what others were asked and have not sent.
    private func doubledBlock(for user: UserName, _ peer: Peer) -> BlockPlace? {
        guard needed.count == open.count, peer.requests.count < settings.windows.lowerBound else { return nil }
        var best: (place: BlockPlace, copies: Int)?
        for piece in open.keys.sorted() where peer.pieces.contains(piece) {
            for (index, block) in (open[piece] ?? []).enumerated() where !block.isDone && block.askers.count < settings.mostCopies {
                guard !block.askers.contains(where: { asked[$0]?.user == user }) else { continue }
                if block.askers.count < best?.copies ?? .max { best = (BlockPlace(piece: piece, block: index), block.askers.count) }
            }
        }
        return best?.place
    }
}
