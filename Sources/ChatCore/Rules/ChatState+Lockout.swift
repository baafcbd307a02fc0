import ChatProtocol
import HashTreeCollections

extension ChatState {
    func isLocked(_ name: UserName, at now: Moment) -> Bool {
        guard let until = lockouts[name]?.until else { return false }
        return now.uptime < until
    }

    /// One more wrong password for a name, whether it is anybody's or not.
    mutating func countFailure(_ name: UserName?, at now: Moment, into effects: inout Effects) -> Reply.LoginStatus {
        guard let name else { return .invalidPassword }
        var lockout = lockouts[name] ?? Lockout(failures: 0, until: nil)
        if let until = lockout.until, now.uptime >= until { lockout = Lockout(failures: 0, until: nil) }
        lockout.failures += 1
        let isLocked = lockout.failures >= settings.failuresBeforeLockout
        if isLocked { lockout.until = now.uptime + Self.nanoseconds(settings.blockDuration) }
        if lockouts[name] == nil { makeRoomForLockout(at: now, into: &effects) }
        lockouts[name] = lockout
        let until = isLocked ? now.wall.advanced(bySeconds: settings.blockDuration) : nil
        effects.changes.append(.lockout(name, failures: lockout.failures, until: until))
        return isLocked ? .invalidPasswordBlocked : .invalidPassword
    }

    mutating func clearLockout(of name: UserName, into effects: inout Effects) {
        guard lockouts.removeValue(forKey: name) != nil else { return }
        effects.changes.append(.clearLockout(name))
    }

    /// Names can be made up without end. When too many are remembered, expired ones go first, then one that is nobody's.
    private mutating func makeRoomForLockout(at now: Moment, into effects: inout Effects) {
        guard lockouts.count >= settings.lockouts else { return }
        for (name, lockout) in lockouts where lockout.until.map({ $0 <= now.uptime }) ?? false {
            clearLockout(of: name, into: &effects)
        }
        while lockouts.count >= settings.lockouts {
            guard let name = lockouts.keys.first(where: { accounts[$0] == nil }) ?? lockouts.keys.first else { return }
            clearLockout(of: name, into: &effects)
        }
    }
}
