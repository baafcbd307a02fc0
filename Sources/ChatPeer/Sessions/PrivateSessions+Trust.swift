import ChatProtocol

/// Keys: accepted, verified, forgotten.
extension PrivateSessions {
    mutating func acceptKey(of user: UserName, at now: Moment) {
        guard let pin = people[user]?.changedPin else { return }
        people[user]?.changedPin = nil
        if let person = book.accept(user, pin, at: now.wall) { outputs.append(.remember(person)) }
        tell(.trust(user, book.judge(user, pin)))
        guard case .held(let link, let needsConsent, true)? = people[user]?.approach?.stage, link.pin == pin else { return }
        if needsConsent {
            people[user]?.approach?.stage = .held(link, needsConsent: true, needsKey: false)
        } else {
            greet(user, link, at: now)
        }
    }

    mutating func verify(_ user: UserName) {
        guard let pin = currentPin(of: user) else { return }
        if let person = book.verify(user, pin) { outputs.append(.remember(person)) }
        tell(.trust(user, book.judge(user, pin)))
    }

    mutating func forget(_ user: UserName) {
        guard book.forget(user) else { return }
        outputs.append(.forget(user))
        tell(.trust(user, .new))
    }
}
