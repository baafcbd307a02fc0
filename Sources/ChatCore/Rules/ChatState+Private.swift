import ChatProtocol
import HashTreeCollections

extension ChatState {
    /// Brings two clients together for a private session, of which the server then sees nothing but, at the most, relayed bytes.
    mutating func startPrivate(
        with user: UserName?, for purpose: PeerMessage.Purpose, _ session: Boxed<Session>, on id: ConnectionID, into effects: inout Effects
    ) -> Reply.Rendezvous {
        guard user != session.name else { return .userSelf }
        guard let user, let account = accounts[user] else { return .userNotExist }
        if account.blocks.contains(session.name) { return .userBlocked }
        guard let otherID = account.connection, let here = connections[id], let there = connections[otherID],
            let other = self.session(of: otherID)
        else { return .userOffline }
        if let mine = session.peer, let theirs = other.peer {
            let tickets = (RelayTicket.random(using: &random), RelayTicket.random(using: &random))
            effects.actions.append(.admitRelay(tickets.0, tickets.1))
            let request = PeerIntroduction(
                user: session.name, offer: mine.completed(here, session.privatePort, for: there), ticket: tickets.1, purpose: purpose)
            effects.send(.privateRequest(request), to: otherID)
            let offer = theirs.completed(there, other.privatePort, for: here)
            return .peer(PeerIntroduction(user: user, offer: offer, ticket: tickets.0, purpose: purpose))
        }
        // Between two of the original's clients the address is handed out as it always was. A client that can encrypt
        // is never brought together with one that cannot.
        guard purpose == .chat, !session.dialect.isExtended, !other.dialect.isExtended, other.privatePort > 0 else { return .unsupported }
        return .success(user: user, address: there.address, port: other.privatePort)
    }
}

extension PeerOffer {
    /// This offer with the address that the server sees, and without what is of no use to the other side.
    fileprivate func completed(_ connection: Boxed<Connection>, _ port: UInt16, for other: Boxed<Connection>) -> PeerOffer {
        let seen = Candidate(address: connection.address, port: port)
        var all = seen.map { [$0] } ?? []
        all += candidates.filter { $0 != seen }
        let isLocal = Candidate(address: other.address, port: 1024)?.isLoopback ?? false
        return PeerOffer(pin: pin, candidates: all.filter { isLocal || !$0.isLoopback })
    }
}
