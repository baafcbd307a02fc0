package import ChatProtocol

/// Where a listener reports what its connections bring. Called on event loops; must not block.
package struct ListenerCallbacks: Sendable {
    /// What happened on the connections of one event loop, in its order, to be taken out or left. Returns false if those that sent
    /// requests should read no more until ``Listener/resumeReading()``.
    package var report: @Sendable (inout [ConnectionReport]) -> Bool

    package init(report: @escaping @Sendable (inout [ConnectionReport]) -> Bool) { self.report = report }
}

/// Something that happened on a connection.
package enum ConnectionReport: Equatable, Sendable {
    case opened(ConnectionID, address: String)
    case received(ConnectionInput, from: ConnectionID)
    /// All bytes up to a delivery's mark are in the socket.
    case written(ConnectionID, mark: UInt64)
    case closed(ConnectionID)
}

extension [ConnectionReport] {
    /// Takes everything out, each report as something else.
    ///
    /// Copies would share what the reports hold with the thread that they go to, and be released while that begins to work on it: both
    /// would wait for each other's caches.
    package mutating func takeAll<Output>(as transform: (consuming ConnectionReport) -> Output) -> [Output] {
        var outputs: [Output] = []
        outputs.reserveCapacity(count)
        for index in indices {
            // Stands where the report was, until all are out.
            var report = ConnectionReport.closed(ConnectionID(rawValue: 0))
            swap(&report, &self[index])
            outputs.append(transform(report))
        }
        removeAll(keepingCapacity: true)
        return outputs
    }
}
