package import ChatProtocol

/// How a key that somebody shows compares with what is remembered of them.
package enum TrustJudgement: Hashable, Sendable {
    /// Never met before.
    case new
    case known(isVerified: Bool)
    /// Another key than before. It is a warning that stays until the key is accepted; of a verified person it stops all sending.
    case changed(wasVerified: Bool)

    package var isVerified: Bool { self == .known(isVerified: true) }
}

/// The keys of all people that this client has met on one server: trust on first use, then verification by comparing safety numbers.
///
/// A value; what changes is returned as the ``KnownPerson`` to be written down.
package struct TrustBook: Equatable, Sendable {
    /// How many people are remembered. Those met beyond are new each time, so that nobody can fill a disk with introductions.
    package static let bound = 10_000

    private var people: [UserName: KnownPerson] = [:]

    package init() {}

    package init(_ people: some Sequence<KnownPerson>) {
        for person in people where self.people[person.user] != nil || self.people.count < Self.bound { self.people[person.user] = person }
    }

    /// Reads the text form: one line a person, for many servers in one file. Lines that are not understood are skipped; where two are
    /// about the same person the later counts.
    package init(text: String, server: String) {
        self.init(text.split(whereSeparator: \.isNewline).compactMap { KnownPerson(line: $0, server: server) })
    }

    package subscript(user: UserName) -> KnownPerson? { people[user] }

    /// Everyone, by name.
    package var everyone: [KnownPerson] { people.values.sorted { $0.user < $1.user } }

    package func judge(_ user: UserName, _ pin: PeerPin) -> TrustJudgement {
        guard let person = people[user] else { return .new }
        return person.pin == pin ? .known(isVerified: person.isVerified) : .changed(wasVerified: person.isVerified)
    }

    /// Remembers somebody never met before; a key in place of another only with ``accept(_:_:at:)``.
    package mutating func meet(_ user: UserName, _ pin: PeerPin, at now: Timestamp) -> KnownPerson? {
        guard people[user] == nil, people.count < Self.bound else { return nil }
        return remember(KnownPerson(user: user, pin: pin, since: now))
    }

    /// Takes `pin` as that of `user` from now on; it is not verified. `nil` if it is so already.
    package mutating func accept(_ user: UserName, _ pin: PeerPin, at now: Timestamp) -> KnownPerson? {
        guard let person = people[user] else { return meet(user, pin, at: now) }
        guard person.pin != pin else { return nil }
        return remember(KnownPerson(user: user, pin: pin, since: now))
    }

    /// The safety number for this key was compared and agrees. `nil` if that changes nothing, or if it is not the key remembered.
    package mutating func verify(_ user: UserName, _ pin: PeerPin) -> KnownPerson? {
        guard var person = people[user], person.pin == pin, !person.isVerified else { return nil }
        person.isVerified = true
        return remember(person)
    }

    /// Forgets `user`; whether there was anything to forget.
    package mutating func forget(_ user: UserName) -> Bool { people.removeValue(forKey: user) != nil }

    private mutating func remember(_ person: KnownPerson) -> KnownPerson {
        people[person.user] = person
        return person
    }
}
