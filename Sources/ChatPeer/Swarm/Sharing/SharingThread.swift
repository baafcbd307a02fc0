package import ChatProtocol
import Glibc

/// The thread that owns a ``FileSharing`` and its disk: takes everything that waits, applies it, hands out what follows, reads and writes.
///
/// Its only timer is the wait for its mailbox. Hashing that takes long goes a piece at a time between other work.
package final class SharingThread: Sendable {
    /// What it needs from outside. All are called on the thread itself, and must not wait.
    package struct Ports: Sendable {
        /// Sends on a link for bulk data; `false` if it takes no more until ``SharingInput/writability(_:_:)`` says so.
        package var send: @Sendable ([BulkFrame], PeerLinkID) -> Bool
        /// Takes everything else that is for the server, the links and the user, in order with what is sent.
        package var perform: @Sendable (SharingOutput) -> Void
        /// Called when there is room after a ``SharingThread/put(_:)`` that returned `false`, perhaps before that has returned.
        package var onDrained: @Sendable () -> Void
        package var clock: @Sendable () -> Moment

        package init(
            send: @escaping @Sendable ([BulkFrame], PeerLinkID) -> Bool, perform: @escaping @Sendable (SharingOutput) -> Void,
            onDrained: @escaping @Sendable () -> Void, clock: @escaping @Sendable () -> Moment = { Moment.now() }
        ) {
            self.send = send
            self.perform = perform
            self.onDrained = onDrained
            self.clock = clock
        }
    }

    private let mailbox = SharingMailbox()
    private let thread: Locked<pthread_t?>

    /// Starts the thread.
    ///
    /// - Parameter folder: for downloads; made if it is not there.
    package init(sharing: FileSharing, folder: String, ports: Ports) {
        let mailbox = mailbox
        let id = PlainThread.start {
            // What waits until a large file is on the disk is not waited for here; at most one for each download.
            let disk = SharingDisk(store: ChunkStore(folder: folder)) { flush in
                pthread_detach(PlainThread.start { _ = mailbox.put(.disk(flush())) })
                return nil
            }
            var turns = SharingTurns(sharing: sharing, disk: disk, mailbox: mailbox, ports: ports)
            turns.run()
        }
        thread = Locked(id)
    }

    /// Adds `input`, always; `false` asks the caller to hold back whatever it reads from, until `onDrained`.
    @discardableResult
    package func put(_ input: SharingInput) -> Bool { mailbox.put(input) }

    /// Ends the thread, after what was put before, and waits for that. Not from the thread itself.
    package func stop() {
        _ = mailbox.put(.quit)
        let id = thread.withLock { id in
            defer { id = nil }
            return id
        }
        if let id { pthread_join(id, nil) }
    }
}

/// What the thread does all its life.
struct SharingTurns {
    private var sharing: FileSharing
    private let disk: SharingDisk
    private let mailbox: SharingMailbox
    private let ports: SharingThread.Ports
    /// How old (nanoseconds) the next deadline may be while much happens: to find it, all transfers are looked at.
    private static let patience = Moment.second / 20
    private var wake: UInt64?
    private var wakeFoundAt: UInt64 = 0
    private var isWakeOld = true

    init(sharing: FileSharing, disk: SharingDisk, mailbox: SharingMailbox, ports: SharingThread.Ports) {
        self.sharing = sharing
        self.disk = disk
        self.mailbox = mailbox
        self.ports = ports
    }

    mutating func run() {
        var reports = disk.start().map { SharingInput.disk($0) }
        var batch: [SharingInput] = []
        while true {
            let hasRoomAgain = mailbox.take(into: &batch, until: reports.isEmpty && !disk.hasWork ? deadline : 0)
            let isLast = batch.contains { if case .quit = $0 { true } else { false } }
            reports = turn(reports, batch)
            if hasRoomAgain { ports.onDrained() }
            if isLast { break }
        }
        disk.close()
    }

    private var deadline: UInt64? { isWakeOld ? min(wake ?? .max, wakeFoundAt + Self.patience) : wake }

    /// One turn; returns what the disk had to say.
    private mutating func turn(_ reports: [SharingInput], _ batch: [SharingInput]) -> [SharingInput] {
        let now = ports.clock()
        var outputs = sharing.handle(reports, at: now)
        outputs += sharing.handle(batch, at: now)
        if reports.isEmpty && batch.isEmpty || now.uptime >= wakeFoundAt + Self.patience {
            if let wake = sharing.nextWake, wake <= now.uptime { outputs += sharing.handle(.tick, at: now) }
            wake = sharing.nextWake
            wakeFoundAt = now.uptime
            isWakeOld = false
        } else {
            isWakeOld = true
        }
        var next: [SharingInput] = []
        for output in outputs {
            switch output {
            case .disk(let task): if let report = disk.perform(task) { next.append(.disk(report)) }
            // Taken in before what the mailbox has: the report that there is room again may wait there already.
            case .send(let frames, let link): if !ports.send(frames, link) { next.append(.writability(link, false)) }
            default: ports.perform(output)
            }
        }
        if disk.hasWork, let report = disk.step() { next.append(.disk(report)) }
        return next
    }
}
