import ChatProtocol

/// `/forget`: stored lines go, from the disk and from the screen.
extension Model {
    /// What is to be forgotten.
    fileprivate struct Forgetting {
        /// `nil` for everything.
        var channels: [Channel]?
        var words: String
    }

    mutating func runForget(_ target: String?, isConfirmed: Bool, _ line: String, at now: Moment) {
        guard options.hasHistory, let me else { return refuse("This client keeps no history") }
        guard let what = forgetting(target) else { return refuse("There is no user \(Sanitizer.line(target ?? ""))") }
        guard waitingLines == 0 else { return refuse("\(unsentWords)what is stored can be removed when they are") }
        guard isConfirmed || room.heldLine == line else {
            with(channel) { $0.heldLine = line }
            return refuse("Enter again removes \(what.words) from this machine")
        }
        let here = channel
        acceptLine()
        let channels = what.channels ?? [.everyone] + conversations.map(\.channel)
        // By the server's clock, too, if it is ahead of ours.
        let newest = channels.compactMap { with($0) { $0.log.entries.last?.orderTime } ?? nil }.max { $0.milliseconds < $1.milliseconds }
        let through = newest.map { $0.milliseconds > now.wall.milliseconds ? $0 : now.wall } ?? now.wall
        for channel in what.channels.map({ $0.map(Optional.some) }) ?? [nil] {
            store.lastForget += 1
            let ticket = ForgetTicket(number: store.lastForget)
            store.forgetting[ticket] = (what.words, here)
            effects.append(.history(.forget(channel, me, through: through, ticket)))
        }
        for channel in channels { with(channel) { $0.forget(through: through) } }
        overlay = nil
    }

    /// `nil` if there can be no such conversation. A user's private one goes with the other.
    private func forgetting(_ target: String?) -> Forgetting? {
        switch (target, room.partner) {
        case ("all", _): return Forgetting(channels: nil, words: "everything that is stored of you on this server")
        case ("everyone", _), (nil, nil): return Forgetting(channels: [.everyone], words: "what is stored of Everyone")
        case (nil, let partner?): return Forgetting(partner)
        case (let name?, _): return UserName(name).map { Forgetting($0) }
        }
    }

    mutating func forgotten(_ ticket: ForgetTicket, _ result: HistoryForgotten, at now: Moment) {
        guard let (words, channel) = store.forgetting.removeValue(forKey: ticket) else { return }
        switch result {
        case .lines(let count):
            // Of two conversations with somebody the second tells for both.
            if store.forgetting.contains(where: { $0.value.words == words }) {
                store.forgottenBefore += count
                return
            }
            let sum = count + store.forgottenBefore
            store.forgottenBefore = 0
            let what = sum == 0 ? "Nothing was stored" : sum == 1 ? "1 stored line is removed" : "\(sum) stored lines are removed"
            note(.notice("\(what) from this machine. The server keeps what it has, and others keep theirs"), in: channel, at: now)
        case .failed(let why):
            // Of two conversations with somebody the first failure tells for both.
            store.forgetting = store.forgetting.filter { $0.value.words != words }
            store.forgottenBefore = 0
            note(.fault("Not removed from the disk: " + Sanitizer.body(why)), in: channel, at: now)
        }
    }
}

extension Model.Forgetting {
    fileprivate init(_ user: UserName) {
        self.init(channels: [.direct(user), .private(user)], words: "what is stored of \(user)")
    }
}

extension Room {
    /// Nothing that was said up to now is shown any more, or comes back from the server.
    mutating func forget(through time: Timestamp) {
        log.clear()
        leavePast()
        history = RoomHistory()
        history.want = nil
        history.hasBegun = true
        history.stored = .all
        history.forgotten = time
        history.forgottenHere = time
    }
}
