/// Why a frame is not a request; the words go to the client as the reason of `BAD_REQUEST`.
package struct BadRequest: Error, Equatable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

extension RequestFrame {
    /// Reads a request from the bytes of one frame.
    package init(decoding bytes: UnsafeRawBufferPointer) throws(BadRequest) {
        if let frame = RequestFrame(quickly: bytes) {
            self = frame
        } else {
            self = try RequestFrame(parsing: bytes)
        }
    }

    /// The general way, for whatever it may be.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(BadRequest) {
        let object: JSONObject
        do throws(JSONParser.Failure) {
            object = try JSONParser.object(in: bytes)
        } catch {
            throw BadRequest(error.words)
        }
        let fields = Fields(object)
        let id: RequestID?
        switch object["id"] {
        case nil, .null: id = nil
        case .some(let value):
            guard let mark = RequestID(value) else { throw BadRequest("id must be a number or a string of 64 bytes at most") }
            id = mark
        }
        self.init(try Request(fields), id: id)
    }
}

extension JSONParser.Failure {
    package var words: String {
        switch self {
        case .unexpectedEnd: "not JSON: ends too early"
        case .unexpectedByte(let at): "not JSON: unexpected byte at \(at)"
        case .badNumber(let at): "not JSON: bad number at \(at)"
        case .badEscape(let at): "not JSON: bad escape at \(at)"
        case .badUTF8(let at): "not UTF-8 in the string at \(at)"
        case .tooDeep: "nested deeper than \(WireLimits.depth)"
        case .trailingBytes(let at): "not JSON: unexpected byte at \(at)"
        }
    }
}

extension Request {
    fileprivate init(_ fields: Fields) throws(BadRequest) {
        let action = try fields.text("action")
        switch action {
        case "message": self = .message(to: try fields.user("user"), text: try fields.text("message"), key: try fields.key())
        case "broadcast": self = .broadcast(text: try fields.text("message"), key: try fields.key())
        case "ack": self = .ack(through: try fields.sequence("seq"))
        case "relay":
            guard let ticket = RelayTicket(try fields.text("ticket")) else { throw BadRequest("ticket must be 32 hexadecimal digits") }
            self = .relay(ticket)
        case "ping": self = .ping
        case "pong": self = .pong
        case "login":
            self = .login(
                Login(
                    name: try fields.user("username"), password: try fields.text("password"),
                    privatePort: try fields.port("private_port"), dialect: try fields.dialect(), peer: try fields.peer()))
        case "resume":
            guard let token = ResumeToken(try fields.text("token")) else { throw BadRequest("token must be 32 hexadecimal digits") }
            self = .resume(
                Resume(
                    token: token, after: try fields.optionalSequence("after"), dialect: try fields.dialect(),
                    privatePort: try fields.port("private_port"), peer: try fields.peer()))
        case "logout": self = .logout
        case "block": self = .block(try fields.user("user"))
        case "unblock": self = .unblock(try fields.user("user"))
        case "whoelse": self = .whoelse
        case "whoelsesince": self = .whoelsesince(seconds: try fields.seconds("since"))
        case "startprivate": self = .startprivate(try fields.user("user"), for: try fields.purpose())
        case "history": self = .history(try fields.historyQuery())
        case "passwd": self = .passwd(old: try fields.text("old"), new: try fields.text("new"))
        default:
            if let request = try SwarmRequest.decoding(action: action, fields.object) {
                self = .swarm(request)
                return
            }
            guard action.utf8.count <= 64 else { throw BadRequest("action is longer than 64 bytes") }
            self = .unknown(action: action)
        }
    }
}

/// Typed access to the members of a request.
private struct Fields {
    let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    func text(_ key: String) throws(BadRequest) -> String {
        guard let value = object[key] else { throw BadRequest("\(key) is missing") }
        guard let text = value.string else { throw BadRequest("\(key) must be a string") }
        return text
    }

    func user(_ key: String) throws(BadRequest) -> UserName? { UserName(try text(key)) }

    func key() throws(BadRequest) -> MessageKey? {
        guard let value = object["key"] else { return nil }
        guard let text = value.string, let key = MessageKey(text) else {
            throw BadRequest("key must be 1 to 64 printable ASCII characters")
        }
        return key
    }

    func purpose() throws(BadRequest) -> PeerMessage.Purpose {
        guard let value = object["purpose"] else { return .chat }
        guard let purpose = value.string.flatMap(PeerMessage.Purpose.init) else { throw BadRequest("purpose must be \"chat\" or \"bulk\"") }
        return purpose
    }

    func port(_ key: String) throws(BadRequest) -> UInt16 {
        guard let value = object[key] else { return 0 }
        guard let number = value.int, let port = UInt16(exactly: number) else {
            throw BadRequest("\(key) must be a port, 0 to 65535")
        }
        return port
    }

    /// The pin and the candidates of a client that takes private sessions. A candidate that cannot be used is passed over.
    func peer() throws(BadRequest) -> PeerOffer? {
        guard object["pin"] != nil else { return nil }
        guard let pin = PeerPin(try text("pin")) else { throw BadRequest("pin must be 64 lowercase hexadecimal digits") }
        guard let texts = (object["candidates"] ?? .array([])).array, texts.count <= Candidate.most else {
            throw BadRequest("candidates must be an array of \(Candidate.most) at most")
        }
        return PeerOffer(pin: pin, candidates: texts.compactMap { $0.string.flatMap { Candidate($0) } })
    }

    func sequence(_ key: String) throws(BadRequest) -> UInt64 {
        guard let number = object[key]?.int, number >= 0 else { throw BadRequest("\(key) must be a whole number, 0 or more") }
        return UInt64(number)
    }

    func optionalSequence(_ key: String) throws(BadRequest) -> UInt64? {
        object[key] == nil ? nil : try sequence(key)
    }

    /// A positive number of seconds, as a number or as a string that holds one.
    func seconds(_ key: String) throws(BadRequest) -> Double {
        let value = object[key]
        let number = value?.number ?? value?.string.flatMap { Double($0.filter { $0 != " " }) }
        guard let number, number > 0, number.isFinite else { throw BadRequest("\(key) must be a positive number of seconds") }
        return number
    }

    func dialect() throws(BadRequest) -> Dialect {
        var dialect = Dialect.original
        if let version = object["protocol"] {
            guard version.int == 1 else { throw BadRequest("protocol must be 1, the only one there is") }
            dialect.isExtended = true
        }
        if let presence = object["presence"] {
            switch presence.string {
            case "all": break
            case "none": dialect.wantsPresence = false
            default: throw BadRequest("presence must be \"all\" or \"none\"")
            }
        }
        return dialect
    }

    func historyQuery() throws(BadRequest) -> HistoryQuery {
        var query = HistoryQuery(with: nil)
        if object["with"] != nil {
            guard let name = try user("with") else { throw BadRequest("with is not a user name") }
            query.with = name
        }
        if let limit = object["limit"] {
            guard let number = limit.int, (1...200).contains(number) else { throw BadRequest("limit must be 1 to 200") }
            query.limit = Int(number)
        }
        if let before = object["before"] {
            guard let place = before.object else { throw BadRequest("before must be an object") }
            let places = Fields(place)
            query.before = HistoryPlace(received: try places.sequence("received"), sent: try places.sequence("sent"))
        }
        return query
    }
}
