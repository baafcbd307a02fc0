import ChatPeer
import ChatProtocol

/// Lines that begin with a slash.
extension Model {
    /// Commands of the full screen alone, and other names for those that all clients have.
    static let localCommands: [(name: String, arguments: String, words: String)] = [
        ("msg", "USER TEXT", "as /message; without TEXT it opens the conversation"),
        ("close", "", "close this conversation"),
        ("clear", "", "clear the pane and keep the lines: scrolling up brings them back"),
        ("search", "WORDS", "look for words in all conversations that this machine keeps"),
        ("set", "[KEY [VALUE]]", "list the settings, or change one: /set theme light, /set bind Ctrl-O zoom"),
        ("reload", "", "read the settings again"),
        ("status", "", "how the connections stand, and how quickly they answer"),
        ("quit", "", "as /logout"),
    ]

    private static let aboutPartner: Set<String> = ["startprivate", "stopprivate", "verify", "acceptkey", "unblock"]

    /// Runs a line, or refuses it with a word about it.
    mutating func runLine(_ line: String, at now: Moment) {
        var command = String(line.dropFirst())
        let name = firstWord(of: command)
        if name == "msg" { command = "message" + command.dropFirst(3) }
        let words = command.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
        if words.first == "message", words.count == 2 {
            guard let user = UserName(words[1]), user != me else {
                return refuse(
                    words[1] == me?.text ? "That is you" : nobody(called: words[1]),
                    short: words[1] == me?.text ? [] : nobodyShort(called: words[1]))
            }
            return converse(with: user, line, at: now)
        }
        switch (name, words.count) {
        case ("quit", 1): return quit(line, at: now)
        case ("set", _): return runSet(String(command.dropFirst(3)), at: now)
        case ("search", _): return openFinder(words.dropFirst().joined(separator: " "))
        case ("reload", 1):
            acceptLine()
            effects.append(.settings(.read))
            return
        case ("status", 1): return showStatus(at: now)
        case ("close", 1): return closeConversation(at: now)
        case ("clear", 1): return clearPane()
        case ("block", 1): return askWhomToBlock(line, at: now)
        case ("help", 2...): return openHelp(on: words.dropFirst().joined(separator: " "))
        default: break
        }
        // In a conversation these are about the other side unless they say otherwise.
        if let partner = room.partner, words.count == 1 || words == ["verify", "yes"], Self.aboutPartner.contains(name) {
            command = ([name, partner.text] + words.dropFirst()).joined(separator: " ")
        }
        switch CommandParser.parse(command) {
        case .success(let parsed): run(parsed, line, at: now)
        case .failure(.unknown("")):
            refuse(
                "A command follows the / · \(key(.complete)) goes through them · \(key(.help)) explains them",
                short: ["A command follows · \(key(.help)) lists them", "\(key(.help)) lists commands"])
        case .failure(.unknown(let name)):
            if let remedy = FirstTry(name)?.remedy(help: key(.help), quit: key(.interrupt)) { return refuse(remedy) }
            if let foreign = ForeignCommand(name) {
                let remedy = foreign.remedy(name: name, switcher: key(.switcher), first: key(.conversation(1)))
                return refuse("\(remedy.words) · a space before it makes it text", short: [remedy.words, remedy.short])
            }
            let advice = CommandAdvice.words(.unknown(name), among: Self.commandNames, sign: "/")
            let nearest = CommandAdvice.nearest(to: name, among: Self.commandNames)
            let question = nearest.first.map { ["No such command · /\($0)?", "/\($0)?"] } ?? ["No such command"]
            refuse("\(advice) · \(key(.help)) lists them · a space before it makes it text", short: [advice] + question)
        case .failure(let fault): refuse(CommandAdvice.words(fault, among: Self.commandNames, sign: "/"))
        }
    }

    private mutating func run(_ command: Command, _ line: String, at now: Moment) {
        let here = channel
        if runFileCommand(command, line, at: now) { return }
        switch command {
        case .message(let name, let text):
            guard let user = user(name) else { return }
            guard user != me else { return refuse("That is you") }
            guard MessageText.fault(in: text) == nil else { return refuse("/message USER TEXT") }
            acceptLine()
            let index = conversation(with: user)
            // Shown at once, but text keeps going where it went.
            if textPane != .conversations { active = index }
            say(text, in: .direct(user), at: now)
        case .broadcast(let text):
            guard MessageText.fault(in: text) == nil else { return refuse("/broadcast TEXT") }
            acceptLine()
            say(text, in: .everyone, at: now)
        case .whoelse:
            acceptLine()
            ask(.whoelse, .command(.whoelse, here), at: now)
        case .whoelsesince(let seconds):
            guard let number = Double(seconds), number > 0, number.isFinite else {
                return refuse("/whoelsesince SECONDS: not a positive number")
            }
            acceptLine()
            ask(.whoelsesince(seconds: number), .command(.whoelsesince(seconds), here), at: now)
        case .block(let name):
            guard let user = user(name) else { return }
            acceptLine()
            ask(.block(user), .command(.block(name), here), at: now)
        case .unblock(let name):
            guard let user = user(name) else { return }
            acceptLine()
            ask(.unblock(user), .command(.unblock(name), here), at: now)
        case .startprivate(let name):
            guard let user = user(name) else { return }
            startPrivate(with: user, at: now)
        case .private(let name, let text):
            guard let user = user(name) else { return }
            guard MessageText.fault(in: text) == nil else { return refuse("/private USER TEXT") }
            sayPrivately(text, to: user, at: now)
        case .stopprivate(let name):
            guard let user = user(name) else { return }
            stopPrivate(with: user, at: now)
        case .verify(let name, let isConfirmed):
            guard let user = user(name) else { return }
            verify(user, isConfirmed: isConfirmed, at: now)
        case .acceptkey(let name):
            guard let user = user(name) else { return }
            acceptKey(of: user, at: now)
        case .register, .withdraw, .searchfile, .searchchunk, .download, .downloadChunk, .transfers: break
        case .forget(let target, let isConfirmed): runForget(target, isConfirmed: isConfirmed, line, at: now)
        case .passwd(let old, let new):
            with(here) { room in
                room.editor.clear()
                room.editor.forgetKills()
            }
            ask(.passwd(old: old, new: new), .command(.passwd(new: new), here), at: now)
        case .logout: quit(line, at: now)
        case .help: openHelp()
        }
    }

    /// Leaves, but asks once if lines would be lost.
    private mutating func quit(_ line: String, at now: Moment) {
        guard waitingLines == 0 || room.heldLine == line else {
            with(channel) { $0.heldLine = line }
            return refuse(
                unsentWords + "Enter again quits", short: ["\(waitingLines) not sent · Enter again quits", "Not sent! Enter: quit"])
        }
        acceptLine()
        leave(at: now)
    }

    /// Nobody is blocked by a command that was sent too early.
    private mutating func askWhomToBlock(_ line: String, at now: Moment) {
        guard let partner = room.partner else { return refuse("/block USER") }
        guard room.heldLine == line else {
            with(channel) { $0.heldLine = line }
            return refuse("/block USER · Enter again blocks \(partner)", short: ["Enter blocks \(partner)", "/block USER"])
        }
        run(.block(partner.text), line, at: now)
    }

    private mutating func clearPane() {
        acceptLine()
        with(channel) { $0.log.hideAll() }
    }

    private mutating func closeConversation(at now: Moment) {
        guard textPane == .conversations, conversations.indices.contains(active) else {
            return refuse(
                "/close closes a conversation: \(key(.focus(.conversations))) goes there", short: ["No conversation here to close"])
        }
        let hasQueued = pending.values.contains { if case .line(channel, _) = $0 { true } else { false } }
        guard !hasQueued else { return refuse("A line here is not sent yet") }
        if case .private(let user) = channel {
            guard waitingPrivateLines(to: user) == 0 else { return refuse("A line here has not arrived yet") }
            peer(.stop(user), at: now)
        }
        removeConversation(at: active)
    }

    mutating func refuse(_ words: String, short: [String] = []) { hint = Hint(text: words, isFault: true, short: short) }

    private mutating func user(_ name: String) -> UserName? {
        guard let user = UserName(name) else {
            refuse(nobody(called: name), short: nobodyShort(called: name))
            return nil
        }
        return user
    }
}
