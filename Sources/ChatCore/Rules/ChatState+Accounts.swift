package import ChatProtocol
import HashTreeCollections

extension ChatState {
    mutating func changePassword(
        of name: UserName, _ old: String, _ new: String, _ request: RequestID?, on id: ConnectionID, into effects: inout Effects
    ) {
        guard PasswordHash.isAcceptable(new) else { return effects.send(.passwd(.unacceptable), id: request, to: id) }
        guard connections[id]?.isChangingPassword == false, let hash = accounts[name]?.passwordHash else {
            return effects.send(.passwd(.busy), id: request, to: id)
        }
        connections[id]?.value.isChangingPassword = true
        effects.actions.append(.changePassword(id, name: name, old: old, new: new, against: hash, request))
    }

    mutating func passwordChanged(
        _ id: ConnectionID, _ verdict: PasswordVerdict, _ request: RequestID?, into effects: inout Effects
    ) {
        guard let session = session(of: id) else { return }
        connections[id]?.value.isChangingPassword = false
        switch verdict {
        case .busy: effects.send(.passwd(.busy), id: request, to: id)
        case .wrong, .right: effects.send(.passwd(.invalidPassword), id: request, to: id)
        case .rightWithNewHash(let hash):
            accounts[session.name]?.value.passwordHash = hash
            effects.changes.append(.password(session.name, hash: hash))
            effects.send(.passwd(.success), id: request, to: id)
        }
    }

    /// Takes over the accounts as the administrator left them: the list is complete, so who is not in it is gone.
    package mutating func accountsChanged(_ records: [AccountRecord], at now: Moment, into effects: inout Effects) {
        var kept: Set<UserName> = []
        for record in records {
            kept.insert(record.name)
            if accounts[record.name] == nil {
                accounts[record.name] = Boxed(Account(name: record.name, passwordHash: record.passwordHash))
            } else {
                accounts[record.name]?.value.passwordHash = record.passwordHash
            }
        }
        for name in accounts.keys where !kept.contains(name) { remove(name, at: now, into: &effects) }
    }

    private mutating func remove(_ name: UserName, at now: Moment, into effects: inout Effects) {
        guard let account = accounts[name] else { return }
        if let id = account.connection, let session = session(of: id) {
            if session.dialect.isExtended { effects.send(.bye(.removed), to: id) }
            end(session, on: id, isResumable: false, at: now, into: &effects)
            disconnect(id, at: now, into: &effects)
        }
        if let digest = accounts[name]?.resumable?.digest { tokens[digest] = nil }
        for other in account.blocks { accounts[other]?.value.blockedBy.remove(name) }
        for other in account.blockedBy { accounts[other]?.value.blocks.remove(name) }
        accounts[name] = nil
    }
}
