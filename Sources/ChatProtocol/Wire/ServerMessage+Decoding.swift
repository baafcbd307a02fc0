extension ServerMessage {
    /// Reads what a server sent. An event that this build does not know is `nil`: newer servers may add some.
    package static func decoding(_ bytes: UnsafeRawBufferPointer) throws(BadRequest) -> ServerMessage? {
        let object: JSONObject
        do throws(JSONParser.Failure) {
            object = try JSONParser.object(in: bytes)
        } catch {
            throw BadRequest(error.words)
        }
        guard let action = object["action"]?.string else { throw BadRequest("action is missing") }
        // A refusal names the action that it refuses, which may be called like an event.
        let id = object["id"].flatMap(RequestID.init)
        if object["reply"]?.string == "Unknown action" { return .reply(.unknownAction(action), id: id) }
        if let refusal = object["status"]?.string.flatMap(Reply.Refusal.init) { return .reply(.refused(action: action, refusal), id: id) }
        if let event = try Event(action, object) { return .event(event) }
        guard let reply = try Reply(action, object) else { return nil }
        return .reply(reply, id: id)
    }
}

extension JSONObject {
    fileprivate func name(_ key: String) throws(BadRequest) -> UserName {
        guard let name = self[key]?.string.flatMap({ UserName($0) }) else { throw BadRequest("\(key) is not a user name") }
        return name
    }

    fileprivate func text(_ key: String) throws(BadRequest) -> String {
        guard let text = self[key]?.string else { throw BadRequest("\(key) must be a string") }
        return text
    }

    fileprivate func whole(_ key: String) throws(BadRequest) -> Int64 {
        guard let number = self[key]?.int else { throw BadRequest("\(key) must be a whole number") }
        return number
    }

    fileprivate func names(_ key: String) throws(BadRequest) -> [UserName] {
        guard let elements = self[key]?.array else { throw BadRequest("\(key) must be an array") }
        var names: [UserName] = []
        names.reserveCapacity(elements.count)
        for element in elements {
            guard let name = element.string.flatMap({ UserName($0) }) else { throw BadRequest("\(key) holds no user name") }
            names.append(name)
        }
        return names
    }

    /// Absent where a server of the original protocol answers.
    fileprivate var receipt: Reply.Receipt? {
        guard let sequence = self["seq"]?.int, sequence >= 0, let time = self["time"]?.int else { return nil }
        return Reply.Receipt(sequence: UInt64(sequence), time: Timestamp(milliseconds: time))
    }

    fileprivate func requiredReceipt() throws(BadRequest) -> Reply.Receipt {
        guard let receipt else { throw BadRequest("seq and time must be whole numbers") }
        return receipt
    }

    fileprivate var place: HistoryPlace? {
        guard let place = self["before"]?.object, let received = place["received"]?.int, received >= 0,
            let sent = place["sent"]?.int, sent >= 0
        else { return nil }
        return HistoryPlace(received: UInt64(received), sent: UInt64(sent))
    }

    fileprivate func status<Status: RawRepresentable<String>>(_ type: Status.Type) throws(BadRequest) -> Status {
        let word = try text("status")
        guard let status = Status(rawValue: word) else { throw BadRequest("unknown status \(word.prefix(40))") }
        return status
    }
}

extension Event {
    fileprivate init?(_ action: String, _ object: JSONObject) throws(BadRequest) {
        switch action {
        case "receive_message":
            self = .message(from: try object.name("from"), text: try object.text("message"), try object.requiredReceipt())
        case "receive_broadcast":
            self = .broadcast(from: try object.name("from"), text: try object.text("message"), try object.requiredReceipt())
        case "login_broadcast": self = .loggedIn(try object.name("from"))
        case "logout_broadcast": self = .loggedOut(try object.name("from"))
        case "presence":
            self = .presence(
                Presence(
                    online: try object.names("online"), offline: try object.names("offline"),
                    isList: object["list"]?.bool ?? false, isReset: object["reset"]?.bool ?? false))
        case "delivered":
            self = .delivered(to: try object.name("user"), through: UInt64(max(0, try object.whole("seq"))))
        case "private_request": self = .privateRequest(try PeerIntroduction(object, userKey: "from"))
        case "timeout": self = .timeout
        case "ping": self = .ping
        case "bye":
            guard let reason = Farewell(rawValue: try object.text("reason")) else { throw BadRequest("unknown reason") }
            self = .bye(reason)
        default: return nil
        }
    }
}

extension Reply {
    fileprivate init?(_ action: String, _ object: JSONObject) throws(BadRequest) {
        switch action {
        case "login": self = .login(try object.status(LoginStatus.self), try Welcome(object))
        case "resume": self = .resume(try object.status(LoginStatus.self), try Welcome(object))
        case "logout": self = .logout
        case "message": self = .message(try object.status(MessageStatus.self), object.receipt)
        case "broadcast":
            let fault: MessageText.Fault? =
                switch object["status"]?.string {
                case "EMPTY": .empty
                case "TOO_LONG": .tooLong
                default: nil
                }
            self = .broadcast(
                sent: Int(clamping: try object.whole("n_sent")), blocked: Int(clamping: try object.whole("n_blocked")), fault: fault,
                object.receipt)
        case "block": self = .block(try object.status(BlockStatus.self))
        case "unblock": self = .unblock(try object.status(BlockStatus.self))
        case "whoelse": self = .whoelse(try object.names("reply"))
        case "whoelsesince": self = .whoelsesince(try object.names("reply"))
        case "startprivate": self = .startprivate(try Rendezvous(object))
        case "history": self = .history(try HistoryPage(object))
        case "passwd": self = .passwd(try object.status(LoginStatus.self))
        case "ack": self = .ack
        case "relay": self = .relay(try object.status(RelayStatus.self))
        case "pong": self = .pong
        case "error": self = .error(try object.status(ErrorStatus.self), reason: try object.text("reason"))
        default:
            guard let reply = try SwarmReply.decoding(action: action, object) else { return nil }
            self = .swarm(reply)
        }
    }
}

extension Reply.Welcome {
    fileprivate init?(_ object: JSONObject) throws(BadRequest) {
        guard object["protocol"] != nil else { return nil }
        guard let token = ResumeToken(try object.text("token")) else { throw BadRequest("token is malformed") }
        self.init(
            name: try object.name("username"), token: token, timeout: Int(clamping: try object.whole("timeout")),
            keepAlive: Int(clamping: try object.whole("keepalive")), unread: Int(clamping: try object.whole("unread")),
            time: Timestamp(milliseconds: try object.whole("time")))
    }
}

extension Reply.Rendezvous {
    fileprivate init(_ object: JSONObject) throws(BadRequest) {
        switch try object.text("reply") {
        case "SUCCESS" where object["pin"] != nil: self = .peer(try PeerIntroduction(object, userKey: "username"))
        case "SUCCESS":
            guard let port = UInt16(exactly: try object.whole("port")) else { throw BadRequest("port is out of range") }
            self = .success(user: try object.name("username"), address: try object.text("address"), port: port)
        case "USER_NOT_EXIST": self = .userNotExist
        case "USER_SELF": self = .userSelf
        case "USER_BLOCKED": self = .userBlocked
        case "USER_OFFLINE": self = .userOffline
        case "UNSUPPORTED": self = .unsupported
        case let word: throw BadRequest("unknown reply \(word.prefix(40))")
        }
    }
}

extension PeerIntroduction {
    fileprivate init(_ object: JSONObject, userKey: String) throws(BadRequest) {
        guard let pin = PeerPin(try object.text("pin")) else { throw BadRequest("pin is malformed") }
        guard let ticket = RelayTicket(try object.text("ticket")) else { throw BadRequest("ticket is malformed") }
        let candidates = (object["candidates"]?.array ?? []).prefix(2 * Candidate.most).compactMap { $0.string.flatMap { Candidate($0) } }
        guard let purpose = object["purpose"].map({ $0.string.flatMap(PeerMessage.Purpose.init) }) ?? .chat else {
            throw BadRequest("unknown purpose")
        }
        self.init(user: try object.name(userKey), offer: PeerOffer(pin: pin, candidates: candidates), ticket: ticket, purpose: purpose)
    }
}

extension Reply.HistoryPage {
    fileprivate init(_ object: JSONObject) throws(BadRequest) {
        guard let elements = object["messages"]?.array else { throw BadRequest("messages must be an array") }
        var messages: [Reply.HistoryMessage] = []
        for element in elements {
            guard let message = element.object else { throw BadRequest("messages holds no object") }
            messages.append(
                Reply.HistoryMessage(
                    from: try message.name("from"), text: try message.text("message"), receipt: try message.requiredReceipt()))
        }
        self.init(with: object["with"]?.string.flatMap { UserName($0) }, messages: messages, before: object.place)
    }
}
