import ChatProtocol

/// What the user asks for, and the replies.
extension Session {
    mutating func submit(_ request: Request, _ ticket: Ticket) {
        if let line = WaitingLine(request, ticket, key: MessageKey.random(using: &random)) {
            submit(line)
            return
        }
        switch request {
        case .login, .resume, .logout, .ack, .pong:
            // The session's own business.
            fail(ticket, .notLoggedIn)
            return
        default: break
        }
        guard isOnline, !isLeaving else {
            fail(ticket, account?.wasOnline == true && !isLeaving ? .connectionLost : .notLoggedIn)
            return
        }
        guard open.count < Limits.requests else {
            fail(ticket, .queueFull)
            return
        }
        guard request.fits(WireLimits.frame) else {
            outputs.append(.tell(.reply(.error(.frameTooLong, reason: "too long"), ticket)))
            return
        }
        var entry = OpenRequest(ticket: ticket)
        if case .passwd(_, let new) = request { entry.newPassword = new }
        open[transmit(request)] = entry
    }

    private mutating func submit(_ line: WaitingLine) {
        switch phase {
        case .idle, .ended:
            fail(line.ticket, .notLoggedIn)
            return
        default: break
        }
        guard !isLeaving else {
            fail(line.ticket, .notLoggedIn)
            return
        }
        guard lines.count < Limits.lines else {
            fail(line.ticket, .queueFull)
            return
        }
        guard line.request.fits(WireLimits.frame) else {
            outputs.append(.tell(.reply(line.tooLong, line.ticket)))
            return
        }
        lines.append(line)
        if isOnline { lines[lines.count - 1].id = transmit(line.request) }
    }

    mutating func transmitLines() {
        for index in lines.indices { lines[index].id = transmit(lines[index].request) }
    }

    mutating func failLines(_ failure: RequestFailure) {
        let tickets = lines.map(\.ticket)
        lines = []
        for ticket in tickets { fail(ticket, failure) }
    }

    private mutating func fail(_ ticket: Ticket, _ failure: RequestFailure) {
        outputs.append(.tell(.failed(ticket, failure)))
    }

    private var isLeaving: Bool {
        if case .open(let link) = link { link.leaving != nil } else { false }
    }

    mutating func replied(_ reply: Reply, _ id: RequestID?, at now: Moment) {
        guard case .open(let link) = link else { return }
        guard case .int(let number)? = id?.value else {
            if case .error(let status, let reason) = reply { complained(status, reason) }
            return
        }
        lag.answered(number, at: now.uptime)
        if let entry = link.entry, entry.id == number {
            entered(reply, isResume: entry.isResume, at: now)
        } else if link.leaving?.id == number {
            end(.loggedOut)
        } else if let index = lines.firstIndex(where: { $0.id == number }) {
            repliedToLine(at: index, reply, at: now)
        } else if let request = open.removeValue(forKey: number) {
            if case .passwd(.success) = reply, let password = request.newPassword { account?.password = password }
            tell(reply, request.ticket)
        }
    }

    private mutating func repliedToLine(at index: Int, _ reply: Reply, at now: Moment) {
        if case .refused(_, .notLoggedIn) = reply {
            // The session is over without our knowing: log in anew, the line waits for it.
            breakLink("the session is over", at: now)
            return
        }
        tell(reply, lines.remove(at: index).ticket)
    }

    private mutating func tell(_ reply: Reply, _ ticket: Ticket) {
        switch reply {
        case .refused(_, .unavailable): fail(ticket, .unavailable)
        case .refused(_, .notLoggedIn): fail(ticket, .notLoggedIn)
        default: outputs.append(.tell(.reply(reply, ticket)))
        }
    }

    /// An error that belongs to no request.
    private mutating func complained(_ status: Reply.ErrorStatus, _ reason: String) {
        let reason = String(reason.prefix(Limits.reason))
        if case .open(var link) = link {
            link.complaint = reason
            self.link = .open(link)
        }
        switch phase {
        // A refused login was left standing until the server's patience ran out: nobody needs to hear of it.
        case .idle, .ended: return
        default: break
        }
        switch status {
        case .frameTooLong:
            // The server cannot say which frame it was. It would close every link on which the line is repeated, so the longest goes.
            let sent = lines.indices.filter { lines[$0].id != nil }
            if let index = sent.max(by: { lines[$0].size < lines[$1].size }) {
                let line = lines.remove(at: index)
                outputs.append(.tell(.reply(line.tooLong, line.ticket)))
            } else {
                outputs.append(.tell(.complaint(reason)))
            }
        case .badRequest: outputs.append(.tell(.complaint(reason)))
        // The server closes the link now, and the reason comes with that.
        case .tooManyConnections, .loginTimeout, .plaintextRefused: break
        }
    }
}
