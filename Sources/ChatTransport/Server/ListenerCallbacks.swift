package import ChatProtocol

/// Where a listener reports what its connections bring. Called on event loops; must not block.
package struct ListenerCallbacks: Sendable {
    package var opened: @Sendable (ConnectionID, _ address: String) -> Void
    /// Returns false if the connection should read no more until ``Listener/resumeReading()``.
    package var received: @Sendable ([ConnectionInput], ConnectionID) -> Bool
    /// All bytes up to a delivery's mark are in the socket.
    package var written: @Sendable (ConnectionID, _ mark: UInt64) -> Void
    package var closed: @Sendable (ConnectionID) -> Void

    package init(
        opened: @escaping @Sendable (ConnectionID, _ address: String) -> Void,
        received: @escaping @Sendable ([ConnectionInput], ConnectionID) -> Bool,
        written: @escaping @Sendable (ConnectionID, _ mark: UInt64) -> Void,
        closed: @escaping @Sendable (ConnectionID) -> Void
    ) {
        self.opened = opened
        self.received = received
        self.written = written
        self.closed = closed
    }
}
