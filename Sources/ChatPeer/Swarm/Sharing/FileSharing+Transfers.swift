import ChatProtocol

/// The downloads: what they are told, and what they want done.
extension FileSharing {
    mutating func give(_ input: TransferInput, to number: Int, at now: UInt64) {
        guard let outputs = records[number]?.transfer.handle(input, at: now) else { return }
        isStatusNew = true
        perform(outputs, of: number, at: now)
    }

    mutating func perform(_ outputs: [TransferOutput], of number: Int, at now: UInt64) {
        guard let file = records[number]?.transfer.file else { return }
        let content = file.content
        for output in outputs {
            switch output {
            case .write(let piece, let leaf, let bytes): write(bytes, leaf, inPiece: piece, of: content)
            case .send(let frame, let user): send(frame, to: user, at: now)
            case .complete(let piece): disk(.complete(content, piece: piece))
            case .findPeers: findPeers(for: number, at: now)
            case .drop(let user, let reason): drop(user, reason, by: number, file, at: now)
            case .prepare(let description): disk(.prepare(description))
            case .settle: disk(.flush(content))
            case .discard:
                // What the user has meanwhile offered as a file of his own is no longer the download's.
                if offers[content]?.isDownload ?? true { disk(.discard(content)) }
            }
        }
        if records[number]?.transfer.isOver == true { retire(number, at: now) }
    }

    /// Leaves that follow each other are written together: that costs the system less than half.
    private mutating func write(_ bytes: [UInt8], _ leaf: Int, inPiece piece: Int, of content: FileContent) {
        guard case .disk(.write(content, piece: piece, let first, var leaves))? = outputs.last, first + leaves.count == leaf else {
            return disk(.write(content, piece: piece, leaf: leaf, [bytes]))
        }
        // Taken out while it is changed, so that it is not copied.
        outputs.removeLast()
        leaves.append(bytes)
        disk(.write(content, piece: piece, leaf: first, leaves))
    }

    private mutating func disk(_ task: DiskTask) { outputs.append(.disk(task)) }

    /// Keeps of a download that is over just what is shown.
    private mutating func retire(_ number: Int, at now: UInt64) {
        guard let record = records.removeValue(forKey: number) else { return }
        let status = record.transfer.status(at: now)
        let content = status.file.content
        numbers[content] = nil
        over.append(ListedTransfer(number: number, status: status))
        if over.count > Limits.listed { over.removeFirst() }
        isStatusNew = true
        switch status.phase {
        case .finished(let path): tell(.finished(number, status.file, path: path))
        case .failed(let failure):
            disk(.release(content))
            if offers[content]?.isDownload == true { unoffer(content, at: now) }
            tell(.failed(number, status.file, failure))
        default:
            if offers[content]?.isDownload == true { unoffer(content, at: now) }
            tell(.ended(number, status.file))
        }
    }

    // MARK: Peers

    private mutating func findPeers(for number: Int, at now: UInt64) {
        guard let record = records[number], !record.isSearching else { return }
        guard isOnline else {
            // Nobody to ask but those who are there.
            for user in linkOf.keys.sorted() { give(.linked(user), to: number, at: now) }
            return
        }
        records[number]?.isSearching = true
        outputs.append(.ask(newTicket(.peers(number), at: now), .searchfile(record.transfer.file.name)))
    }

    /// The index has said who has some of the file.
    mutating func foundPeers(_ findings: [SwarmFinding], for number: Int, at now: UInt64) {
        records[number]?.isSearching = false
        guard let record = records[number], !record.isPaused else { return }
        let finding = findings.first { $0.file.content == record.transfer.file.content }
        let found = (finding?.owners ?? []).map(\.user).filter { $0 != me && record.transfer.wants($0) }
        records[number]?.owners = Set(found.prefix(Limits.owners))
        // Those with the most, and beyond these by chance, so that not everybody asks the same.
        let order = found.prefix(2) + found.dropFirst(2).shuffled(using: &random)
        for user in order {
            if linkOf[user] != nil {
                give(.linked(user), to: number, at: now)
            } else if !record.transfer.isBanned(user, at: now) {
                wantLink(to: user, at: now)
            }
        }
    }

    /// A peer that lied, sent nothing or sent too much loses its link.
    private mutating func drop(_ user: UserName, _ reason: DropReason, by number: Int, _ file: SharedFile, at now: UInt64) {
        if reason == .lied { liars.insert(user) }
        tell(.dropped(user, reason, number, file))
        if let link = linkOf[user] { close(link, at: now) }
    }

    // MARK: The server's answers

    mutating func answered(_ ticket: SharingTicket, _ reply: SwarmReply, at now: UInt64) {
        guard let question = questions.removeValue(forKey: ticket)?.question else { return }
        switch (question, reply) {
        case (.search(let user), .searchfile(let status, let findings)), (.search(let user), .searchchunk(let status, let findings)):
            tell(.found(user, status, findings))
        case (.download(let designation, let pieces, let from, let user), .searchfile(_, let findings)):
            choose(among: findings, designation, pieces, from: from, user, at: now)
        case (.peers(let number), .searchfile(_, let findings)): foundPeers(findings, for: number, at: now)
        case (.register(let content), .register(let status)):
            index.answered(content, true, isRefused: status != .success, at: now)
            announce(content)
            if status != .success, let file = offers[content]?.file { tell(.notIndexed(file, status)) }
        case (.news(let content), .have(let status)):
            // Forgotten there: told whole again.
            if status == .unknownFile, offers[content] != nil { index.offered(content) }
        case (.withdraw, .withdraw): break
        default: failed(question, "the server answered something else", at: now)
        }
    }

    mutating func failed(_ ticket: SharingTicket, _ reason: String, at now: UInt64) {
        guard let question = questions.removeValue(forKey: ticket)?.question else { return }
        failed(question, reason, at: now)
    }

    private mutating func failed(_ question: Question, _ reason: String, at now: UInt64) {
        switch question {
        case .search(let ticket), .download(_, _, _, let ticket): tell(.refused(ticket, isOnline ? .failed(reason) : .noServer))
        case .peers(let number): records[number]?.isSearching = false
        case .introduction(let user): rest(user, hasFailed: true, at: now)
        case .register(let content):
            index.answered(content, false, at: now)
            announce(content)
        case .news(let content): if offers[content] != nil { index.offered(content) }
        case .withdraw: break
        }
    }

    mutating func online(as user: UserName, at now: UInt64) {
        if let me, me != user {
            for link in links.keys.sorted(by: { $0.number < $1.number }) { close(link, at: now) }
            liars = BoundedSet(most: Limits.people)
            blocked = BoundedSet(most: Limits.people)
        }
        // What was asked before is not answered over this connection.
        offline(at: now)
        me = user
        isOnline = true
        resting = [:]
        index.restart(offers.values.map(\.file).sorted { ($0.name, $0.content.size) < ($1.name, $1.content.size) }.map(\.content))
        for number in records.keys.sorted() where records[number]?.isPaused == false { findPeers(for: number, at: now) }
    }

    mutating func offline(at now: UInt64) {
        isOnline = false
        let open = questions.sorted { $0.key.number < $1.key.number }
        questions = [:]
        for (_, entry) in open { failed(entry.question, "the connection to the server was lost", at: now) }
        for content in Array(unannounced.keys) { announce(content) }
    }

    /// Tells the index what it does not know.
    mutating func tellIndex(at now: UInt64) {
        guard isOnline else { return }
        while let content = index.next(at: now) {
            guard let offer = offers[content] else {
                index.answered(content, true, at: now)
                continue
            }
            outputs.append(.ask(newTicket(.register(content), at: now), .register(offer.file, offer.pieces)))
        }
        for (content, pieces) in index.takeNews(at: now) where offers[content] != nil {
            outputs.append(.ask(newTicket(.news(content), at: now), .have(content, pieces)))
        }
    }
}
