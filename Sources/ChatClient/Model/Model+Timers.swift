import ChatPeer
import ChatProtocol

/// What happens by itself. Nothing is looked at from time to time: ``nextWake`` names the next moment at which something changes.
extension Model {
    /// The uptime at which to send a ``Input/tick``; it may be another one after every input and draw.
    package var nextWake: UInt64? {
        var times: [UInt64] = []
        if let wake = session.nextWake { times.append(wake) }
        if let quitDeadline { times.append(quitDeadline) }
        if received > acknowledged, !isAcknowledging { times.append(nextAcknowledgement) }
        if let change = nextChange { times.append(change) }
        if let wake = privates?.nextWake { times.append(wake) }
        return times.min()
    }

    mutating func tick(at now: Moment) {
        if let deadline = quitDeadline, now.uptime >= deadline {
            effects.append(.quit(status: exitStatus))
            return
        }
        if let change = nextChange, now.uptime >= change { nextChange = nil }
        // The draw that follows does it, whenever that may be.
        if received > acknowledged, now.uptime >= nextAcknowledgement { isAcknowledging = true }
        tell(.tick, at: now)
        peer(.tick, at: now)
    }

    /// Notes when the words of the status line will be others. To be called when they are drawn.
    mutating func planChange(at now: Moment) {
        nextChange = nil
        if case .waiting(let until, _) = session.phase {
            nextChange = Self.nextSecond(before: until, at: now.uptime)
        } else if let deadline = inactivityDeadline {
            let warning = deadline - min(deadline, warningTime)
            nextChange = now.uptime < warning ? warning : Self.nextSecond(before: deadline, at: now.uptime)
        }
        if let change = lagChange(at: now) { nextChange = min(change, nextChange ?? change) }
    }

    /// When the server will log out, if nothing is said.
    var inactivityDeadline: UInt64? {
        guard timeout > 0, case .online = session.phase else { return nil }
        return lastCommand &+ UInt64(min(timeout, 1_000_000_000)) * Moment.second
    }

    /// How long before that the status line begins to say so: a quarter of the time, a minute at the most.
    private var warningTime: UInt64 {
        min(60 * Moment.second, UInt64(min(timeout, 1_000_000_000)) * Moment.second / 4)
    }

    /// Seconds until the logout, once they are few.
    func inactivityWarning(at now: Moment) -> Int? {
        guard let deadline = inactivityDeadline, now.uptime >= deadline - min(deadline, warningTime) else { return nil }
        return Self.seconds(until: deadline, at: now.uptime)
    }

    /// Whole seconds, rounded up.
    static func seconds(until time: UInt64, at now: UInt64) -> Int {
        now >= time ? 0 : Int(clamping: (time - now + Moment.second - 1) / Moment.second)
    }

    /// When the number of seconds until `time` goes down by one.
    private static func nextSecond(before time: UInt64, at now: UInt64) -> UInt64? {
        let seconds = seconds(until: time, at: now)
        guard seconds > 0 else { return nil }
        return time - UInt64(seconds - 1) * Moment.second
    }
}
