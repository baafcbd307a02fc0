extension ServerMessage {
    /// Appends this message to `bytes` as one line.
    package func encode(into bytes: inout [UInt8]) {
        if !encode(quicklyInto: &bytes) { write(into: &bytes) }
    }

    /// The general way, for whatever it may be.
    package func write(into bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: bytes)
        bytes = []
        writer.beginObject()
        switch self {
        case .reply(let reply, let id):
            reply.writeMembers(to: &writer)
            if let id {
                writer.key("id")
                writer.value(id.value)
            }
        case .event(let event): event.writeMembers(to: &writer)
        }
        writer.endObject()
        writer.bytes.append(UInt8(ascii: "\n"))
        bytes = writer.bytes
    }

    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }
}

extension Reply {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .login(let status, let welcome): write("login", status.rawValue, welcome, to: &writer)
        case .resume(let status, let welcome): write("resume", status.rawValue, welcome, to: &writer)
        case .logout:
            writer.member("action", "logout")
            writer.member("reply", "logged out")
        case .message(let status, let receipt):
            writer.member("action", "message")
            writer.member("status", status.rawValue)
            receipt?.write(to: &writer)
        case .broadcast(let sent, let blocked, let fault, let receipt):
            writer.member("action", "broadcast")
            writer.member("n_sent", Int64(sent))
            writer.member("n_blocked", Int64(blocked))
            if let fault { writer.member("status", fault.status.rawValue) }
            receipt?.write(to: &writer)
        case .block(let status):
            writer.member("action", "block")
            writer.member("status", status.rawValue)
        case .unblock(let status):
            writer.member("action", "unblock")
            writer.member("status", status.rawValue)
        case .whoelse(let names):
            writer.member("action", "whoelse")
            writer.member("reply", names)
        case .whoelsesince(let names):
            writer.member("action", "whoelsesince")
            writer.member("reply", names)
        case .startprivate(let rendezvous):
            writer.member("action", "startprivate")
            writer.member("reply", rendezvous.word)
            if case .peer(let introduction) = rendezvous { introduction.write("username", to: &writer) }
            if case .success(let user, let address, let port) = rendezvous {
                writer.member("address", address)
                writer.member("port", Int64(port))
                writer.member("username", user.text)
            }
        case .history(let page):
            writer.member("action", "history")
            page.write(to: &writer)
        case .passwd(let status):
            writer.member("action", "passwd")
            writer.member("status", status.rawValue)
        case .ack:
            writer.member("action", "ack")
            writer.member("status", "SUCCESS")
        case .relay(let status):
            writer.member("action", "relay")
            writer.member("status", status.rawValue)
        case .swarm(let reply):
            writer.member("action", reply.action)
            reply.writeMembers(to: &writer)
        case .pong: writer.member("action", "pong")
        case .unknownAction(let action):
            writer.member("action", action)
            writer.member("reply", "Unknown action")
        case .refused(let action, let refusal):
            writer.member("action", action)
            writer.member("status", refusal.rawValue)
        case .error(let status, let reason):
            writer.member("action", "error")
            writer.member("status", status.rawValue)
            writer.member("reason", reason)
        }
    }

    private func write(_ action: String, _ status: String, _ welcome: Welcome?, to writer: inout JSONWriter) {
        writer.member("action", action)
        writer.member("status", status)
        guard let welcome else { return }
        writer.member("protocol", 1)
        writer.member("username", welcome.name.text)
        writer.member("token", welcome.token.text)
        writer.member("timeout", Int64(welcome.timeout))
        writer.member("keepalive", Int64(welcome.keepAlive))
        writer.member("unread", Int64(welcome.unread))
        writer.member("time", welcome.time.milliseconds)
    }
}

extension MessageText.Fault {
    var status: Reply.MessageStatus { self == .empty ? .empty : .tooLong }
}

extension Reply.Rendezvous {
    var word: String {
        switch self {
        case .success, .peer: "SUCCESS"
        case .userNotExist: "USER_NOT_EXIST"
        case .userSelf: "USER_SELF"
        case .userBlocked: "USER_BLOCKED"
        case .userOffline: "USER_OFFLINE"
        case .unsupported: "UNSUPPORTED"
        }
    }
}

extension PeerIntroduction {
    fileprivate func write(_ userKey: StaticString, to writer: inout JSONWriter) {
        writer.member(userKey, user.text)
        offer.write(to: &writer)
        writer.member("ticket", ticket.text)
        purpose.write(to: &writer)
    }
}

extension Reply.Receipt {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("seq", Int64(clamping: sequence))
        writer.member("time", time.milliseconds)
    }
}

extension Reply.HistoryPage {
    fileprivate func write(to writer: inout JSONWriter) {
        if let with { writer.member("with", with.text) }
        writer.key("messages")
        writer.array(messages) { writer, message in
            writer.beginObject()
            writer.member("from", message.from.text)
            writer.member("message", message.text)
            message.receipt.write(to: &writer)
            writer.endObject()
        }
        if let before {
            writer.key("before")
            writer.value(before.json)
        }
    }
}

extension Event {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .message(let from, let text, let receipt):
            writer.member("action", "receive_message")
            writer.member("from", from.text)
            writer.member("message", text)
            receipt.write(to: &writer)
        case .broadcast(let from, let text, let receipt):
            writer.member("action", "receive_broadcast")
            writer.member("from", from.text)
            writer.member("message", text)
            receipt.write(to: &writer)
        case .loggedIn(let name):
            writer.member("action", "login_broadcast")
            writer.member("from", name.text)
            writer.member("message", "")
        case .loggedOut(let name):
            writer.member("action", "logout_broadcast")
            writer.member("from", name.text)
            writer.member("message", "")
        case .presence(let presence):
            writer.member("action", "presence")
            writer.member("online", presence.online)
            writer.member("offline", presence.offline)
            if presence.isList { writer.member("list", true) }
            if presence.isReset { writer.member("reset", true) }
        case .delivered(let user, let through):
            writer.member("action", "delivered")
            writer.member("user", user.text)
            writer.member("seq", Int64(clamping: through))
        case .privateRequest(let introduction):
            writer.member("action", "private_request")
            introduction.write("from", to: &writer)
        case .timeout: writer.member("action", "timeout")
        case .ping: writer.member("action", "ping")
        case .bye(let farewell):
            writer.member("action", "bye")
            writer.member("reason", farewell.rawValue)
        }
    }
}
