package import ChatPeer
package import ChatProtocol

/// The client without a screen, as a value: lines in, lines out. One reply is awaited before the next line is taken, so that what
/// comes out is in order.
///
/// It knows nothing of descriptors; ``runLineMode(_:session:privates:mailbox:perform:performPeer:clock:)`` is the shell around it.
package struct LineMode: Sendable {
    package enum Input: Equatable, Sendable {
        /// A line from the user, without its newline. Comes only while ``LineMode/wantsLine``.
        case line(String)
        /// From a script only while ``LineMode/wantsLine``, after all its lines; from a person at any time.
        case endOfInput
        /// Ctrl-C on an empty line.
        case interrupt
        /// Log out without delay: a signal came, or nobody reads the output any more.
        case leave
        case news(SessionNews)
        /// From the links to other clients; and what was to be told when everything printed had been written.
        case peer(PeerInput)
        /// From the files' side: `ask`, `introduce` and `tell`.
        case sharing(SharingOutput)
        /// From the local history.
        case history(HistoryNews)
        case tick
    }

    package enum Output: Equatable, Sendable {
        /// A line for standard output.
        case print(String)
        /// A line for standard error.
        case notice(String)
        case session(SessionInput)
        /// For the links to other clients; `ask` and `tell` never.
        case peer(PeerOutput)
        /// For the files' side.
        case sharing(SharingInput)
        /// For the local history.
        case history(HistoryDeed)
        /// For the session, or for ``Input/peer(_:)``, when everything printed so far has been written.
        case afterOutput(ClientInput)
        /// Write what is left, then end. Nothing follows.
        case exit(LineExit)
    }

    package struct Prompt: Equatable, Sendable {
        package var text: String
        package var isHidden: Bool

        package init(text: String, isHidden: Bool) {
            self.text = text
            self.isHidden = isHidden
        }
    }

    package struct Settings: Sendable {
        package var host: String
        package var port: UInt16
        /// Given beforehand; asked for if not.
        package var userName: String?
        package var password: String?
        /// A person types; otherwise a script drives.
        package var isInteractive: Bool
        package var isOutputTerminal: Bool
        /// What the user would run to accept the server's certificate, up to its fingerprint.
        package var trustCommand: String
        /// Where the times are read that a person is shown.
        package var timeZone: TimeZone
        /// What `~` stands for at the beginning of a path.
        package var home: String?
        package var serves: ServeSetting

        package init(
            host: String, port: UInt16, userName: String? = nil, password: String? = nil, isInteractive: Bool, isOutputTerminal: Bool,
            trustCommand: String, timeZone: TimeZone = .local, home: String? = nil, serves: ServeSetting = .everyone
        ) {
            self.host = host
            self.port = port
            self.userName = userName
            self.password = password
            self.isInteractive = isInteractive
            self.isOutputTerminal = isOutputTerminal
            self.trustCommand = trustCommand
            self.timeZone = timeZone
            self.home = home
            self.serves = serves
        }
    }

    enum Stage: Equatable, Sendable {
        case askingName, askingPassword
        /// Connecting, logging in, or waiting to be able to.
        case loggingIn
        /// The person is asked whether to trust the server.
        case confirming(fingerprint: String)
        case ready
        /// A command waits for its reply.
        case awaiting(Ticket, Command)
        /// A command waits for another client, until this uptime.
        case awaitingPeer(PeerWait, until: UInt64)
        /// A command about files waits, until this uptime.
        case awaitingFile(FileWait, until: UInt64)
        /// So many answers of the local history are awaited, with what is removed by now.
        case forgetting(Int, lines: Int?)
        /// Before logging out, everything that the server sent before this reply is to be printed and acknowledged.
        case settling(Ticket)
        case leaving
        case over
    }

    enum PeerWait: Equatable, Sendable {
        case start(UserName)
        case line(PeerTicket)
    }

    /// A script's connection may be gone so long, in nanoseconds.
    static let patience = 30 * Moment.second

    /// A full mailbox in the smallest portions that make sense.
    static let settlingBound = 200

    static let quietEnough = 2

    /// How long a person waits for a private session to open, and anyone for a line to arrive, before the next command is taken.
    static let peerPatience = 15 * Moment.second

    let settings: Settings
    var stage: Stage = .askingName
    /// `nil` if this client takes no private sessions.
    var privates: PrivateSessions?
    var introductions = Introductions()
    /// `nil` if this client shares no files.
    var desk: SharingDesk?
    /// How the transfers stand, as far as is known.
    var transfers: [ListedTransfer] = []
    /// The command that gives a transfer up, while that is awaited.
    var fileTicket: UserTicket?
    var name = ""
    /// The time of the input that is being handled.
    var now = Moment(uptime: 0, wall: Timestamp(milliseconds: 0))
    var outputs: [Output] = []
    var lastTicket: Int64 = 0
    /// Since when there has been no connection after there was one, as uptime.
    var lostAt: UInt64?
    var hasBeenOnline = false
    var wasRefused = false
    var wasInterrupted = false
    /// How often a reply was awaited before logging out, and how often in a row no direct message came before it.
    var settlings = 0
    var quietRounds = quietEnough

    /// - Parameter privates: not used before.
    package init(_ settings: Settings, privates: PrivateSessions? = nil, hasFiles: Bool = false) {
        self.settings = settings
        self.privates = privates
        desk = hasFiles ? SharingDesk() : nil
    }

    /// What to do before any input.
    package mutating func start() -> [Output] {
        collect { mode in
            guard let name = mode.settings.userName else { return }
            mode.named(name)
        }
    }

    package mutating func handle(_ input: Input, at now: Moment) -> [Output] {
        guard stage != .over else { return [] }
        self.now = now
        return collect { mode in
            switch input {
            case .line(let line): mode.took(line)
            case .endOfInput: mode.inputEnded()
            case .interrupt: mode.interrupted()
            case .leave: mode.leave()
            case .news(let news): mode.learned(news, at: now)
            case .peer(let input): mode.peer(input)
            case .sharing(let output): mode.sharing(output)
            case .history(let news): mode.learned(news)
            case .tick: mode.tick(at: now)
            }
        }
    }

    /// Whether a line, or the end of input, would be taken now.
    package var wantsLine: Bool {
        switch stage {
        case .askingName, .askingPassword, .confirming: true
        case .ready: settings.isInteractive || !isCutOff
        case .loggingIn, .awaiting, .awaitingPeer, .awaitingFile, .forgetting, .settling, .leaving, .over: false
        }
    }

    /// What to ask a person for; `nil` while there is nothing to ask.
    package var prompt: Prompt? {
        switch stage {
        case .askingName: Prompt(text: LineTexts.userPrompt, isHidden: false)
        case .askingPassword: Prompt(text: LineTexts.passwordPrompt, isHidden: true)
        case .confirming: Prompt(text: LineTexts.trustPrompt, isHidden: false)
        case .ready, .awaiting, .awaitingPeer, .awaitingFile, .forgetting: Prompt(text: LineTexts.commandPrompt, isHidden: false)
        case .loggingIn, .settling, .leaving, .over: nil
        }
    }

    /// Whether what is typed now are commands, which may be called back.
    package var takesCommands: Bool {
        switch stage {
        case .ready, .awaiting, .awaitingPeer, .awaitingFile, .forgetting: true
        default: false
        }
    }

    /// When a ``Input/tick`` is wanted, as uptime.
    package var nextWake: UInt64? {
        guard stage != .over else { return nil }
        return [givingUp, waitDeadline, privates?.nextWake].compactMap(\.self).min()
    }

    /// There is nobody to talk to: the server is gone, and neither a private session nor a download goes on without it.
    private var isCutOff: Bool {
        if case .awaitingFile(.transfer, _) = stage { return false }
        return lostAt != nil && privates?.openSessions.isEmpty ?? true
    }

    /// When a script ends because the server did not come back.
    private var givingUp: UInt64? { settings.isInteractive || !isCutOff ? nil : lostAt?.later(by: Self.patience) }

    private var waitDeadline: UInt64? {
        switch stage {
        case .awaitingPeer(_, let deadline), .awaitingFile(_, let deadline): deadline
        default: nil
        }
    }

    private mutating func collect(_ body: (inout LineMode) -> Void) -> [Output] {
        body(&self)
        defer { outputs = [] }
        return outputs
    }

    mutating func say(_ line: String) { outputs.append(.print(line)) }

    mutating func notice(_ line: String) { outputs.append(.notice(line)) }

    mutating func exit(_ status: LineExit) {
        // Said now, while there is somebody to hear what did not arrive.
        stage = .leaving
        peer(.quit)
        stage = .over
        outputs.append(.exit(status))
    }

    private mutating func tick(at now: Moment) {
        if let givingUp, givingUp <= now.uptime {
            notice(LineTexts.gaveUp)
            exit(.unreachable)
            return
        }
        peer(.tick)
        if let waitDeadline, waitDeadline <= now.uptime {
            stopWaiting()
            stopWaitingForFile()
        }
    }
}
