import ChatProtocol

/// A message or broadcast that the server has not confirmed. It is sent again on every new session until it is, with the same key,
/// so that it arrives once.
struct WaitingLine: Sendable {
    let request: Request
    let ticket: Ticket
    /// The id of its frame on this link; `nil` while it was not sent on this one.
    var id: Int64?

    /// Returns `nil` for a request that is no line.
    init?(_ request: Request, _ ticket: Ticket, key: @autoclosure () -> MessageKey?) {
        switch request {
        case .message(let name, let text, let given): self.request = .message(to: name, text: text, key: given ?? key())
        case .broadcast(let text, let given): self.request = .broadcast(text: text, key: given ?? key())
        default: return nil
        }
        self.ticket = ticket
    }

    var size: Int {
        switch request {
        case .message(_, let text, _), .broadcast(let text, _): text.utf8.count
        default: 0
        }
    }

    /// The server's own answer to what is too long.
    var tooLong: Reply {
        if case .broadcast = request { return .broadcast(sent: 0, blocked: 0, fault: .tooLong) }
        return .message(.tooLong)
    }
}

extension MessageKey {
    /// 128 random bits in hexadecimal.
    static func random(using generator: inout any RandomNumberGenerator & Sendable) -> MessageKey? {
        var text = ""
        for _ in 0..<2 {
            let digits = String(generator.next() as UInt64, radix: 16)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
        return MessageKey(text)
    }
}

extension Request {
    /// More than a pin and eight candidates take, so that a login with them is never taken for short.
    private static let offerSize = 1024

    /// Whether the server takes a frame of this length. Only a long text can be too long, and only with characters that need escaping.
    func fits(_ limit: Int) -> Bool {
        let size: Int =
            switch self {
            case .message(_, let text, _), .broadcast(let text, _): text.utf8.count
            case .passwd(let old, let new): old.utf8.count + new.utf8.count
            case .login(let login): login.password.utf8.count + (login.peer == nil ? 0 : Self.offerSize)
            case .unknown(let action): action.utf8.count
            default: 0
            }
        // One byte becomes six at the worst; the rest of the frame is far below 512.
        if size <= (limit - 512) / 6 { return true }
        if size > limit { return false }
        return RequestFrame(self, id: RequestID(.max)).encoded().count <= limit
    }
}
