package import ChatProtocol

/// One durable change. A batch of them is stored as a whole or not at all.
package enum Change: Equatable, Sendable {
    /// The recipient's stream grows by one place.
    case direct(StoredMessage, to: UserName)
    case broadcast(StoredMessage)
    /// An account sent something under a key, and this is what it was answered.
    case usedKey(StoredKey, by: UserName)
    /// The user has all direct messages up to here. Says the client, which then relies on it; or only the socket that took them.
    case acknowledged(UserName, through: UInt64, byClient: Bool)
    case block(UserName, by: UserName)
    case unblock(UserName, by: UserName)
    /// Wrong passwords in a row for a name, and until when it is locked.
    case lockout(UserName, failures: Int, until: Timestamp?)
    case clearLockout(UserName)
    case sessionOpened(UserName, TokenDigest?, at: Timestamp)
    /// `isResumable` tells whether the token is still good for a while.
    case sessionClosed(UserName, at: Timestamp, isResumable: Bool)
    case password(UserName, hash: String)
    /// Adds the account, or gives it a new password as the administrator wants it.
    case account(AccountRecord)
    case removeAccount(UserName)
    /// The state of the credentials file up to which its lines have been imported.
    case imported(stamp: String)
}

/// A message in a stream, as stored and as sent on.
package struct StoredMessage: Equatable, Sendable {
    package var sequence: UInt64
    package var from: UserName
    package var text: String
    package var time: Timestamp

    package init(sequence: UInt64, from: UserName, text: String, time: Timestamp) {
        self.sequence = sequence
        self.from = from
        self.text = text
        self.time = time
    }

    package var receipt: Reply.Receipt { Reply.Receipt(sequence: sequence, time: time) }
    package var event: Event { .message(from: from, text: text, receipt) }
}

/// An account as the administrator knows it.
package struct AccountRecord: Equatable, Sendable {
    package var name: UserName
    package var passwordHash: String
    /// The hash of the password as last imported from the credentials file, if it came from there.
    package var importedHash: String?

    package init(name: UserName, passwordHash: String, importedHash: String? = nil) {
        self.name = name
        self.passwordHash = passwordHash
        self.importedHash = importedHash
    }
}

/// A key that an account used, and what it was answered.
package struct StoredKey: Equatable, Sendable {
    package var key: MessageKey
    package var reply: Reply

    package init(key: MessageKey, reply: Reply) {
        self.key = key
        self.reply = reply
    }
}

/// What the server starts from.
package struct StoredState: Equatable, Sendable {
    /// In no particular order.
    package var accounts: [StoredAccount] = []
    package var lockouts: [StoredLockout] = []
    /// The last place given out in the stream of broadcasts.
    package var broadcastSequence: UInt64 = 0
    /// The state of the credentials file when it was last imported.
    package var importStamp: String?

    package init() {}

    /// Closes the sessions that were open when the server was killed: nobody knows better than until now, but from now on
    /// it is known. Returns what must be stored.
    package mutating func closeOpenSessions(at now: Timestamp) -> [Change] {
        var changes: [Change] = []
        for index in accounts.indices where accounts[index].opened != nil && accounts[index].closed == nil {
            accounts[index].closed = now
            changes.append(.sessionClosed(accounts[index].record.name, at: now, isResumable: true))
        }
        return changes
    }

    package struct StoredAccount: Equatable, Sendable {
        package var record: AccountRecord
        package var blocks: [UserName] = []
        /// When the last session began and ended; no end if the server was stopped by force meanwhile.
        package var opened: Timestamp?
        package var closed: Timestamp?
        package var token: TokenDigest?
        package var lastSequence: UInt64 = 0
        package var acknowledged: UInt64 = 0

        package init(record: AccountRecord) { self.record = record }
    }

    package struct StoredLockout: Equatable, Sendable {
        package var name: UserName
        package var failures: Int
        package var until: Timestamp?

        package init(name: UserName, failures: Int, until: Timestamp?) {
            self.name = name
            self.failures = failures
            self.until = until
        }
    }
}
