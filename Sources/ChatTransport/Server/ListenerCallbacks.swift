package import ChatProtocol

/// Where a listener reports what its connections bring. Called on event loops; must not block.
package struct ListenerCallbacks: Sendable {
    /// What happened on the connections of one event loop, in its order. Returns false if those that sent requests should read
    /// no more until ``Listener/resumeReading()``.
    package var report: @Sendable ([ConnectionReport]) -> Bool

    package init(report: @escaping @Sendable ([ConnectionReport]) -> Bool) { self.report = report }
}

/// Something that happened on a connection.
package enum ConnectionReport: Equatable, Sendable {
    case opened(ConnectionID, address: String)
    case received(ConnectionInput, from: ConnectionID)
    /// All bytes up to a delivery's mark are in the socket.
    case written(ConnectionID, mark: UInt64)
    case closed(ConnectionID)
}
