package import ChatProtocol

/// Turns the actions of one turn into bytes: encodes each thing once, and builds a view of its own only for those who do not
/// see the turn as everyone else does.
package struct Outbox {
    /// Something that all of some audiences are told.
    private enum Shared {
        case broadcast(start: Int, end: Int)
        case presence(UserName, isOnline: Bool)
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
    private var shared: [Shared] = []
    /// The broadcasts of this turn, encoded.
    private var encoded: [UInt8] = []
    private var views: [View] = []
    private var viewOf: [ConnectionID: Int] = [:]

    package init() {}

    package mutating func send(_ message: ServerMessage, to id: ConnectionID) {
        let view = catchUp(id)
        message.encode(into: &views[view].bytes)
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

    package mutating func presence(_ name: UserName, isOnline: Bool, except: [ConnectionID]) {
        share(.presence(name, isOnline: isOnline), except: except)
    }

    package mutating func join(_ id: ConnectionID, _ audience: Audience) {
        let view = catchUp(id)
        views[view].audience = audience
        views[view].next = shared.count
        views[view].joins = true
        audiences[id] = audience
    }

    package mutating func leave(_ id: ConnectionID) {
        let view = catchUp(id)
        views[view].audience = nil
        audiences[id] = nil
    }

    package mutating func close(_ id: ConnectionID) {
        let view = catchUp(id)
        views[view].closes = true
        audiences[id] = nil
    }

    /// Hands out what was gathered and begins anew.
    package mutating func finish() -> DeliveryBatch {
        var batch = DeliveryBatch()
        if !shared.isEmpty {
            for audience in Audience.allCases {
                var bytes: [UInt8] = []
                append(0..<shared.count, for: audience, to: &bytes)
                if !bytes.isEmpty { batch.shared.append(.init(audience: audience, bytes: bytes)) }
            }
        }
        batch.individual.reserveCapacity(views.count)
        for index in views.indices {
            settle(index)
            let view = views[index]
            if view.joins, let audience = view.audience { batch.joining.append(.init(connection: view.connection, audience: audience)) }
            batch.individual.append(.init(connection: view.connection, bytes: view.bytes, marks: view.marks, closes: view.closes))
        }
        shared.removeAll(keepingCapacity: true)
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
        if let index = viewOf[id] {
            settle(index)
            return index
        }
        let index = views.count
        views.append(View(connection: id, audience: audiences[id], next: 0))
        viewOf[id] = index
        settle(index)
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
            case (.presence, _): break
            }
        }
        flush(&together, to: &bytes)
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
