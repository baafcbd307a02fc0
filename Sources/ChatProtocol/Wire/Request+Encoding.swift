extension RequestFrame {
    /// The bytes of this request as one line.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("action", request.action)
        request.writeMembers(to: &writer)
        if let id {
            writer.key("id")
            writer.value(id.value)
        }
        writer.endObject()
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }
}

extension Request {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .login(let login):
            writer.member("username", login.name?.text ?? "")
            writer.member("password", login.password)
            writer.member("private_port", Int64(login.privatePort))
            login.dialect.write(to: &writer)
            login.peer?.write(to: &writer)
        case .resume(let resume):
            writer.member("token", resume.token.text)
            if let after = resume.after { writer.member("after", Int64(clamping: after)) }
            if resume.privatePort > 0 { writer.member("private_port", Int64(resume.privatePort)) }
            resume.dialect.write(to: &writer)
            resume.peer?.write(to: &writer)
        case .message(let user, let text, let key):
            writer.member("user", user?.text ?? "")
            writer.member("message", text)
            if let key { writer.member("key", key.text) }
        case .broadcast(let text, let key):
            writer.member("message", text)
            if let key { writer.member("key", key.text) }
        case .block(let user), .unblock(let user): writer.member("user", user?.text ?? "")
        case .startprivate(let user, let purpose):
            writer.member("user", user?.text ?? "")
            purpose.write(to: &writer)
        case .whoelsesince(let seconds):
            writer.key("since")
            writer.value(Int64(exactly: seconds).map(JSONValue.int) ?? .double(seconds))
        case .ack(let through):
            writer.member("seq", Int64(clamping: through))
        case .history(let query):
            if let name = query.with { writer.member("with", name.text) }
            writer.member("limit", Int64(query.limit))
            if let before = query.before {
                writer.key("before")
                writer.value(before.json)
            }
        case .passwd(let old, let new):
            writer.member("old", old)
            writer.member("new", new)
        case .relay(let ticket): writer.member("ticket", ticket.text)
        case .swarm(let request): request.writeMembers(to: &writer)
        case .logout, .whoelse, .ping, .pong, .unknown: break
        }
    }
}

extension Dialect {
    fileprivate func write(to writer: inout JSONWriter) {
        if isExtended { writer.member("protocol", 1) }
        if !wantsPresence { writer.member("presence", "none") }
    }
}

extension PeerMessage.Purpose {
    /// Chat, which was there first, goes without saying.
    func write(to writer: inout JSONWriter) {
        if self != .chat { writer.member("purpose", rawValue) }
    }
}

extension PeerOffer {
    func write(to writer: inout JSONWriter) {
        writer.member("pin", pin.text)
        writer.key("candidates")
        writer.array(candidates) { $0.string($1.description) }
    }
}

extension HistoryPlace {
    package var json: JSONValue {
        .object(["received": .int(Int64(clamping: received)), "sent": .int(Int64(clamping: sent))])
    }
}
