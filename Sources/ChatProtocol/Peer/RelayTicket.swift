/// Lets its bearer through the server's relay, once and soon: 128 bits, in hexadecimal.
///
/// Each side of a private session gets one of its own; the server knows which two belong together.
package struct RelayTicket: Hashable, Sendable {
    package let text: String

    package init?(_ text: String) {
        guard ResumeToken(text) != nil else { return nil }
        self.text = text
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> RelayTicket {
        RelayTicket(unchecked: ResumeToken.random(using: &generator).text)
    }

    private init(unchecked text: String) { self.text = text }
}

/// One side of a private session is told of the other.
package struct PeerIntroduction: Equatable, Sendable {
    package var user: UserName
    package var offer: PeerOffer
    package var ticket: RelayTicket
    package var purpose: PeerMessage.Purpose

    package init(user: UserName, offer: PeerOffer, ticket: RelayTicket, purpose: PeerMessage.Purpose = .chat) {
        self.user = user
        self.offer = offer
        self.ticket = ticket
        self.purpose = purpose
    }
}
