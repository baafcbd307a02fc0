/// Everything that leaves the server after one turn of its Hub.
///
/// Whoever sees the turn as everyone else does shares one buffer; only the others have one of their own.
package struct DeliveryBatch: Equatable, Sendable {
    /// Connections that from now on belong to an audience.
    package var joining: [Joining] = []
    /// At most one for each audience, for all of its members except ``individual``'s connections.
    package var shared: [Shared] = []
    package var individual: [Individual] = []

    package init() {}

    package var isEmpty: Bool { joining.isEmpty && shared.isEmpty && individual.isEmpty }

    package struct Joining: Equatable, Sendable {
        package var connection: ConnectionID
        package var audience: Audience

        package init(connection: ConnectionID, audience: Audience) {
            self.connection = connection
            self.audience = audience
        }
    }

    package struct Shared: Equatable, Sendable {
        package var audience: Audience
        package var bytes: [UInt8]

        package init(audience: Audience, bytes: [UInt8]) {
            self.audience = audience
            self.bytes = bytes
        }
    }

    /// Reported back once all bytes before `end` are in the socket.
    package struct Mark: Equatable, Sendable {
        package var end: Int
        /// The message's place in the recipient's stream.
        package var sequence: UInt64

        package init(end: Int, sequence: UInt64) {
            self.end = end
            self.sequence = sequence
        }
    }

    package struct Individual: Equatable, Sendable {
        package var connection: ConnectionID
        package var bytes: [UInt8]
        /// Direct messages that count as delivered once the socket took them, in order.
        package var marks: [Mark]
        /// Close the connection when the bytes are out.
        package var closes: Bool

        package init(connection: ConnectionID, bytes: [UInt8], marks: [Mark] = [], closes: Bool = false) {
            self.connection = connection
            self.bytes = bytes
            self.marks = marks
            self.closes = closes
        }
    }
}

/// Connections that are told the same things in the same words.
package enum Audience: Int, Hashable, CaseIterable, Sendable {
    case original, originalWithoutPresence, extended, extendedWithoutPresence

    package init(_ dialect: Dialect) {
        self =
            switch (dialect.isExtended, dialect.wantsPresence) {
            case (false, true): .original
            case (false, false): .originalWithoutPresence
            case (true, true): .extended
            case (true, false): .extendedWithoutPresence
            }
    }
}
