import ChatProtocol

/// What the user wants.
extension FileSharing {
    // MARK: Offers

    mutating func withdraw(_ designation: FileDesignation, _ ticket: UserTicket, at now: UInt64) {
        let files = offers.values.map(\.file).filter(designation.matches)
        guard let file = files.first else { return tell(.refused(ticket, .notOffered(designation))) }
        guard files.count == 1 else { return tell(.refused(ticket, .severalOffered(FileDesignation.distinct(files)))) }
        if let number = numbers[file.content] { return tell(.refused(ticket, .stillFetching(number))) }
        outputs.append(.disk(.release(file.content)))
        unoffer(file.content, at: now)
        tell(.withdrawn(ticket, file))
    }

    // MARK: Searches

    mutating func search(_ request: SwarmRequest, _ ticket: UserTicket, at now: UInt64) {
        guard mayAsk(ticket) else { return }
        outputs.append(.ask(newTicket(.search(ticket), at: now), request))
    }

    private mutating func mayAsk(_ ticket: UserTicket) -> Bool {
        let count = questions.values.count { entry in
            switch entry.question {
            case .search, .download: true
            default: false
            }
        }
        if !isOnline { tell(.refused(ticket, .noServer)) }
        if isOnline, count >= Limits.searches { tell(.refused(ticket, .tooMany(Limits.searches))) }
        return isOnline && count < Limits.searches
    }

    // MARK: Downloads

    mutating func download(
        _ designation: FileDesignation, _ pieces: [Int]?, from user: UserName?, _ ticket: UserTicket, at now: UInt64
    ) {
        let known = records.filter { designation.matches($0.value.transfer.file) }.keys.sorted()
        if let number = known.first, known.count == 1, let file = records[number]?.transfer.file {
            takeUp(number, file, ticket, at: now)
            return
        }
        guard mayAsk(ticket) else { return }
        let question = Question.download(designation, pieces: pieces, from: user, ticket)
        outputs.append(.ask(newTicket(question, at: now), .searchfile(designation.name)))
    }

    /// The index has said who has files of the name.
    mutating func choose(
        among findings: [SwarmFinding], _ designation: FileDesignation, _ pieces: [Int]?, from user: UserName?, _ ticket: UserTicket,
        at now: UInt64
    ) {
        let all = findings.filter { designation.matches($0.file) }
        let fitting = user.map { user in all.filter { $0.owners.contains { $0.user == user } } } ?? all
        guard let finding = fitting.first else {
            if let user, !all.isEmpty { return tell(.refused(ticket, .notThere(designation, user))) }
            if let offer = offers.values.first(where: { designation.matches($0.file) }), offer.pieces.isFull {
                return look(for: offer.file, Wish(ticket: ticket, designation: designation, again: nil))
            }
            return tell(.refused(ticket, .notFound(designation)))
        }
        guard fitting.count == 1 else { return tell(.choose(ticket, fitting, FileDesignation.distinct(fitting.map(\.file)))) }
        let count = finding.file.content.pieceCount
        guard pieces?.allSatisfy({ (0..<count).contains($0) }) ?? true else { return tell(.refused(ticket, .noSuchPiece(finding.file))) }
        let wanted = pieces.map { pieces in
            var set = PieceSet(capacity: count)
            for piece in pieces { set.insert(piece) }
            return set
        }
        begin(finding.file, pieces: wanted, from: user, ticket, at: now)
    }

    mutating func begin(_ file: SharedFile, pieces: PieceSet?, from user: UserName?, _ ticket: UserTicket, at now: UInt64) {
        if let number = numbers[file.content] { return takeUp(number, file, ticket, at: now) }
        if let offer = offers[file.content], offer.pieces.isFull {
            return look(
                for: offer.file,
                Wish(ticket: ticket, designation: FileDesignation(name: file.name), again: (file, pieces, user)))
        }
        guard records.count < Limits.transfers else { return tell(.refused(ticket, .tooMany(Limits.transfers))) }
        guard pieces.map({ $0.capacity == file.content.pieceCount }) ?? true else { return tell(.refused(ticket, .noSuchPiece(file))) }
        let number = newNumber(file.content)
        var transfer = Transfer(
            id: UInt32(truncatingIfNeeded: number), file: file, description: offers[file.content]?.description, pieces: pieces, from: user,
            seed: random.next(), settings: settings, at: now)
        let first = transfer.start(at: now)
        records[number] = Record(transfer: transfer)
        tell(.begun(ticket, number, file))
        perform(first, of: number, at: now)
    }

    /// Downloads that a former run left: they wait until the user wants them.
    mutating func foundInterrupted(_ descriptions: [FileDescription], at now: UInt64) {
        for description in descriptions.prefix(Limits.transfers - records.count) where numbers[description.content] == nil {
            let number = newNumber(description.content)
            var transfer = Transfer(
                id: UInt32(truncatingIfNeeded: number), file: description.file, description: description, seed: random.next(),
                settings: settings, at: now)
            _ = transfer.handle(.pause, at: now)
            records[number] = Record(transfer: transfer, isStarted: false, isPaused: true)
            isStatusNew = true
            tell(.interrupted(number, description.file))
        }
    }

    private mutating func newNumber(_ content: FileContent) -> Int {
        lastNumber += 1
        numbers[content] = lastNumber
        return lastNumber
    }

    /// It is being fetched already, or paused and wanted again.
    private mutating func takeUp(_ number: Int, _ file: SharedFile, _ ticket: UserTicket, at now: UInt64) {
        guard records[number]?.isPaused == true else { return tell(.alreadyFetching(ticket, number, file)) }
        resume(number, ticket, at: now)
    }

    mutating func pause(_ number: Int, _ ticket: UserTicket, at now: UInt64) {
        guard let file = records[number]?.transfer.file else { return tell(.refused(ticket, .noSuchTransfer(number))) }
        records[number]?.isPaused = true
        give(.pause, to: number, at: now)
        tell(.paused(ticket, number, file))
    }

    mutating func resume(_ number: Int, _ ticket: UserTicket, at now: UInt64) {
        guard let record = records[number] else { return tell(.refused(ticket, .noSuchTransfer(number))) }
        records[number]?.isPaused = false
        tell(.resumed(ticket, number, record.transfer.file))
        give(.resume, to: number, at: now)
        guard !record.isStarted else { return }
        records[number]?.isStarted = true
        let first = records[number]?.transfer.start(at: now) ?? []
        perform(first, of: number, at: now)
    }

    mutating func end(_ number: Int, _ ticket: UserTicket, at now: UInt64) {
        guard let record = records[number] else { return tell(.refused(ticket, .noSuchTransfer(number))) }
        // Only what is held can be removed: another client may be at it.
        if !record.isStarted, let description = record.transfer.description { outputs.append(.disk(.prepare(description))) }
        give(.end, to: number, at: now)
    }
}
