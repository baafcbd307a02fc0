/// How a client can be met for private sessions: told at login, and handed to whoever starts one.
package struct PeerOffer: Equatable, Sendable {
    package var pin: PeerPin
    /// At most ``Candidate/most``; those of the client's own knowledge. The server adds the address that it sees.
    package var candidates: [Candidate]

    package init(pin: PeerPin, candidates: [Candidate]) {
        self.pin = pin
        self.candidates = Array(candidates.prefix(Candidate.most))
    }
}
