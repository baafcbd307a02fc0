import ChatProtocol
import HashTreeCollections

extension ChatState {
    /// How many online make a list that is worth sharing.
    private static let sharedList = 64

    /// Tells everyone online, except those whom `name` has blocked. `name` itself is not in any audience at that time.
    func announce(_ name: UserName, isOnline: Bool, into effects: inout Effects) {
        let hidden = (accounts[name]?.blocks ?? []).compactMap { accounts[$0]?.connection }
        effects.actions.append(.presence(name, isOnline: isOnline, except: hidden))
    }

    /// The list of those online at login, in pieces that stay well below the limit of a frame.
    func listPresence(for name: UserName, on id: ConnectionID, into effects: inout Effects) {
        // A long list is encoded once for many; one from which somebody is hidden is the user's own.
        if online.count > Self.sharedList, accounts[name]?.blockedBy.isEmpty == true {
            return effects.actions.append(.sendPresenceList(for: name, to: id))
        }
        let names = whoelse(name)
        var start = 0
        repeat {
            let end = min(start + 1000, names.count)
            effects.send(.presence(.init(online: Array(names[start..<end]), isList: true, isReset: start == 0)), to: id)
            start = end
        } while start < names.count
    }

    /// Ends a session: the user is offline from here on.
    mutating func end(
        _ session: Boxed<Session>, on id: ConnectionID, isResumable: Bool, at now: Moment, into effects: inout Effects
    ) {
        let name = session.name
        online[name] = nil
        accounts[name]?.value.connection = nil
        accounts[name]?.value.lastSeen = now.wall
        swarm.remove(name)
        connections[id]?.value.phase = .greeting
        ended[id] = name
        effects.changes.append(.sessionClosed(name, at: now.wall, isResumable: isResumable))
        if isResumable {
            let expires = now.uptime + Self.nanoseconds(settings.resumeWindow)
            accounts[name]?.value.resumable?.expires = expires
            accounts[name]?.value.resumable?.lastCommand = session.lastCommand
        } else if let digest = accounts[name]?.resumable?.digest {
            tokens[digest] = nil
            accounts[name]?.value.resumable = nil
        }
        effects.actions.append(.leave(id))
        announce(name, isOnline: false, into: &effects)
    }

    mutating func connectionClosed(_ id: ConnectionID, at now: Moment, into effects: inout Effects) {
        if let session = session(of: id) { end(session, on: id, isResumable: true, at: now, into: &effects) }
        connections[id] = nil
        ended[id] = nil
    }

    /// Closes a connection from the server's side, after what was sent to it. A session on it must have been ended.
    mutating func disconnect(_ id: ConnectionID, at now: Moment, into effects: inout Effects) {
        if let session = session(of: id), accounts[session.name]?.connection == id {
            end(session, on: id, isResumable: true, at: now, into: &effects)
        }
        connections[id] = nil
        effects.actions.append(.close(id))
    }

    /// Every session ends and can be resumed when the server is back.
    mutating func shutDown(at now: Moment, into effects: inout Effects) {
        for id in online.values {
            guard let session = session(of: id) else { continue }
            if session.dialect.isExtended { effects.send(.bye(.shutdown), to: id) }
            accounts[session.name]?.value.lastSeen = now.wall
            accounts[session.name]?.value.connection = nil
            ended[id] = session.name
            effects.changes.append(.sessionClosed(session.name, at: now.wall, isResumable: true))
        }
        online = [:]
        swarm = SwarmIndex()
        for id in connections.keys { effects.actions.append(.close(id)) }
        connections = [:]
    }
}
