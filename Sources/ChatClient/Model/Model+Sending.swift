import ChatPeer
import ChatProtocol

/// Enter, and what becomes of the line.
extension Model {
    mutating func enter(at now: Moment) {
        let line = room.editor.text
        let here = channel
        finding = nil
        // Held back, it goes now or is refused.
        let wasHeld = room.heldLine == line
        hint = nil
        runEnter(at: now)
        if hint?.isFault == true { takeRefused(line, from: here, wasHeld: wasHeld) }
    }

    /// What was refused leaves the line, so that nothing typed next is glued to it; as after everything that was run, Up brings it back. A
    /// line that only waits for another Enter stays.
    private mutating func takeRefused(_ line: String, from channel: Channel, wasHeld: Bool) {
        guard !line.isEmpty, inquiry?.channel != channel, var words = hint else { return }
        let isTaken = with(channel) { room in
            guard room.editor.text == line, wasHeld || room.heldLine != line else { return false }
            room.heldLine = nil
            if SecretLine.hides(line) {
                room.editor.clear()
                room.editor.forgetKills()
                return false
            }
            _ = room.editor.handle(.enter)
            return true
        }
        guard isTaken == true else { return }
        // Where there is no room for all, how to go on is worth more than the details.
        words.short = words.short.prefix(1).map { "\($0) · \(lineIsBack)" } + [words.text] + words.short
        words.text += " · " + lineIsBack
        hint = words
    }

    private mutating func runEnter(at now: Moment) {
        switch session.phase {
        // A private session needs no server.
        case _ where isInPrivateSession(channel) && !room.editor.isEmpty: break
        case .ended:
            if isQuit(room.editor.text) { return runLine(room.editor.text, at: now) }
            // The line stays; Enter only logs in.
            if let me { tell(.login(name: me, password: password), at: now) }
            return
        case .waiting where room.editor.isEmpty:
            tell(.reconnectNow, at: now)
            return
        default: break
        }
        if isAwaitingInquiry() { return }
        let line = room.editor.text
        guard MessageText.fault(in: line) == nil else { return }
        if line.hasPrefix("/") {
            runLine(line, at: now)
            return
        }
        if looksLikeCommand(line), room.heldLine != line {
            with(channel) { $0.heldLine = line }
            return refuse(
                "A command? Enter again says this \(destination), a / before it runs it",
                short: ["A command? / before it · Enter: said", "Command? Enter: said"])
        }
        if let remedy = FirstTry(line)?.remedy(help: key(.help), quit: key(.interrupt)), room.heldLine != line {
            with(channel) { $0.heldLine = line }
            refuse("\(remedy) · Enter again says this \(destination)", short: ["\(remedy) · Enter: said"])
            return
        }
        if channel == .everyone, !knowsAllHear, let user = called(by: line) {
            guard room.heldLine == line else {
                with(channel) { $0.heldLine = line }
                return refuse(
                    "Everyone reads this · /msg \(user) is for one alone · Enter again sends it",
                    short: ["All read this · Enter again sends it", "To all? Enter again"])
            }
            knowsAllHear = true
        }
        if case .direct(let user) = channel, privates?.isOpen(user) == true, !room.isBesidePrivate, room.heldLine != line {
            with(channel) { $0.heldLine = line }
            return refuse(
                "Private: \(whereToFind(.private(user))) · Enter again sends this through the server",
                short: ["Not private here · Enter again sends", "Not private: Enter"])
        }
        if case .private(let user) = channel {
            sayPrivately(line, to: user, at: now)
        } else {
            if case .direct(let user) = channel, privates?.isOpen(user) == true { with(channel) { $0.isBesidePrivate = true } }
            acceptLine()
            say(line, in: channel, at: now)
        }
    }

    /// The key that goes to a conversation.
    func whereToFind(_ channel: Channel) -> String {
        let index = conversations.firstIndex { $0.channel == channel } ?? 9
        return index < 9 ? key(.conversation(index + 1)) : key(.nextConversation)
    }

    /// Takes the line off the editor, into its history.
    mutating func acceptLine() {
        with(channel) { room in
            room.heldLine = nil
            // What comes of it is at the end.
            room.leavePast()
            room.log.anchor = nil
            _ = room.editor.handle(.enter)
        }
    }

    /// Puts an own line into its room and on its way.
    mutating func say(_ text: String, in channel: Channel, at now: Moment) {
        var entry = Entry(.said(by: .me, text: Sanitizer.body(text)), at: now.wall)
        entry.delivery = .queued
        entry.typed = text
        let number = with(channel) { room in
            room.log.anchor = nil
            room.log.newLine = nil
            return room.log.append(entry)
        }
        if let number { send(number, text, in: channel, at: now) }
    }

    private mutating func send(_ number: Log.Number, _ text: String, in channel: Channel, at now: Moment) {
        let request: Request
        switch channel {
        case .everyone: request = .broadcast(text: text, key: nil)
        case .direct(let name): request = .message(to: name, text: text, key: nil)
        // It never goes through the server.
        case .private: return
        }
        ask(request, .line(channel, number), at: now)
    }

    /// Sends a request; its answer will be about `subject`.
    mutating func ask(_ request: Request, _ subject: Pending, at now: Moment) {
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        pending[ticket] = subject
        guard pending.count <= Self.pendingBound else {
            fail(ticket, .queueFull, at: now)
            return
        }
        lastCommand = now.uptime
        tell(.request(request, ticket), at: now)
    }

    /// Sends the newest failed line of the room once more.
    mutating func retry(at now: Moment) {
        let entries = room.log.entries
        guard
            let index = entries.lastIndex(where: { if case .failed = $0.delivery { $0.typed != nil } else { false } }),
            let text = entries[index].typed
        else {
            hint = Hint(text: "No line has failed here")
            return
        }
        let number = entries[index].number
        let channel = channel
        with(channel) { $0.log[number]?.delivery = .queued }
        if case .private(let user) = channel { return retry(entries[index], to: user, at: now) }
        send(number, text, in: channel, at: now)
    }

    /// Own lines that the server has not confirmed.
    var waitingLines: Int { pending.values.count { if case .line = $0 { true } else { false } } + waitingPrivateLines }

    /// What would be lost by leaving now, before the words how to leave.
    var unsentWords: String {
        switch waitingLines {
        case 0: ""
        case 1: "1 line is not sent yet · "
        case let count: "\(count) lines are not sent yet · "
        }
    }

    private func isQuit(_ line: String) -> Bool {
        let words = line.split { $0 == " " || $0 == "\n" }
        return line.hasPrefix("/") && (words == ["/quit"] || words == ["/logout"])
    }

    // MARK: Commands typed without their slash

    /// `to everyone`, `to yoda`
    var destination: String {
        switch channel {
        case .everyone: "to everyone"
        case .direct(let name): "to \(name)"
        case .private(let name): "to \(name), private"
        }
    }

    /// Whether the line is a whole command of line mode, where those that people have in their fingers have no slash; big letters make no
    /// difference. Where a name belongs there is one that is known, or nearly: other text may begin with the same words.
    private func looksLikeCommand(_ line: String) -> Bool {
        if SecretLine.hides(line) { return true }
        let words = line.split { $0 == " " || $0 == "\n" }
        guard let first = words.first else { return false }
        let name = firstWord(of: String(first)).lowercased()
        switch name {
        case "whoelse", "logout", "help", "quit": return words.count == 1
        case "whoelsesince": return words.count == 2 && Double(words[1]).map { $0 > 0 } == true
        case "broadcast": return words.count > 1
        case "block", "unblock", "startprivate", "stopprivate": return words.count == 2 && isName(words[1])
        case "message", "msg", "private": return words.count > 2 && (isName(words[1]) || isNearName(words[1]))
        default: return false
        }
    }

    private func isName(_ word: Substring) -> Bool {
        guard let name = UserName(word) else { return false }
        return name == me || knownNames.contains(name)
    }

    /// What is for one person must not go to everyone for a slip of the fingers.
    private func isNearName(_ word: Substring) -> Bool {
        !Nearest.words(to: word, in: knownNames.lazy.filter { $0 != me }.map(\.text)).isEmpty
    }
}

/// The first word of a line, without a slash.
func firstWord(of line: String) -> String {
    String((line.hasPrefix("/") ? line.dropFirst() : line[...]).prefix { $0 != " " && $0 != "\n" })
}

/// Lines that hold a password, with or without the slash: not shown while they are typed and not kept.
enum SecretLine {
    static func hides(_ line: some Collection<Character>) -> Bool {
        let start = line.drop { $0 == "/" || $0.isWhitespace }
        // Asked for with every key: most lines are told by their first letter.
        guard let first = start.first?.utf8.first, first | 0x20 == UInt8(ascii: "p"), start.count > 6,
            String(start.prefix(6)).lowercased() == "passwd"
        else { return false }
        return start[start.index(start.startIndex, offsetBy: 6)].isWhitespace
    }
}
