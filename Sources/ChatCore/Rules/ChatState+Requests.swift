package import ChatProtocol
import HashTreeCollections

extension ChatState {
    mutating func receive(_ input: consuming ConnectionInput, from id: ConnectionID, at now: Moment, into effects: inout Effects) {
        guard let connection = connections[id] else { return }
        switch connection.phase {
        case .verifying(let login, let request, var held):
            guard held.count < settings.held else {
                effects.send(.error(.badRequest, reason: "too many requests before the login is answered"), id: nil, to: id)
                disconnect(id, at: now, into: &effects)
                return
            }
            held.append(input)
            connections[id]?.value.phase = .verifying(login, request, held: held)
        case .greeting: receiveBeforeLogin(input, from: connection, at: now, into: &effects)
        case .online(let session):
            switch consume input {
            case .request(let frame):
                noteLife(of: session, on: id, isCommand: frame.request.isCommand, at: now.uptime)
                perform(frame, on: id, session, at: now, into: &effects)
            case .bad(let bad):
                noteLife(of: session, on: id, isCommand: false, at: now.uptime)
                refuse(bad, from: connection, at: now, into: &effects)
            }
        }
    }

    /// Of the requests of one turn the first says it all.
    private mutating func noteLife(of session: Boxed<Session>, on id: ConnectionID, isCommand: Bool, at uptime: UInt64) {
        guard session.dialect.isExtended || isCommand else { return }
        guard session.lastHeard != uptime || session.pinged != nil || (isCommand && session.lastCommand != uptime) else { return }
        update(id) { session in
            session.lastHeard = uptime
            session.pinged = nil
            if isCommand { session.lastCommand = uptime }
        }
    }

    private mutating func receiveBeforeLogin(
        _ input: ConnectionInput, from connection: Boxed<Connection>, at now: Moment, into effects: inout Effects
    ) {
        switch input {
        case .bad(let bad): refuse(bad, from: connection, at: now, into: &effects)
        case .request(let frame):
            switch frame.request {
            case .login(let login): begin(login, frame.id, on: connection, at: now, into: &effects)
            case .resume(let resume): self.resume(resume, frame.id, on: connection, at: now, into: &effects)
            default: effects.send(.refused(action: frame.request.action, .notLoggedIn), id: frame.id, to: connection.id)
            }
        }
    }

    private mutating func perform(
        _ frame: consuming RequestFrame, on id: ConnectionID, _ session: Boxed<Session>, at now: Moment, into effects: inout Effects
    ) {
        let requestID = frame.id
        switch (consume frame).request {
        case .message(let user, let text, let key):
            message(Draft(to: user, text: text, key: key), requestID, from: session.name, on: id, at: now, into: &effects)
        case .broadcast(let text, let key):
            broadcast(text, key, requestID, from: session.name, on: id, at: now, into: &effects)
        case .block(let user): effects.send(.block(block(user, by: session.name, into: &effects)), id: requestID, to: id)
        case .unblock(let user): effects.send(.unblock(unblock(user, by: session.name, into: &effects)), id: requestID, to: id)
        case .whoelse: effects.send(.whoelse(whoelse(session.name)), id: requestID, to: id)
        case .whoelsesince(let seconds):
            effects.send(.whoelsesince(whoelse(session.name, since: now.wall.advanced(bySeconds: -seconds))), id: requestID, to: id)
        case .startprivate(let user, let purpose):
            let rendezvous = startPrivate(with: user, for: purpose, session, on: id, into: &effects)
            effects.send(.startprivate(rendezvous), id: requestID, to: id)
        // A relay's connection is for that alone, from its first request on.
        case .relay: effects.send(.relay(.expired), id: requestID, to: id)
        case .swarm(let request): effects.send(.swarm(answer(request, from: session)), id: requestID, to: id)
        case .ack(let through):
            acknowledge(session.name, through: through, byClient: true, into: &effects)
            if requestID != nil { effects.send(.ack, id: requestID, to: id) }
        case .history(let query): effects.actions.append(.loadHistory(id, session.name, query, requestID))
        case .passwd(let old, let new): changePassword(of: session.name, old, new, requestID, on: id, into: &effects)
        case .ping: effects.send(.pong, id: requestID, to: id)
        case .pong: break
        case .logout:
            effects.send(.logout, id: requestID, to: id)
            end(session, on: id, isResumable: false, at: now, into: &effects)
            disconnect(id, at: now, into: &effects)
        case .login: effects.send(.refused(action: "login", .alreadyLoggedIn), id: requestID, to: id)
        case .resume: effects.send(.refused(action: "resume", .alreadyLoggedIn), id: requestID, to: id)
        case .unknown(let action): effects.send(.unknownAction(action), id: requestID, to: id)
        }
    }

    private mutating func refuse(_ bad: BadRequest, from connection: Boxed<Connection>, at now: Moment, into effects: inout Effects) {
        effects.send(.error(.badRequest, reason: bad.reason), id: nil, to: connection.id)
        connections[connection.id]?.value.badRequests += 1
        if connection.badRequests + 1 >= settings.badRequests { disconnect(connection.id, at: now, into: &effects) }
    }

    /// Refuses an input of a batch that could not be stored. What is a fact and no wish is applied all the same.
    package mutating func refuse(_ input: HubInput, at now: Moment, into effects: inout Effects) {
        switch input {
        case .received(.request(let frame), let id):
            switch frame.request {
            case .ack, .ping, .pong, .logout, .whoelse, .whoelsesince, .startprivate, .swarm, .history, .unknown:
                handle(input, at: now, into: &effects)
            default:
                guard connections[id] != nil else { return }
                effects.send(.refused(action: frame.request.action, .unavailable), id: frame.id, to: id)
            }
        case .passwordChecked(let id, _):
            guard case .verifying(_, let request, let held) = connections[id]?.phase else { return }
            connections[id]?.value.phase = .greeting
            arm(id)
            effects.send(.refused(action: "login", .unavailable), id: request, to: id)
            for input in held { refuse(.received(input, from: id), at: now, into: &effects) }
        case .passwordChanged(let id, _, let request):
            connections[id]?.value.isChangingPassword = false
            effects.send(.refused(action: "passwd", .unavailable), id: request, to: id)
        case .administer, .stop: break
        case .opened, .received(.bad, _), .written, .closed, .shutdown:
            handle(input, at: now, into: &effects)
        }
    }
}

extension Request {
    /// Whether the user did something: what the client does by itself does not keep a session awake.
    fileprivate var isCommand: Bool {
        switch self {
        // Clients fetch and offer files by themselves for hours.
        case .swarm, .startprivate(_, for: .bulk): false
        case .ping, .pong, .ack, .history, .unknown: false
        default: true
        }
    }
}
