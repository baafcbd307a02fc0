extension PeerMessage {
    /// This message as one line.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .hello(let purpose):
            writer.member("action", "hello")
            writer.member("protocol", 1)
            writer.member("purpose", purpose.rawValue)
        case .session(let stream, let yours, let through):
            writer.member("action", "session")
            writer.member("stream", stream.text)
            if let yours {
                writer.member("yours", yours.text)
                writer.member("n", Int64(clamping: through))
            }
        case .text(let number, let text):
            writer.member("action", "text")
            writer.member("n", Int64(clamping: number))
            writer.member("text", text)
        case .ack(let through):
            writer.member("action", "ack")
            writer.member("n", Int64(clamping: through))
        case .ping: writer.member("action", "ping")
        case .pong: writer.member("action", "pong")
        case .bye(let farewell):
            writer.member("action", "bye")
            writer.member("reason", farewell.rawValue)
        }
        writer.endObject()
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }

    /// Reads what a peer sent. A message that this build does not know is `nil`.
    package static func decoding(_ bytes: UnsafeRawBufferPointer) throws(BadRequest) -> PeerMessage? {
        let object: JSONObject
        do throws(JSONParser.Failure) {
            object = try JSONParser.object(in: bytes)
        } catch {
            throw BadRequest(error.words)
        }
        func number() throws(BadRequest) -> UInt64 {
            guard let number = object["n"]?.int, number > 0 else { throw BadRequest("n must be a whole number above 0") }
            return UInt64(number)
        }
        switch object["action"]?.string {
        case "hello":
            guard object["protocol"]?.int == 1 else { throw BadRequest("protocol must be 1") }
            guard let purpose = object["purpose"]?.string.flatMap(Purpose.init) else { throw BadRequest("unknown purpose") }
            return .hello(purpose)
        case "session":
            guard let stream = object["stream"]?.string.flatMap({ PeerStream($0) }) else { throw BadRequest("stream is malformed") }
            guard let name = object["yours"] else { return .session(stream: stream, yours: nil, through: 0) }
            guard let yours = name.string.flatMap({ PeerStream($0) }) else { throw BadRequest("yours is malformed") }
            guard let through = object["n"]?.int, through >= 0 else { throw BadRequest("n must be a whole number of 0 or more") }
            return .session(stream: stream, yours: yours, through: UInt64(through))
        case "text":
            guard let text = object["text"]?.string else { throw BadRequest("text must be a string") }
            guard MessageText.fault(in: text) == nil else { throw BadRequest("text is empty or too long") }
            return .text(number: try number(), text)
        case "ack": return .ack(through: try number())
        case "ping": return .ping
        case "pong": return .pong
        case "bye":
            guard let farewell = object["reason"]?.string.flatMap(Farewell.init) else { throw BadRequest("unknown reason") }
            return .bye(farewell)
        case nil: throw BadRequest("action is missing")
        default: return nil
        }
    }
}
