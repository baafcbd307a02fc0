package import ChatProtocol

/// Turns the actions of one turn into bytes: encodes each thing once, and builds a view of its own only for those who do not
/// see the turn as everyone else does.
package struct Outbox {
    /// Something that all of some audiences are told.
    private enum Shared {
        case broadcast(start: Int, end: Int)
        case presence(UserName, isOnline: Bool)
        /// All of ``told``.
        case gathered
    }

    /// What one connection sees: its own messages, with the shared ones between them as they came.
    private struct View {
        let connection: ConnectionID
        var bytes: [UInt8] = []
        var audience: Audience?
        /// The first shared item that is not in `bytes` yet.
        var next: Int
        var marks: [DeliveryBatch.Mark] = []
        var joins = false
        var closes = false
    }

    private var audiences: [ConnectionID: Audience] = [:]
    private var memberCounts = Array(repeating: 0, count: Audience.allCases.count)
    private var list = PresenceList()
    private var gathering = PresenceGathering()
    /// The gathered changes that are told in this turn.
    private var told: [PresenceGathering.Change] = []
    private var shared: [Shared] = []
    /// The broadcasts of this turn, encoded.
    private var encoded: [UInt8] = []
    private var views: [View] = []
    private var viewOf: [ConnectionID: Int] = [:]
    /// The views of the two connections that were told something last: between two who talk, replies and messages take turns.
    private var latest = (0, 0)
    /// How long the longest view of the turn before was. Turns are much like those before them.
    private var largest = 0
    private static let mostReserved = 4096

    package init() {}

    /// The uptime at which ``release(at:)`` has something to do.
    package var due: UInt64? { gathering.due }

    package mutating func send(_ message: ServerMessage, to id: ConnectionID) {
        let view = catchUp(id)
        // What is said of somebody to one connection comes after what everybody is about to hear of them.
        if case .event(.presence(let presence)) = message, !presence.isList { tellGathered(in: view) }
        message.encode(into: &views[view].bytes)
    }

    /// The list of everybody online to `name`, whom it leaves out.
    package mutating func sendPresenceList(for name: UserName, to id: ConnectionID) {
        let view = catchUp(id)
        list.append(for: name, to: &views[view].bytes)
    }

    package mutating func sendDirect(_ message: StoredMessage, to id: ConnectionID, isMarked: Bool) {
        let view = catchUp(id)
        ServerMessage.event(message.event).encode(into: &views[view].bytes)
        if isMarked { views[view].marks.append(.init(end: views[view].bytes.count, sequence: message.sequence)) }
    }

    package mutating func broadcast(_ event: Event, except: [ConnectionID]) {
        let start = encoded.count
        ServerMessage.event(event).encode(into: &encoded)
        share(.broadcast(start: start, end: encoded.count), except: except)
    }

    package mutating func presence(_ name: UserName, isOnline: Bool, except: [ConnectionID], at uptime: UInt64) {
        list.note(name, isOnline: isOnline)
        if gathering.due == nil, audiences.count < PresenceGathering.worthwhile {
            share(.presence(name, isOnline: isOnline), except: except)
        } else {
            gathering.add(name, isOnline: isOnline, except: except.filter { audiences[$0] != nil }, at: uptime)
        }
    }

    /// Tells what has been gathered if it is time.
    package mutating func release(at uptime: UInt64) {
        guard let due = gathering.due, due <= uptime else { return }
        for id in gathering.parts.keys { tellGathered(in: catchUp(id)) }
        told = gathering.changes
        share(.gathered, except: Array(gathering.parts.keys))
        gathering = PresenceGathering()
    }

    /// Appends what has been gathered for the view's connection, which then has it.
    private mutating func tellGathered(in view: Int) {
        let id = views[view].connection
        guard gathering.due != nil, let audience = views[view].audience else { return }
        Self.append(gathering.changes(for: id), for: audience, to: &views[view].bytes)
        gathering.skip(id)
    }

    package mutating func join(_ id: ConnectionID, _ audience: Audience) {
        let view = catchUp(id)
        views[view].audience = audience
        views[view].next = shared.count
        views[view].joins = true
        setAudience(of: id, to: audience)
        gathering.skip(id)
    }

    package mutating func leave(_ id: ConnectionID) {
        let view = catchUp(id)
        views[view].audience = nil
        setAudience(of: id, to: nil)
    }

    package mutating func close(_ id: ConnectionID) {
        let view = catchUp(id)
        views[view].closes = true
        views[view].audience = nil
        setAudience(of: id, to: nil)
    }

    private mutating func setAudience(of id: ConnectionID, to audience: Audience?) {
        if let old = audiences[id] { memberCounts[old.rawValue] -= 1 }
        audiences[id] = audience
        if let audience { memberCounts[audience.rawValue] += 1 }
        gathering.forget(id)
    }

    /// Hands out what was gathered and begins anew.
    package mutating func finish() -> DeliveryBatch {
        var batch = DeliveryBatch()
        if !shared.isEmpty {
            for audience in Audience.allCases where memberCounts[audience.rawValue] > 0 {
                var bytes: [UInt8] = []
                append(0..<shared.count, for: audience, to: &bytes)
                if !bytes.isEmpty { batch.shared.append(.init(audience: audience, bytes: bytes)) }
            }
        }
        batch.individual.reserveCapacity(views.count)
        largest = 0
        for index in views.indices {
            settle(index)
            // Taken out, so that what it holds is handed on and not shared.
            var view = View(connection: views[index].connection, next: 0)
            swap(&view, &views[index])
            largest = max(largest, view.bytes.count)
            if view.joins, let audience = view.audience { batch.joining.append(.init(connection: view.connection, audience: audience)) }
            batch.individual.append(.init(connection: view.connection, bytes: view.bytes, marks: view.marks, closes: view.closes))
        }
        shared.removeAll(keepingCapacity: true)
        told = []
        encoded.removeAll(keepingCapacity: true)
        views.removeAll(keepingCapacity: true)
        viewOf.removeAll(keepingCapacity: true)
        return batch
    }

    private mutating func share(_ item: Shared, except: [ConnectionID]) {
        for id in except where audiences[id] != nil { catchUp(id) }
        shared.append(item)
        for id in except {
            if let view = viewOf[id] { views[view].next = shared.count }
        }
    }

    /// The view of a connection, with everything shared so far in it.
    @discardableResult
    private mutating func catchUp(_ id: ConnectionID) -> Int {
        if let index = view(of: id) {
            settle(index)
            return index
        }
        let index = views.count
        var view = View(connection: id, audience: audiences[id], next: 0)
        // For several messages it would grow several times.
        view.bytes.reserveCapacity(max(500, min(largest, Self.mostReserved)))
        views.append(view)
        viewOf[id] = index
        latest = (index, latest.0)
        settle(index)
        return index
    }

    private mutating func view(of id: ConnectionID) -> Int? {
        if latest.0 < views.count, views[latest.0].connection == id { return latest.0 }
        if latest.1 < views.count, views[latest.1].connection == id {
            latest = (latest.1, latest.0)
            return latest.0
        }
        guard let index = viewOf[id] else { return nil }
        latest = (index, latest.0)
        return index
    }

    private mutating func settle(_ index: Int) {
        guard views[index].next < shared.count else { return }
        defer { views[index].next = shared.count }
        guard let audience = views[index].audience else { return }
        var bytes: [UInt8] = []
        swap(&bytes, &views[index].bytes)
        append(views[index].next..<shared.count, for: audience, to: &bytes)
        swap(&bytes, &views[index].bytes)
    }

    /// Appends shared items as `audience` sees them. Runs of presence become one event for those who take them together.
    private func append(_ range: Range<Int>, for audience: Audience, to bytes: inout [UInt8]) {
        var together = Event.Presence()
        for item in shared[range] {
            switch (item, audience) {
            case (.broadcast(let start, let end), _):
                flush(&together, to: &bytes)
                bytes.append(contentsOf: encoded[start..<end])
            case (.presence(let name, let isOnline), .original):
                ServerMessage.event(isOnline ? .loggedIn(name) : .loggedOut(name)).encode(into: &bytes)
            case (.presence(let name, let isOnline), .extended):
                together.note(name, isOnline: isOnline)
                if together.online.count + together.offline.count >= 1000 { flush(&together, to: &bytes) }
            case (.gathered, _):
                flush(&together, to: &bytes)
                Self.append(told, for: audience, to: &bytes)
            case (.presence, _): break
            }
        }
        flush(&together, to: &bytes)
    }

    /// Gathered changes: each of them for the original's clients, what remains of them for those who take them together.
    private static func append(_ changes: [PresenceGathering.Change], for audience: Audience, to bytes: inout [UInt8]) {
        switch audience {
        case .original:
            for change in changes {
                ServerMessage.event(change.isOnline ? .loggedIn(change.name) : .loggedOut(change.name)).encode(into: &bytes)
            }
        case .extended:
            for piece in Event.Presence(net: changes).pieces(of: 1000) { ServerMessage.event(.presence(piece)).encode(into: &bytes) }
        case .originalWithoutPresence, .extendedWithoutPresence: break
        }
    }

    private func flush(_ presence: inout Event.Presence, to bytes: inout [UInt8]) {
        guard !presence.online.isEmpty || !presence.offline.isEmpty else { return }
        ServerMessage.event(.presence(presence)).encode(into: &bytes)
        presence = Event.Presence()
    }
}

extension Event.Presence {
    /// Only the last change of a name counts. Who came and went within one run is told to have gone.
    fileprivate mutating func note(_ name: UserName, isOnline: Bool) {
        // The lists are searched only from the side where the name can be: most runs are all logins or all logouts.
        if isOnline {
            if !offline.isEmpty { offline.removeAll { $0 == name } }
            online.append(name)
        } else {
            if !online.isEmpty { online.removeAll { $0 == name } }
            offline.append(name)
        }
    }
}
