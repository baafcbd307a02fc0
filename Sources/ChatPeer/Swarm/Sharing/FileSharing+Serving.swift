import ChatProtocol

/// What others ask of this client, and what its disk says.
extension FileSharing {
    /// Whether the link to `user` is to somebody who may be served.
    private func isServed(_ user: UserName) -> Bool {
        !blocked.contains(user) && linkOf[user].flatMap { links[$0] }.map { serving.allows(user, $0.pin) } ?? false
    }

    mutating func asked(_ frame: BulkFrame, by user: UserName, at now: UInt64) {
        let offers = isServed(user) ? offers : [:]
        for output in uploads.receive(frame, from: user, pieces: { offers[$0]?.pieces }) {
            switch output {
            case .send(let frame, let user): send(frame, to: user, at: now)
            case .sendLayer(let content, let range, let user):
                guard let layer = offers[content]?.description.layer else { break }
                let hashes = layer[range.clamped(to: 0..<layer.count)]
                if !hashes.isEmpty { send(.layer(content, from: hashes.startIndex, Array(hashes)), to: user, at: now) }
            case .interested(let user, let content):
                guard let number = numbers[content], let count = records[number]?.owners.count else { break }
                if count < Limits.owners { records[number]?.owners.insert(user) }
                give(.linked(user), to: number, at: now)
            }
        }
    }

    /// Has blocks read for those whose links take them.
    mutating func serve() {
        while reading.count < Limits.reads, uploads.isWaiting {
            let links = links
            let linkOf = linkOf
            let isReady = { (user: UserName) -> Bool in
                linkOf[user].flatMap { links[$0] }.map { $0.isWritable && $0.gathered < Limits.gathered.blocks } ?? false
            }
            guard let job = uploads.next(where: isReady), let link = linkOf[job.user] else { return }
            reading.append((job, link))
            outputs.append(.disk(.read(job)))
        }
    }

    mutating func serve(by rule: ServeRule, at now: UInt64) {
        serving = rule
        let waiting = turnedAway.all.filter { rule.allows($0.user, $0.pin) }
        turnedAway = BoundedSet(most: Limits.people)
        // They need not find out by themselves.
        for visitor in waiting { wantLink(to: visitor.user, at: now) }
        for user in linked where !isServed(user) { send(uploads.turnedAway(user), at: now) }
    }

    mutating func block(_ user: UserName, _ isBlocked: Bool, at now: UInt64) {
        guard isBlocked else { return blocked.remove(user) }
        blocked.insert(user)
        expecting[user] = nil
        guard let link = linkOf[user] else { return }
        // What is gathered for the link is not for him any more, but for the word that there is nothing.
        discardGathered(for: link)
        send(uploads.turnedAway(user), at: now)
        // What is fetched from him is fetched over another.
        rest(user, hasFailed: false, at: now)
        close(link, at: now)
    }

    private mutating func send(_ news: [Uploads.Output], at now: UInt64) {
        for case .send(let frame, let user) in news { send(frame, to: user, at: now) }
    }

    /// The file is not there for others any more.
    mutating func unoffer(_ content: FileContent, at now: UInt64) {
        announce(content)
        guard offers.removeValue(forKey: content) != nil else { return }
        send(uploads.withdrew(content), at: now)
        index.withdrew(content)
        if isOnline { outputs.append(.ask(newTicket(.withdraw, at: now), .withdraw(content))) }
    }

    // MARK: The disk

    mutating func reported(_ report: DiskReport, at now: UInt64) {
        switch report {
        case .interrupted(let descriptions): foundInterrupted(descriptions, at: now)
        case .noFolder(let failure): tell(.folderFailed(failure))
        case .registering(let ticket, let done, let size): tell(.registering(ticket, done: done, size: size))
        case .registered(let ticket, let description): registered(description, ticket, at: now)
        case .notRegistered(let ticket, let path, let failure): tell(.notRegistered(ticket, path: path, failure))
        case .prepared(let content, let pieces):
            guard let number = numbers[content], let description = records[number]?.transfer.description else { return }
            offers[content] = Offer(description: description, pieces: pieces, isDownload: true)
            index.offered(content)
            give(.prepared(pieces), to: number, at: now)
        case .stored(let content, let piece):
            guard offers[content]?.pieces.insert(piece) == true else { return }
            send(uploads.gained(piece, of: content), at: now)
            if isOnline { index.gained(piece, of: content) }
            if let number = numbers[content] { give(.stored(piece: piece), to: number, at: now) }
        case .flushed(let content): if numbers[content] != nil { outputs.append(.disk(.settle(content))) }
        case .settled(let content, let path):
            if let number = numbers[content] { give(.settled(path: path), to: number, at: now) }
        case .failed(let content, let failure):
            if let number = numbers[content] { give(.failed(failure), to: number, at: now) }
        case .read(let job, let frames):
            guard let link = finishedReading(job), linkOf[job.user] == link else { return }
            // It may have been withdrawn while it was read, or from this person alone.
            guard offers[job.content] != nil, isServed(job.user) else {
                return send(.refuse(job.number, .notOffered), to: job.user, at: now)
            }
            for frame in frames { send(frame, to: job.user, at: now) }
            note(job)
        case .notRead(let job, let failure):
            if let link = finishedReading(job), linkOf[job.user] == link {
                send(.refuse(job.number, failure == .notOffered ? .notOffered : .changed), to: job.user, at: now)
            }
            guard failure != .notOffered, let file = offers[job.content]?.file else { return }
            if let number = numbers[job.content] {
                give(.failed(failure), to: number, at: now)
            } else {
                outputs.append(.disk(.release(job.content)))
                unoffer(job.content, at: now)
            }
            tell(.offerEnded(file, failure))
        case .here(let content): foundHere(content)
        case .notHere(let content, let failure): missed(content, failure, at: now)
        }
    }

    private mutating func registered(_ description: FileDescription, _ ticket: UserTicket, at now: UInt64) {
        let content = description.content
        offers[content] = Offer(description: description, pieces: PieceSet(all: content.pieceCount), isDownload: false)
        index.offered(content)
        unannounced[content] = ticket
        if !isOnline { announce(content) }
        // Nothing is left to fetch.
        if let number = numbers[content] { give(.end, to: number, at: now) }
    }

    /// Tells the user that a file is offered.
    mutating func announce(_ content: FileContent) {
        guard let ticket = unannounced.removeValue(forKey: content), let file = offers[content]?.file else { return }
        tell(.registered(ticket, file))
    }

    private mutating func finishedReading(_ job: Uploads.Job) -> PeerLinkID? {
        guard let index = reading.firstIndex(where: { $0.job == job }) else { return nil }
        return reading.remove(at: index).link
    }

    private mutating func note(_ job: Uploads.Job) {
        guard uploadNotes.count < Limits.notes, let file = offers[job.content]?.file,
            uploadNotes.insert(UploadNote(user: job.user, content: job.content)).inserted
        else { return }
        tell(.uploading(job.user, file))
    }
}
