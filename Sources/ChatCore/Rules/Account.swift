package import ChatProtocol

/// What the server knows of one user.
package struct Account: Sendable {
    package let name: UserName
    /// In PHC string format; see ``PasswordHash``.
    package var passwordHash: String
    package var blocks: Set<UserName> = []
    package var blockedBy: Set<UserName> = []
    /// When the last session ended; while one is open, when it began.
    package var lastSeen: Timestamp?
    /// The last place given out in this user's stream of direct messages, and the last that the user has.
    package var lastSequence: UInt64 = 0
    package var acknowledged: UInt64 = 0
    package var connection: ConnectionID?
    package var resumable: Resumable?
    package var keys: KeyWindow?

    package var isOnline: Bool { connection != nil }
    package var unread: Int { lastSequence > acknowledged ? Int(clamping: lastSequence - acknowledged) : 0 }

    /// A session that can be taken up again with its token, until `expires` (uptime) if its connection is gone.
    package struct Resumable: Sendable {
        package var digest: TokenDigest
        package var expires: UInt64?
        /// Uptime of the user's last command.
        package var lastCommand: UInt64
    }

    package init(name: UserName, passwordHash: String) {
        self.name = name
        self.passwordHash = passwordHash
    }
}
