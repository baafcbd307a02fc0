package import ChatProtocol
import HashTreeCollections

extension ChatState {
    /// What is due on a connection, and when (uptime).
    private enum Due {
        case login, inactivity, ping, dead
    }

    /// Does everything that is due.
    package mutating func expire(at now: Moment, into effects: inout Effects) {
        while let entry = deadlines.popDue(at: now.uptime) {
            guard let connection = connections[entry.connection], connection.armed == entry.at else { continue }
            connections[connection.id]?.value.armed = nil
            guard let (due, at) = deadline(of: connection) else { continue }
            guard at <= now.uptime else {
                arm(connection.id)
                continue
            }
            perform(due, on: connection, at: now, into: &effects)
        }
        let connections = connections
        deadlines.prune { connections[$0]?.armed == $1 }
        if deadlines.count > 4 * connections.count + 1000 { deadlines.compact { connections[$0]?.armed == $1 } }
    }

    private mutating func perform(_ due: Due, on connection: Boxed<Connection>, at now: Moment, into effects: inout Effects) {
        let id = connection.id
        switch due {
        case .login:
            effects.send(.error(.loginTimeout, reason: "no login within \(Int(settings.loginTime)) s"), id: nil, to: id)
            disconnect(id, at: now, into: &effects)
        case .inactivity:
            guard let session = session(of: id) else { return }
            effects.send(.timeout, to: id)
            end(session, on: id, isResumable: false, at: now, into: &effects)
            disconnect(id, at: now, into: &effects)
        case .ping:
            effects.send(.ping, to: id)
            update(id) { $0.pinged = now.uptime }
            arm(id)
        case .dead: disconnect(id, at: now, into: &effects)
        }
    }

    /// Sets the connection's entry among the deadlines, if it has none that comes early enough.
    mutating func arm(_ id: ConnectionID) {
        guard let connection = connections[id], let (_, at) = deadline(of: connection) else { return }
        if let armed = connection.armed, armed <= at { return }
        connections[id]?.value.armed = at
        deadlines.insert(id, at: at)
    }

    private func deadline(of connection: Boxed<Connection>) -> (Due, UInt64)? {
        switch connection.phase {
        case .greeting: return (.login, connection.opened + Self.nanoseconds(settings.loginTime))
        case .verifying: return nil
        case .online(let session):
            var next: (Due, UInt64)?
            if settings.timeout > 0 { next = (.inactivity, session.lastCommand + Self.nanoseconds(settings.timeout)) }
            guard session.dialect.isExtended, settings.keepAlive > 0 else { return next }
            let alive: (Due, UInt64) =
                if let pinged = session.pinged {
                    (.dead, pinged + Self.nanoseconds(settings.keepAliveGrace))
                } else {
                    (.ping, Self.wholeSecond(from: session.lastHeard + Self.nanoseconds(settings.keepAlive)))
                }
            return next.map { $0.1 <= alive.1 ? $0 : alive } ?? alive
        }
    }

    /// Silent clients are asked together, once a second, so that a server with thousands of them wakes up no more often.
    private static func wholeSecond(from uptime: UInt64) -> UInt64 {
        (uptime + Moment.second - 1) / Moment.second * Moment.second
    }
}
