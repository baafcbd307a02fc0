import ChatPeer
import ChatProtocol

/// Files: their commands, and what is told about them.
extension Model {
    /// Returns `false` for a command that is not about files.
    mutating func runFileCommand(_ command: Command, _ line: String, at now: Moment) -> Bool {
        let parsed: FileCommand
        do throws(FileCommandFault) {
            guard let command = try FileCommand(command, home: options.home) else { return false }
            parsed = command
        } catch {
            refuse(error.words)
            return true
        }
        guard desk != nil else {
            refuse("This client shares no files")
            return true
        }
        if case .download(_, .some, let user?) = parsed, privates?.isOpen(user) != true {
            refuse("There is no private session with \(user) · /startprivate \(user) opens one")
            return true
        }
        // Who speaks to one person may think that a file goes to that person.
        if case .register = parsed, channel.isPrivate, options.serves != .nobody, room.heldLine != line {
            with(channel) { $0.heldLine = line }
            let whom = options.serves == .everyone ? "everyone" : "all whom you have verified"
            refuse(
                "Not for \(room.partner?.text ?? "one") alone: \(whom) can fetch it · Enter again offers it",
                short: ["To \(whom)! Enter offers it", "Not private! Enter"])
            return true
        }
        acceptLine()
        lastTicket += 1
        let ticket = UserTicket(number: lastTicket)
        guard let input = parsed.input(ticket) else {
            listTransfers(at: now)
            return true
        }
        if fileRooms.count < Self.pendingBound { fileRooms[ticket] = channel }
        effects.append(.sharing(input))
        return true
    }

    private mutating func listTransfers(at now: Moment) {
        // About what a line of a room holds beside time and name.
        let width = max(20, (layout.everyone ?? layout.conversation)?.width ?? size.width) - 18
        let lines = transfers.map { Sanitizer.line(TransferLine.text($0, width: width, columns: DisplayWidth.cells)) }
        let words = lines.isEmpty ? "No transfers. /download NAME fetches a file, /register FILE offers one" : lines.joined(separator: "\n")
        note(.notice(words), in: channel, at: now)
    }

    /// Those that have a line of their own on the screen: what is not over.
    var shownTransfers: [ListedTransfer] { transfers.filter { !$0.status.isOver && !$0.status.isPaused } }

    // MARK: Joining

    mutating func sharing(_ output: SharingOutput, at now: Moment) {
        if case .tell(let news) = output { return learn(news, at: now) }
        lastTicket += 1
        if let input = desk?.ask(output, Ticket(number: lastTicket)) { tell(input, at: now) }
    }

    /// Tells the files' side whom the user trusts now.
    mutating func updateServing() {
        guard options.serves == .verified, desk != nil else { return }
        effects.append(.sharing(.serve(options.serves.rule(privates?.book))))
    }

    private mutating func learn(_ news: SharingNews, at now: Moment) {
        if case .transfers(let list) = news {
            transfers = list
            return
        }
        guard let text = FileText(news, serves: options.serves, sign: "/") else { return }
        remember(news)
        let room = room(for: news)
        let words = text.words
        if case .registering(let ticket, _, _) = news { return showReading(words, for: ticket, in: room, at: now) }
        // What came of it stands in its place.
        if let ticket = news.answered, let reading = readings.removeValue(forKey: ticket) { with(room) { $0.log.remove(reading) } }
        switch text.kind {
        case .answer, .notice: note(.notice(words), in: room, at: now)
        case .refusal, .fault: note(.fault(words), in: room, at: now)
        }
    }

    /// Files that can be named in a command, for completion.
    private mutating func remember(_ news: SharingNews) {
        switch news {
        case .found(_, _, let findings): foundFiles.add(findings.map { FileDesignation(name: $0.file.name) })
        case .choose(_, _, let designations): foundFiles.add(designations)
        case .registered(_, let file): ownFiles.add([FileDesignation(name: file.name)])
        case .withdrawn(_, let file): ownFiles.remove(FileDesignation(name: file.name))
        default: break
        }
    }

    /// How far a file is read: one line, changed in place.
    private mutating func showReading(_ words: String, for ticket: UserTicket, in room: Channel, at now: Moment) {
        let known = readings[ticket]
        let number = with(room) { room -> Log.Number in
            guard let known, var entry = room.log[known] else { return room.log.append(Entry(.notice(words), at: now.wall)) }
            entry.content = .notice(words)
            entry.wrapped = nil
            room.log[known] = entry
            return known
        }
        readings[ticket] = number
    }

    /// The room in which the command was given that this is about.
    private mutating func room(for news: SharingNews) -> Channel {
        if case .registering(let ticket, _, _) = news { return fileRooms[ticket] ?? .everyone }
        if let ticket = news.answered {
            let room = fileRooms.removeValue(forKey: ticket) ?? .everyone
            if let number = news.transfer { transferRooms[number] = room }
            return room
        }
        guard let number = news.transfer else { return .everyone }
        return (news.overTransfer == nil ? transferRooms[number] : transferRooms.removeValue(forKey: number)) ?? .everyone
    }
}
