/// How a client of the load generator talks: the wire of one kind of server, reduced to what a load needs.
enum Dialect {
    /// Ours, as the original's clients speak it; and as today's do, with keys, ids and acknowledgements.
    case original
    case extended(presence: Bool)
    case irc(channel: Bool)
    case redis
    case xmpp

    /// What follows from what was heard while logging in.
    enum Step: Equatable {
        case wait
        /// Say this, and forget what was heard.
        case say(String)
        case ready
        case refused
    }

    /// The first words of client `index`.
    func hello(_ index: Int) -> String {
        switch self {
        case .original: "{\"action\":\"login\",\"username\":\"u\(index)\",\"password\":\"p\(index)\",\"private_port\":0}\n"
        case .extended(let presence):
            "{\"action\":\"login\",\"username\":\"u\(index)\",\"password\":\"p\(index)\",\"protocol\":1,"
                + (presence ? "" : "\"presence\":\"none\",") + "\"id\":1}\n"
        case .irc: "NICK u\(index)\r\nUSER u\(index) 0 * :u\(index)\r\n"
        case .redis: index == 0 ? "PING\r\n" : "SUBSCRIBE all\r\n"
        case .xmpp: Self.stream
        }
    }

    private static let stream =
        "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

    /// What to do about what client `index` has heard since it last said something; `stage` counts how often it did.
    func next(_ index: Int, stage: Int, heard: String) -> Step {
        switch self {
        case .original, .extended:
            if heard.contains("\"SUCCESS\"") { return .ready }
            return heard.contains("\"status\":") || heard.contains("\"error\"") ? .refused : .wait
        case .irc(let channel):
            if let ping = heard.split(whereSeparator: \.isNewline).first(where: { $0.hasPrefix("PING ") }), heard.hasSuffix("\n") {
                return .say("PONG\(ping.dropFirst(4))\r\n")
            }
            if heard.contains(" 366 u\(index) #all ") { return .ready }
            guard heard.contains(" 001 u\(index) ") else { return heard.contains("ERROR") ? .refused : .wait }
            return channel ? .say("JOIN #all\r\n") : .ready
        case .redis: return heard.contains(index == 0 ? "PONG" : "subscribe") ? .ready : .wait
        case .xmpp: return nextInXMPP(index, stage, heard)
        }
    }

    private func nextInXMPP(_ index: Int, _ stage: Int, _ heard: String) -> Step {
        if heard.contains("<failure") || heard.contains("<stream:error") { return .refused }
        switch stage {
        case 0 where heard.contains("</stream:features>"):
            let secret = Base64.text(of: Array("\0u\(index)\0p\(index)".utf8))
            return .say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>\(secret)</auth>")
        case 1 where heard.contains("<success"): return .say(Self.stream)
        case 2 where heard.contains("</stream:features>"):
            return .say(
                "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>")
        case 3 where heard.contains("<jid>"): return .ready
        default: return .wait
        }
    }

    /// `text` from client `index` to everyone.
    func broadcast(_ text: String, _ index: Int, number: Int) -> String {
        switch self {
        case .original: "{\"action\":\"broadcast\",\"message\":\"\(text)\"}\n"
        case .extended: "{\"action\":\"broadcast\",\"message\":\"\(text)\",\"key\":\"\(Self.key(index, number))\",\"id\":\(number)}\n"
        case .irc: "PRIVMSG #all :\(text)\r\n"
        case .redis: "*3\r\n$7\r\nPUBLISH\r\n$3\r\nall\r\n$\(text.utf8.count)\r\n\(text)\r\n"
        case .xmpp: fatalError("no fan-out over XMPP is measured")
        }
    }

    /// `text` from client `index` to one other.
    func direct(_ text: String, _ index: Int, to other: Int, number: Int) -> String {
        switch self {
        case .original: "{\"action\":\"message\",\"user\":\"u\(other)\",\"message\":\"\(text)\"}\n"
        case .extended:
            "{\"action\":\"message\",\"user\":\"u\(other)\",\"message\":\"\(text)\",\"key\":\"\(Self.key(index, number))\",\"id\":\(number)}\n"
        case .irc: "PRIVMSG u\(other) :\(text)\r\n"
        case .xmpp: "<message to='u\(other)@localhost/r' type='chat' id='\(number)'><body>\(text)</body></message>"
        case .redis: fatalError("no direct messages over Redis are measured")
        }
    }

    /// 32 hexadecimal digits, as those that our client makes up are.
    private static func key(_ index: Int, _ number: Int) -> String {
        let digits = String(index * 1_000_000_000 + number)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Says that the first `count` direct messages have arrived. (The server is fresh, so a message's place is its number.)
    func acknowledgement(_ count: Int) -> String? {
        if case .extended = self { "{\"action\":\"ack\",\"seq\":\(count)}\n" } else { nil }
    }

    /// What a sender hears once for each message that was taken; `nil` if the server says nothing. Its first byte occurs in it
    /// but once.
    func confirmation(receivers: Int?) -> String? {
        switch self {
        case .original, .extended: receivers.map { "_sent\":\($0)," } ?? "UCCESS\""
        case .redis: receivers.map { ":\($0)\r\n" }
        case .irc, .xmpp: nil
        }
    }
}
