/// A link to another client, by a number that is never used again while the program runs.
package struct PeerLinkID: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) { self.number = number }
}

/// The way that a private link takes.
package enum PeerRoute: Equatable, Sendable {
    /// Straight to the other client, at this address.
    case direct(address: String)
    /// Through the server's relay, which sees neither text nor file.
    case relayed
}
