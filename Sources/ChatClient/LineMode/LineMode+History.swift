import ChatProtocol

/// `forget`: what the full screen has kept on this machine goes. Line mode itself keeps nothing.
extension LineMode {
    mutating func forget(_ target: String?, isConfirmed: Bool) {
        guard let target, let me = UserName(name) else { return refuse(LineTexts.forgetWhat) }
        var channels: [Channel?] = [nil]
        switch (target, UserName(target)) {
        case ("all", _): break
        case ("everyone", _): channels = [.everyone]
        case (_, let user?): channels = [.direct(user), .private(user)]
        case (_, nil): return refuse(LineTexts.forgetWhat)
        }
        guard isConfirmed else { return refuse(LineTexts.forgetUnconfirmed(target)) }
        stage = .forgetting(channels.count, lines: 0)
        for (number, channel) in channels.enumerated() {
            outputs.append(.history(.forget(channel, me, through: now.wall, ForgetTicket(number: number))))
        }
    }

    mutating func learned(_ news: HistoryNews) {
        switch news {
        case .notice(let words), .lost(let words): notice(Sanitizer.line(words))
        case .restored, .page, .found: break
        case .forgotten(_, let result):
            guard case .forgetting(let left, var lines) = stage else { return }
            switch result {
            case .lines(let count): lines = lines.map { $0 + count }
            case .failed(let why):
                // Said once, and not that so many are removed.
                if lines != nil { refuse(LineTexts.error("Not removed from the disk: " + Sanitizer.line(why))) }
                lines = nil
            }
            stage = left > 1 ? .forgetting(left - 1, lines: lines) : .ready
            if left == 1, let lines { say(LineTexts.forgotten(lines)) }
        }
    }
}
