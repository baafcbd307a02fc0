import ChatPeer
import ChatProtocol

/// The user's side: login answers, commands, the end.
extension LineMode {
    mutating func took(_ line: String) {
        wasInterrupted = false
        switch stage {
        case .askingName: named(line.trimmedBlanks)
        case .askingPassword: login(with: line)
        case .confirming(let fingerprint):
            let answer = line.trimmedBlanks.lowercased()
            guard answer == "yes" || answer == "y" else {
                notice(LineTexts.notTrusted)
                exit(.unreachable)
                return
            }
            stage = .loggingIn
            outputs.append(.session(.trust(fingerprint: fingerprint)))
        case .ready: command(line)
        case .loggingIn, .awaiting, .awaitingPeer, .awaitingFile, .forgetting, .settling, .leaving, .over: break
        }
    }

    mutating func named(_ text: String) {
        guard UserName(text) != nil else {
            say(LineTexts.invalidUser)
            if settings.isInteractive, settings.userName != text { return }
            exit(.refused)
            return
        }
        name = text
        stage = .askingPassword
        if let password = settings.password { login(with: password) }
    }

    private mutating func login(with password: String) {
        guard let name = UserName(name) else { return }
        stage = .loggingIn
        outputs.append(.session(.login(name: name, password: password)))
    }

    private mutating func command(_ line: String) {
        if line.trimmedBlanks.isEmpty { return }
        let command: Command
        switch CommandParser.parse(line) {
        case .success(let parsed): command = parsed
        case .failure(let fault):
            refuse(LineTexts.invalidCommand)
            // Scripts read what is wrong in their own source.
            if settings.isInteractive { notice(LineTexts.advice(fault)) }
            return
        }
        if runFileCommand(command) { return }
        switch command {
        case .message(let user, let text): ask(.message(to: UserName(user), text: text, key: nil), command)
        case .broadcast(let text): ask(.broadcast(text: text, key: nil), command)
        case .whoelse: ask(.whoelse, command)
        case .whoelsesince(let text):
            guard let seconds = Double(text), seconds > 0, seconds.isFinite else {
                refuse(LineTexts.invalidCommand)
                return
            }
            ask(.whoelsesince(seconds: seconds), command)
        case .block(let user): ask(.block(UserName(user)), command)
        case .unblock(let user): ask(.unblock(UserName(user)), command)
        case .passwd(let old, let new): ask(.passwd(old: old, new: new), command)
        case .logout: settle()
        case .help: for line in LineTexts.help { say(line) }
        case .startprivate(let user): startPrivate(user)
        case .private(let user, let text): say(text, privatelyTo: user)
        case .stopprivate(let user): stopPrivate(user)
        case .verify(let user, let isConfirmed): verify(user, isConfirmed: isConfirmed)
        case .acceptkey(let user): acceptKey(of: user)
        case .forget(let target, let isConfirmed): forget(target, isConfirmed: isConfirmed)
        case .register, .withdraw, .searchfile, .searchchunk, .download, .downloadChunk, .transfers: break
        }
    }

    private mutating func ask(_ request: Request, _ command: Command) {
        let ticket = nextTicket()
        stage = .awaiting(ticket, command)
        outputs.append(.session(.request(request, ticket)))
    }

    mutating func nextTicket() -> Ticket {
        lastTicket &+= 1
        return Ticket(number: lastTicket)
    }

    /// A command is not carried out, and why.
    mutating func refuse(_ text: String) {
        wasRefused = true
        say(text)
    }

    // MARK: Leaving

    mutating func inputEnded() {
        switch stage {
        case .askingName, .askingPassword:
            if !settings.isInteractive { notice(LineTexts.noLogin) }
            exit(.refused)
        case .confirming: exit(.unreachable)
        case .ready: settle()
        case .loggingIn, .awaiting, .awaitingPeer, .awaitingFile, .forgetting, .settling: leave()
        case .leaving, .over: break
        }
    }

    mutating func interrupted() {
        switch stage {
        case .ready where !wasInterrupted:
            wasInterrupted = true
            notice(LineTexts.interruptHint)
        case .awaitingPeer(.start(let user), _): peer(.stop(user))
        case .awaitingPeer(.line, _), .awaitingFile, .forgetting: stage = .ready
        default: inputEnded()
        }
    }

    mutating func leave() {
        switch stage {
        case .askingName, .askingPassword: exit(.refused)
        case .confirming: exit(.unreachable)
        case .loggingIn, .ready, .awaiting, .awaitingPeer, .awaitingFile, .forgetting, .settling: logout()
        case .leaving, .over: break
        }
    }

    /// The offline messages follow the reply to the login, in portions, each some time after the one before it was acknowledged; and
    /// what is not acknowledged before the logout comes again the next time. So replies are awaited until two in a row come without a
    /// message: the first shows that the last acknowledgement has arrived, the second that no further portion followed it.
    private mutating func settle() {
        settlings += 1
        let ticket = nextTicket()
        stage = .settling(ticket)
        outputs.append(.afterOutput(.session(.request(.ping, ticket))))
    }

    mutating func settled() {
        quietRounds += 1
        // A person does not wait, and a script not for ever, for people who go on writing.
        let isQuiet = quietRounds >= Self.quietEnough || settings.isInteractive || settlings >= Self.settlingBound
        if isQuiet { logout() } else { settle() }
    }

    mutating func logout() {
        stage = .leaving
        if privates != nil { outputs.append(.afterOutput(.peer(.quit))) }
        outputs.append(.afterOutput(.session(.logout)))
    }
}

extension String {
    fileprivate var trimmedBlanks: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
