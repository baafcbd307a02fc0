package import ChatProtocol

/// What happens to a ``Transfer``.
package enum TransferInput: Equatable, Sendable {
    /// A link for bulk data is up, in whichever direction, after both sides said `hello`.
    case linked(UserName)
    case unlinked(UserName)
    /// Frames about other files, and those that ask instead of answering, do no harm here.
    case received(BulkFrame, from: UserName)
    /// The place on the disk is made; these pieces were there from a former run, and checked.
    case prepared(PieceSet)
    /// The piece is written, and may be offered to others.
    case stored(piece: Int)
    case settled(path: String)
    case failed(DiskFailure)
    case pause
    case resume
    /// Give it up; what was fetched is removed.
    case end
    /// The time of ``Transfer/nextDeadline`` has come; early or late does no harm.
    case tick
}

/// What is to be done for a ``Transfer``, in this order.
package enum TransferOutput: Equatable, Sendable {
    /// Ask the server who has the file, and link to those who are not linked yet.
    case findPeers
    case send(BulkFrame, to: UserName)
    /// Close the link, and tell the user.
    case drop(UserName, DropReason)
    /// Make the place on the disk; answered with ``TransferInput/prepared(_:)``.
    case prepare(FileDescription)
    /// A leaf that was checked.
    case write(piece: Int, leaf: Int, [UInt8])
    /// All leaves of the piece are written; answered with ``TransferInput/stored(piece:)``.
    case complete(piece: Int)
    /// Everything is there: give it its name; answered with ``TransferInput/settled(path:)``.
    case settle
    case discard
}

/// A transfer as its user sees it.
package struct TransferStatus: Equatable, Sendable {
    package enum Phase: Equatable, Sendable {
        /// Waits for somebody who has the file.
        case seeking
        /// Makes the place on the disk, and checks what is there.
        case preparing
        case fetching
        /// Makes sure that it stays on the disk.
        case settling
        /// - Parameter path: `nil` where only some pieces were wanted.
        case finished(path: String?)
        case ended
        case failed(DiskFailure)
    }

    package var file: SharedFile
    package var phase: Phase
    package var isPaused: Bool
    /// Nothing came for 15 seconds.
    package var isStalled: Bool
    /// Bytes that are there, and bytes that are wanted.
    package var done: UInt64
    package var wanted: UInt64
    /// Bytes a second.
    package var rate: Double
    /// Seconds; `nil` while nothing can be said.
    package var timeLeft: Double?
    /// Who can be asked.
    package var peers: [UserName]
    package var dropped: [Dropped]

    package struct Dropped: Equatable, Sendable {
        package var user: UserName
        package var reason: DropReason

        package init(user: UserName, reason: DropReason) {
            self.user = user
            self.reason = reason
        }
    }

    package init(
        file: SharedFile, phase: Phase, isPaused: Bool = false, isStalled: Bool = false, done: UInt64 = 0, wanted: UInt64, rate: Double = 0,
        timeLeft: Double? = nil, peers: [UserName] = [], dropped: [Dropped] = []
    ) {
        self.file = file
        self.phase = phase
        self.isPaused = isPaused
        self.isStalled = isStalled
        self.done = done
        self.wanted = wanted
        self.rate = rate
        self.timeLeft = timeLeft
        self.peers = peers
        self.dropped = dropped
    }

    package var isOver: Bool {
        switch phase {
        case .finished, .ended, .failed: true
        default: false
        }
    }

    /// 0 to 1.
    package var fraction: Double { wanted == 0 ? 1 : Double(done) / Double(wanted) }

    /// The state in words.
    package var words: String {
        switch phase {
        case .seeking where isPaused, .preparing where isPaused, .fetching where isPaused: "paused"
        case .seeking: "waiting for someone who has it"
        case .preparing: "checking what is there"
        case .fetching where isStalled: "stalled: nothing came for 15 seconds"
        case .fetching where peers.isEmpty: "waiting for someone who has it"
        case .fetching: "fetching"
        case .settling: "finishing"
        case .finished: "done"
        case .ended: "ended"
        case .failed(let failure): "failed: \(failure.words)"
        }
    }
}
