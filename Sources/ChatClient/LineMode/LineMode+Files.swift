import ChatPeer
import ChatProtocol

/// Files: their commands, and what is told about them.
extension LineMode {
    /// What a command about files waits for.
    enum FileWait: Equatable, Sendable {
        case answer(UserTicket)
        /// The end of a transfer. It is given up waiting for when nothing has come for ``filePatience``.
        case transfer(Int, done: UInt64)
    }

    static let filePatience = 120 * Moment.second

    // MARK: Commands

    /// Returns `false` for a command that is not about files.
    mutating func runFileCommand(_ command: Command) -> Bool {
        let parsed: FileCommand
        do throws(FileCommandFault) {
            guard let command = try FileCommand(command, home: settings.home) else { return false }
            parsed = command
        } catch {
            refuse(LineTexts.error(error.words))
            return true
        }
        guard desk != nil else {
            refuse(LineTexts.filesOff)
            return true
        }
        if case .download(_, .some, let user?) = parsed, privates?.isOpen(user) != true {
            refuse(LineTexts.privateNotEnabled(user.text))
            return true
        }
        let ticket = UserTicket(number: nextTicket().number)
        guard let input = parsed.input(ticket) else {
            listTransfers()
            return true
        }
        // A large file takes long to read, and a person has other things to do meanwhile.
        let isLong = if case .register = parsed { true } else { false }
        if case .end(let number) = parsed {
            stage = .awaitingFile(.transfer(number, done: 0), until: .max)
            fileTicket = ticket
        } else if !isLong || !settings.isInteractive {
            stage = .awaitingFile(.answer(ticket), until: .max)
        }
        outputs.append(.sharing(input))
        return true
    }

    private mutating func listTransfers() {
        if transfers.isEmpty { say(LineTexts.noTransfers) }
        for transfer in transfers {
            let line = TransferLine.text(transfer, width: settings.isOutputTerminal ? 78 : .max, columns: DisplayWidth.cells)
            say(Sanitizer.line(line))
        }
    }

    // MARK: Joining

    mutating func sharing(_ output: SharingOutput) {
        if case .tell(let news) = output { return learned(news) }
        let ticket = nextTicket()
        if let input = desk?.ask(output, ticket) { outputs.append(.session(input)) }
    }

    /// Tells the files' side whom the user trusts now.
    mutating func updateServing() {
        guard settings.serves == .verified, desk != nil else { return }
        outputs.append(.sharing(.serve(settings.serves.rule(privates?.book))))
    }

    /// Nothing came for too long: the next command is taken.
    mutating func stopWaitingForFile() {
        guard case .awaitingFile(.transfer(let number, _), _) = stage else { return }
        stage = .ready
        refuse(LineTexts.fileStalled(number))
    }

    // MARK: News

    private mutating func learned(_ news: SharingNews) {
        if case .transfers(let list) = news {
            transfers = list
            if case .awaitingFile(.transfer(let number, let done), until: let deadline) = stage, deadline != .max,
                let status = list.first(where: { $0.number == number })?.status, status.done > done
            {
                stage = .awaitingFile(.transfer(number, done: status.done), until: now.uptime.later(by: Self.filePatience))
            }
            return
        }
        let isAwaited = endWait(news)
        guard let text = FileText(news, serves: settings.serves) else { return }
        defer { if settings.isInteractive, let aside = text.aside { notice(aside) } }
        switch text.kind {
        case .answer: for line in text.lines { say(line) }
        case .refusal:
            refuse(LineTexts.error(text.lines[0]))
            for line in text.lines.dropFirst() { say(line) }
        case .notice: for line in text.lines { if isAwaited { say(line) } else { notice(line) } }
        case .fault: for line in text.lines { if isAwaited { refuse(LineTexts.error(line)) } else { notice(line) } }
        }
    }

    /// Whether a command was waiting for this; it goes on, or is over.
    private mutating func endWait(_ news: SharingNews) -> Bool {
        guard case .awaitingFile(let wait, _) = stage else { return false }
        switch wait {
        case .answer(let ticket):
            guard news.answered == ticket else { return false }
            stage = .ready
            // A script's next line may need the file.
            if !settings.isInteractive, let number = news.isFetching {
                stage = .awaitingFile(.transfer(number, done: 0), until: now.uptime.later(by: Self.filePatience))
            }
            return true
        case .transfer(let number, _):
            guard news.overTransfer == number || news.answered.map({ $0 == fileTicket }) ?? false else { return false }
            stage = .ready
            fileTicket = nil
            return true
        }
    }
}

extension SharingNews {
    /// The transfer that goes on with this answer.
    fileprivate var isFetching: Int? {
        switch self {
        case .begun(_, let number, _), .alreadyFetching(_, let number, _), .resumed(_, let number, _): number
        default: nil
        }
    }
}
