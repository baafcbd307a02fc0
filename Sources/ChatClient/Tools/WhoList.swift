package import ChatProtocol

/// `banter who`: who else is online, or was of late; one name a line, or one JSON object.
package struct WhoList: Tool {
    private let seconds: Double?
    private let isJSON: Bool
    private var ticket: Ticket?
    private var lastTicket: Int64 = 0
    private var isDone = false
    package private(set) var progress = 0

    /// - Parameter seconds: since when; `nil` for now.
    package init(since seconds: Double?, isJSON: Bool) {
        self.seconds = seconds
        self.isJSON = isJSON
    }

    package var isWaiting: Bool { !isDone }

    package mutating func began(_ online: SessionPhase.Online, at now: Moment) -> [ToolOutput] {
        guard !isDone else { return [] }
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        self.ticket = ticket
        return [.session(.request(seconds.map { .whoelsesince(seconds: $0) } ?? .whoelse, ticket))]
    }

    package mutating func learned(_ news: SessionNews, at now: Moment) -> [ToolOutput] {
        switch news {
        case .reply(let reply, ticket):
            isDone = true
            switch reply {
            case .whoelse(let names), .whoelsesince(let names): return list(names.sorted()) + [.finish(.done)]
            case .error(_, let reason): return [.notice(ToolTexts.refused(reason)), .finish(.refused)]
            default: return [.notice(ToolTexts.refused("a reply to something else")), .finish(.refused)]
            }
        // It is asked again when the connection is back.
        case .failed(ticket, .connectionLost): return []
        case .failed(ticket, _):
            isDone = true
            return [.notice(ToolTexts.unavailable), .finish(.refused)]
        default: return []
        }
    }

    private func list(_ names: [UserName]) -> [ToolOutput] {
        guard isJSON else { return names.map { .print($0.text) } }
        return [
            .print(
                JSONLine.text { json in
                    json.member("users", names)
                    if let seconds {
                        json.key("since")
                        json.value(Int64(exactly: seconds).map(JSONValue.int) ?? .double(seconds))
                    }
                })
        ]
    }
}
