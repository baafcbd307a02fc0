import ChatProtocol
import Logging
import NIOCore

/// The connections of one event loop.
///
/// `@unchecked Sendable`: everything but the constants is touched on `loop` alone; each method that is not called by a
/// connection asserts it.
final class LoopConnections: @unchecked Sendable {
    let loop: any EventLoop
    let options: ListenerOptions
    let callbacks: ListenerCallbacks
    let log: Logger
    let relay: RelayBroker
    /// Connections that wait for room in the mailbox.
    var paused: [ServerConnection] = []

    /// More of what happened than this is not kept back to be reported together.
    private static let mostReports = 1024
    private static let look = TimeAmount.microseconds(50)

    private let admission: AdmissionDesk
    /// What has happened since the loop last came round, and the connections that sent requests meanwhile.
    private var reports: [ConnectionReport] = []
    private var speakers: [ServerConnection] = []
    private var isReportDue = false
    private var connections: [ConnectionID: ServerConnection] = [:]
    /// Connections that have left the chat for the relay.
    private var relayed: [ConnectionID: RelayEnd] = [:]
    private var members: [[ServerConnection]] = Array(repeating: [], count: Audience.allCases.count)
    private var turn: UInt64 = 0
    private var emptied: EventLoopPromise<Void>?

    init(
        loop: any EventLoop, options: ListenerOptions, callbacks: ListenerCallbacks, admission: AdmissionDesk, relay: RelayBroker,
        log: Logger
    ) {
        self.loop = loop
        self.options = options
        self.callbacks = callbacks
        self.admission = admission
        self.relay = relay
        self.log = log
    }

    func add(_ connection: ServerConnection, from address: String) {
        loop.assertInEventLoop()
        connections[connection.id] = connection
        report(.opened(connection.id, address: address))
    }

    /// Keeps what happened until the loop has been through everything that was ready, and reports it together: the Hub is woken
    /// once, and what came at the same time is one turn.
    func report(_ report: consuming ConnectionReport) {
        reports.append(report)
        handOverSoon()
    }

    func report(_ input: consuming ConnectionInput, from connection: ServerConnection) {
        if speakers.last !== connection { speakers.append(connection) }
        report(.received(input, from: connection.id))
    }

    private func handOverSoon() {
        if reports.count >= Self.mostReports { return handOver() }
        guard !isReportDue else { return }
        isReportDue = true
        loop.execute {
            self.isReportDue = false
            self.handOver()
        }
    }

    private func handOver() {
        guard !reports.isEmpty else { return }
        // Whatever is reported meanwhile comes after these.
        var due: [ConnectionReport] = []
        swap(&due, &reports)
        let isAccepted = callbacks.report(&due)
        due.removeAll(keepingCapacity: true)
        // The room is used again.
        if reports.isEmpty { swap(&due, &reports) }
        if !isAccepted {
            for speaker in speakers where speaker.waitForRoom() { paused.append(speaker) }
        }
        speakers.removeAll(keepingCapacity: true)
    }

    /// Calls `action` when the loop has looked at its sockets once more and has reported what was in them.
    func afterReading(_ action: @escaping @Sendable () -> Void) {
        // What is due already would be done before the sockets are looked at.
        loop.scheduleTask(in: Self.look) {
            self.handOver()
            action()
        }
    }

    func spoke(_ connection: ServerConnection) { admission.spoke(connection.id) }

    func closed(_ connection: ServerConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        leave(connection)
        admission.remove(connection.id)
        report(.closed(connection.id))
        if isEmpty { allClosed() }
    }

    /// A connection is for the relay alone from now on: for the chat it is closed.
    func left(_ connection: ServerConnection, for end: RelayEnd) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        leave(connection)
        admission.loggedIn(connection.id)
        relayed[end.id] = end
        report(.closed(connection.id))
    }

    func closed(_ end: RelayEnd) {
        guard relayed.removeValue(forKey: end.id) != nil else { return }
        admission.remove(end.id)
        if isEmpty { allClosed() }
    }

    private func allClosed() {
        guard let emptied else { return }
        // The loop may end as soon as this is known.
        handOver()
        emptied.succeed()
    }

    private var isEmpty: Bool { connections.isEmpty && relayed.isEmpty }

    /// Cuts off a connection that must make room.
    func evict(_ id: ConnectionID) {
        loop.assertInEventLoop()
        // It may have logged in since it was chosen.
        guard let connection = connections[id], connection.audience == nil else { return }
        // At once: the files of those who linger would be wanting for those who come.
        connection.refuse(.tooManyConnections, "too many connections have not logged in", lingers: false)
    }

    func deliver(_ joining: [DeliveryBatch.Joining], _ individual: [DeliveryBatch.Individual], _ shared: [SharedBytes]) {
        loop.assertInEventLoop()
        turn += 1
        for joining in joining {
            guard let connection = connections[joining.connection] else { continue }
            admission.loggedIn(connection.id)
            connection.join(joining.audience)
            connection.place = members[joining.audience.rawValue].count
            members[joining.audience.rawValue].append(connection)
        }
        for delivery in individual {
            guard let connection = connections[delivery.connection] else { continue }
            connection.turn = turn
            if !delivery.bytes.isEmpty { connection.send(delivery.bytes, marks: delivery.marks) }
            if delivery.closes {
                leave(connection)
                connection.close()
            }
        }
        for shared in shared { deliver(shared) }
    }

    private func deliver(_ shared: SharedBytes) {
        // Those who are members now: cutting off a slow reader changes the list.
        let members = members[shared.audience.rawValue]
        shared.bytes.withUnsafeReadableBytes { bytes in
            for connection in members where connection.turn != turn && connection.audience == shared.audience {
                connection.send(bytes, of: shared.bytes)
            }
        }
    }

    func resumeReading() {
        loop.assertInEventLoop()
        let waiting = paused
        paused = []
        for connection in waiting { connection.resumeReading() }
    }

    /// Closes every connection after what was sent to it; `done` when all are closed, or after `limit`.
    func closeAll(within limit: TimeAmount, done: EventLoopPromise<Void>) {
        loop.assertInEventLoop()
        emptied = done
        guard !isEmpty else { return allClosed() }
        loop.scheduleTask(in: limit) { self.allClosed() }
        for connection in connections.values { connection.close() }
        for end in relayed.values { end.abort() }
    }

    private func leave(_ connection: ServerConnection) {
        guard let audience = connection.audience else { return }
        connection.audience = nil
        let last = members[audience.rawValue].removeLast()
        guard last !== connection else { return }
        last.place = connection.place
        members[audience.rawValue][connection.place] = last
    }
}

/// One buffer for all members of an audience.
struct SharedBytes: Sendable {
    let audience: Audience
    let bytes: ByteBuffer
}

/// The one ``Admission`` of a listener, which all its event loops share.
final class AdmissionDesk: Sendable {
    private let admission: Locked<Admission>

    init(_ admission: Admission) { self.admission = Locked(admission) }

    func admit(_ id: ConnectionID, from origin: Origin) -> Admission.Verdict {
        admission.withLock { $0.admit(id, from: origin) }
    }

    func spoke(_ id: ConnectionID) { admission.withLock { $0.spoke(id) } }
    func loggedIn(_ id: ConnectionID) { admission.withLock { $0.loggedIn(id) } }
    func remove(_ id: ConnectionID) { admission.withLock { $0.remove(id) } }
}
