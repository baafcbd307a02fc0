import ChatProtocol

/// A conversation is to be opened with somebody whose name is not known here: the server is asked first whether there is such an account.
struct Inquiry: Sendable {
    let ticket: Ticket
    let user: UserName
    /// Where the line was typed.
    let channel: Channel
}

extension Model {
    /// Names that have been met: of who is online, of conversations, and of who has spoken.
    var knownNames: Set<UserName> {
        var names = Set(roster.names)
        for room in conversations where room.existence != .none { if let partner = room.partner { names.insert(partner) } }
        for case .other(let name)? in everyone.log.entries.lazy.map(\.speaker) { names.insert(name) }
        return names
    }

    /// ` · hans?` behind the news that there is nobody of that name; nothing if no name is near.
    func suggestion(for name: String) -> String {
        let names = knownNames.filter { $0 != me }.sorted().map(\.text)
        let nearest = Nearest.words(to: Sanitizer.line(name), in: names.lazy.filter { $0 != name })
        return nearest.isEmpty ? "" : " · \(Nearest.question(nearest))"
    }

    /// The same for narrow screens, the name that was probably meant first.
    func nobodyShort(called name: String) -> [String] {
        let suggestion = suggestion(for: name)
        return suggestion.isEmpty ? ["No such user"] : ["No such user" + suggestion, String(suggestion.dropFirst(3))]
    }

    func nobody(called name: String) -> String {
        "Nobody here is called \(DisplayWidth.truncated(Sanitizer.line(name), width: 32))\(suggestion(for: name))"
    }

    /// Opens the conversation with somebody who is known at once; with others when the server has said that there is such an account, or,
    /// where it cannot be asked, when the user says so again.
    mutating func converse(with user: UserName, _ line: String, at now: Moment) {
        if knownNames.contains(user) || room.heldLine == line && !isOnline {
            acceptLine()
            return open(with: user)
        }
        guard isOnline else {
            with(channel) { $0.heldLine = line }
            return refuse(
                "\(user) is not known here, and the server is away · Enter again goes on", short: ["Unknown · Enter again goes on"])
        }
        // One at a time.
        _ = giveUpInquiry()
        let here = channel
        // The line goes at once, so that what is typed while the server thinks does not end up behind it.
        acceptLine()
        inquiry = Inquiry(ticket: Ticket(number: lastTicket + 1), user: user, channel: here)
        hint = Hint(text: "Asking the server whether there is a \(user)…", short: ["Asking for \(user)…"])
        // Nobody can be sent nothing: that there is no such account comes first among the server's reasons.
        ask(.message(to: user, text: "", key: nil), .existence(user), at: now)
    }

    /// Whether Enter has to wait: what is typed now may be meant for the conversation that opens.
    mutating func isAwaitingInquiry() -> Bool {
        guard let inquiry, inquiry.channel == channel else { return false }
        refuse(
            "The server is still asked whether there is a \(inquiry.user) · \(key(.interrupt)) gives that up",
            short: ["Asking · \(key(.interrupt)) gives up"])
        return true
    }

    mutating func takeExistence(_ reply: Reply?, of user: UserName, _ ticket: Ticket, at now: Moment) {
        guard let asked = inquiry, asked.ticket == ticket else { return }
        guard case .message(let status, _)? = reply else { return giveBack("The server could not say whether there is a \(user)") }
        guard status != .userNotExist else { return giveBack(nobody(called: user.text), short: nobodyShort(called: user.text)) }
        inquiry = nil
        hint = nil
        let index = conversation(with: user)
        conversations[index].existence = .certain
        // Nobody is torn from elsewhere.
        guard asked.channel == channel, screen == .main, overlay == nil else {
            hint = Hint(text: "The conversation with \(user) is open")
            return
        }
        // What was typed meanwhile was meant for it.
        let draft = room.editor.text
        if !draft.isEmpty, conversations[index].editor.isEmpty {
            with(channel) { $0.editor.clear() }
            conversations[index].editor.set(draft)
        }
        open(index)
    }

    /// Ends what waits for the server's word. The line is where every refused line is, in the history of where it was typed.
    mutating func giveBack(_ words: String, short: [String] = []) {
        guard inquiry != nil else { return }
        inquiry = nil
        refuse(words + " · \(lineIsBack)", short: [words] + short)
    }

    /// How to have a refused line again.
    var lineIsBack: String { "\(isSpoken ? "Up" : "↑") brings the line back" }

    /// Whether there was something to give up.
    mutating func giveUpInquiry() -> Bool {
        guard let user = inquiry?.user else { return false }
        giveBack("Not asked any more whether there is a \(user)")
        return true
    }

    /// Takes a conversation away that a command has begun with nobody, if its line is all that is in it.
    mutating func dropNobody(_ user: UserName) {
        let channel = Channel.direct(user)
        guard channel != self.channel, let index = conversations.firstIndex(where: { $0.channel == channel }),
            conversations[index].editor.isEmpty, conversations[index].log.entries.count == 1
        else { return }
        removeConversation(at: index)
        let words = "Not sent · " + nobody(called: user.text)
        refuse("\(words) · \(lineIsBack)", short: [words, nobody(called: user.text)] + nobodyShort(called: user.text))
    }

    // MARK: Talking to one before everyone

    /// Who is called at the beginning of a line, as in `@hans hi`; `nil` if that is nobody who is known.
    func called(by line: String) -> UserName? {
        guard line.first == "@" else { return nil }
        var word = line.dropFirst().prefix { !$0.isWhitespace }
        while let last = word.last, ",:;!?".contains(last) { word.removeLast() }
        guard let name = UserName(word), name != me, knownNames.contains(name) else { return nil }
        return name
    }
}
