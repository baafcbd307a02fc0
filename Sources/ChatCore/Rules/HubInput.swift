package import ChatProtocol

/// What the Hub works on, one after the other.
package enum HubInput: Sendable {
    case opened(ConnectionID, address: String)
    case received(ConnectionInput, from: ConnectionID)
    /// All direct messages up to `mark` are in the socket.
    case written(ConnectionID, mark: UInt64)
    case closed(ConnectionID)
    case passwordChecked(ConnectionID, PasswordVerdict)
    case passwordChanged(ConnectionID, PasswordVerdict, RequestID?)
    /// Store these changes to accounts, and take over all accounts as they then are: an administrator's doing.
    case administer([Change])
    /// Tell everybody and close every connection.
    case shutdown
    /// All connections are closed: store what is left, and end.
    case stop
}

extension HubInput {
    var isAdministration: Bool { if case .administer = self { true } else { false } }
    var isShutdown: Bool { if case .shutdown = self { true } else { false } }
}

/// The outcome of a password check or change.
package enum PasswordVerdict: Equatable, Sendable {
    case right
    /// Right, and this hash is to take the place of the one it was checked against: a new password, or today's cost.
    case rightWithNewHash(String)
    case wrong
    /// Not checked: too many checks wait.
    case busy
}
