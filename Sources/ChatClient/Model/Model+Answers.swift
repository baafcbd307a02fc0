import ChatPeer
import ChatProtocol

/// Replies to what the user asked for.
extension Model {
    mutating func answer(_ reply: Reply, to ticket: Ticket, at now: Moment) {
        if takeHistory(reply, for: ticket) { return }
        guard let pending = pending.removeValue(forKey: ticket) else { return }
        switch pending {
        case .line(let channel, let number):
            take(reply, for: number, in: channel)
            let delivery = Self.delivery(after: reply)
            settle(number, in: channel, delivery)
            if case .failed(let words) = delivery { tellOfFailure(words, in: channel) }
            keep(with(channel) { $0.log[number] } ?? nil, in: channel)
            if case .message(.userNotExist, _) = reply, case .direct(let user) = channel { dropNobody(user) }
        case .command(let asked, let channel): note(answer(reply, to: asked), in: channel, at: now)
        case .existence(let user): takeExistence(reply, of: user, ticket, at: now)
        }
    }

    /// A line that failed says so itself, where it can be seen; of others the status line tells.
    private mutating func tellOfFailure(_ words: String, in channel: Channel) {
        guard case .direct(let user) = channel, let room = room(on: channel), !isSeen(room) else { return }
        let place = whereToFind(channel)
        hint = Hint(
            text: "Not sent to \(user): \(words) · \(place) goes there", isFault: true,
            short: ["Not sent to \(user): \(words)", "Not sent to \(user)", "Not sent"])
    }

    mutating func fail(_ ticket: Ticket, _ failure: RequestFailure, at now: Moment) {
        if failHistory(ticket, failure) { return }
        guard let pending = pending.removeValue(forKey: ticket) else { return }
        switch pending {
        case .line(let channel, let number): settle(number, in: channel, .failed(failure.words))
        case .command(let asked, let channel): note(.fault("\(asked.name): \(failure.words)"), in: channel, at: now)
        case .existence(let user): takeExistence(nil, of: user, ticket, at: now)
        }
    }

    /// What the reply to a line says besides what became of it.
    private mutating func take(_ reply: Reply, for number: Log.Number, in channel: Channel) {
        with(channel) { room in
            switch reply {
            case .message(let status, let receipt):
                switch status {
                case .userNotExist: room.existence = .none
                case .success, .userBlocked, .mailboxFull: room.existence = .certain
                case .messageSelf, .empty, .tooLong: break
                }
                if status == .userBlocked { room.isRefused = true } else if status == .success { room.isRefused = false }
                if status == .success, let receipt { room.confirm(number, receipt) }
            case .broadcast(_, _, nil, let receipt?): room.confirm(number, receipt)
            default: break
            }
        }
    }

    private mutating func settle(_ number: Log.Number, in channel: Channel, _ delivery: Entry.Delivery) {
        with(channel) { room in
            room.log[number]?.delivery = delivery
            if case .failed = delivery {} else { room.log[number]?.typed = nil }
        }
    }

    private static func delivery(after reply: Reply) -> Entry.Delivery {
        switch reply {
        case .message(.success, let receipt): .sent(sequence: receipt?.sequence)
        case .message(let status, _): .failed(status.words)
        case .broadcast(let sent, let blocked, nil, _): .reached(max(0, sent), isPartial: blocked > 0)
        case .broadcast(_, _, .empty, _): .failed(Reply.MessageStatus.empty.words)
        case .broadcast(_, _, .tooLong, _): .failed(Reply.MessageStatus.tooLong.words)
        case .refused(_, let refusal): .failed(refusal.words)
        case .error(_, let reason): .failed(Sanitizer.line(String(reason.prefix(200))))
        default: .failed("the server gave no answer to it")
        }
    }

    private mutating func answer(_ reply: Reply, to asked: Asked) -> Entry.Content {
        switch (reply, asked) {
        case (.whoelse(let names), _):
            return .notice(names.isEmpty ? "Nobody else is online" : "Online: " + Self.list(names))
        case (.whoelsesince(let names), .whoelsesince(let seconds)):
            return .notice(
                names.isEmpty ? "Nobody else was online in the last \(seconds) s" : "Online in the last \(seconds) s: " + Self.list(names))
        case (.block(let status), .block(let name)):
            if let user = UserName(name), status == .success || status == .alreadyBlocked {
                if blocked.count < Self.pendingBound { blocked.insert(user) }
                cut(user, true)
            }
            guard status == .success else { return .fault(words(status, name)) }
            let isOpen = UserName(name).map { privates?.isOpen($0) == true } ?? false
            return .notice("\(name) is blocked" + (isOpen ? "; the private session goes on until /stopprivate" : ""))
        case (.unblock(let status), .unblock(let name)):
            if let user = UserName(name), status == .success || status == .notBlocked {
                blocked.remove(user)
                cut(user, false)
            }
            return status == .success ? .notice("\(name) is unblocked") : .fault(words(status, name))
        case (.passwd(let status), .passwd(let new)):
            guard status == .success else { return .fault("The password was not changed: " + status.passwordWords) }
            password = new
            login.password.set(new)
            login.isTried = true
            return .notice("The password is changed")
        case (.refused(_, let refusal), _): return .fault("\(asked.name): \(refusal.words)")
        case (.error(_, let reason), _): return .fault("\(asked.name): " + Sanitizer.line(String(reason.prefix(200))))
        case (.unknownAction, _): return .fault("\(asked.name): this server does not know it")
        default: return .fault("\(asked.name): the server's answer makes no sense")
        }
    }

    private func words(_ status: Reply.BlockStatus, _ name: String) -> String {
        status == .userNotExist ? nobody(called: name) : status.words(user: name)
    }

    /// Names in order; of very many only the first, for a log entry is not the place for a directory.
    private static func list(_ names: [UserName]) -> String {
        let shown = names.sorted().prefix(200).map(\.text).joined(separator: ", ")
        return names.count > 200 ? "\(shown) and \(names.count - 200) others" : shown
    }
}

extension Model.Asked {
    var name: String {
        switch self {
        case .whoelse: "whoelse"
        case .whoelsesince: "whoelsesince"
        case .block: "block"
        case .unblock: "unblock"
        case .passwd: "passwd"
        }
    }
}
