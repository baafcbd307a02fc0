package import ChatPeer
package import ChatProtocol

/// The full-screen client as a value: everything that the screen shows and the keys change.
///
/// Inputs go in one by one (``update(_:at:)``), effects come out; after any number of them ``render(width:height:now:)`` makes one picture,
/// and ``acknowledge(at:)`` tells the server what has been shown. Nothing here does I/O, and everything is bounded.
package struct Model: Sendable {
    package struct Options: Sendable {
        /// For the login screen.
        package var userName: String?
        /// Logs in at once if there is a name too.
        package var password: String?
        package var host: String
        package var port: UInt16
        package var theme: Theme
        package var timeZone: TimeZone
        /// What `~` stands for at the beginning of a path.
        package var home: String?
        package var serves: ServeSetting
        package var settings = Settings()
        /// What the command line said, which the file does not change.
        package var fixed: [SettingChange] = []
        /// What was wrong in the file at the start.
        package var settingsFaults: [SettingsFile.Fault] = []
        package var settingsPath = ""
        /// The terminal is known to understand links.
        package var knowsLinks = false
        /// What is known of the terminal's background.
        package var background: Background?
        /// Whether there is a local history, should the settings want one.
        package var hasHistory = false

        package init(
            userName: String? = nil, password: String? = nil, host: String, port: UInt16, theme: Theme = Theme(colors: 256),
            timeZone: TimeZone = .local, home: String? = nil, serves: ServeSetting = .everyone
        ) {
            self.userName = userName
            self.password = password
            self.host = host
            self.port = port
            self.theme = theme
            self.timeZone = timeZone
            self.home = home
            self.serves = serves
            settings.serve = serves
        }
    }

    enum Screen: Equatable, Sendable { case login, main }

    /// Conversations kept; the quietest goes when there is one more.
    static let conversationBound = 500
    /// Requests whose answer may be awaited at once.
    static let pendingBound = 1000
    /// What all rooms together may take, in bytes.
    static let memoryBound = 64 << 20

    var options: Options
    var keyMap: KeyMap
    var session: Session
    /// `nil` if this client takes no private sessions.
    var privates: PrivateSessions?
    var introductions = Introductions()

    var screen = Screen.login
    var login: LoginForm
    /// Who is logged in; stays while the connection does not.
    var me: UserName?
    /// For logging in again; changed with /passwd.
    var password = ""
    var everyone = Room(.everyone)
    var conversations: [Room] = []
    /// The conversation that is shown, if there are any.
    var active = 0
    /// The room that Alt-/ goes back to.
    var previous: Channel?
    var roster = Roster()

    var focus = Pane.everyone
    /// Where text goes while the list of users has the focus.
    var textPane = Pane.everyone
    var arrangement = Arrangement()
    /// The divider moves with the mouse.
    var isDragging = false
    /// The conversation that was drawn last.
    var drawnConversation: Channel?
    var backdrop: Backdrop?
    /// Where the tabs were drawn last.
    var tabs = TabStrip()
    /// The user chosen in the list.
    var chosen: UserName?
    /// Something to say until the next key.
    var hint: Hint?
    /// The first line shown of the help; `nil` while it is closed.
    var help: Int?
    /// What is looked for in it.
    var helpWords = ""
    var overlay: Overlay?
    /// What a search through all conversations went to; marked until something else is done.
    var finding: Finding?
    var completion: Completion?
    /// What a folder was asked for, for completion.
    var listing: Listing?
    /// The first key of two that mean something together.
    var prefix: Key?
    /// The room whose draft is in the user's editor.
    var editing: Channel?
    /// Ctrl-C or Ctrl-D was pressed on an empty line and nothing since.
    var isQuitAsked = false
    /// When the login was, as long as no key was pressed since.
    var freshSince: Timestamp?
    /// Whether the terminal is looked at, as far as it tells.
    var hasFocus = true

    var pending: [Ticket: Pending] = [:]
    /// Waits for the server's word.
    var inquiry: Inquiry?
    /// Who was asked for a private session, and where, while there is no room for it yet.
    var privateCalls: [UserName: Channel] = [:]
    /// The user knows that a line with a name before it goes to everyone nevertheless.
    var knowsAllHear = false
    var historyLoad: HistoryLoad?
    var store = Store()
    /// How many bytes came since the rooms were last measured.
    var unmeasured = 0
    /// When the bell rang last, as uptime.
    var lastBell: UInt64?
    var lastTicket: Int64 = 0
    /// The last direct message that came, and the last that the server was told of, by their places in the stream.
    var received: UInt64 = 0
    var acknowledged: UInt64 = 0
    var nextAcknowledgement: UInt64 = 0
    /// It is time, and a draw is to come first.
    var isAcknowledging = false
    /// The last private line of each person, and what they were told of that.
    var privateReceived: [UserName: UInt64] = [:]
    var lastPeerTicket: Int64 = 0
    /// `nil` if this client shares no files.
    var desk: SharingDesk?
    /// How the transfers stand, as the files' side told last.
    var transfers: [ListedTransfer] = []
    /// Where the answers to commands about files go, and what becomes of transfers.
    var fileRooms: [UserTicket: Channel] = [:]
    var transferRooms: [Int: Channel] = [:]
    /// What others offer and what this user does, for completion.
    var foundFiles = FoundFiles()
    var ownFiles = FoundFiles()
    /// Whom this user has blocked, as far as the server's answers have told: at most ``pendingBound``.
    var blocked: Set<UserName> = []
    /// The lines that say how far files are read that are to be offered.
    var readings: [UserTicket: Log.Number] = [:]
    /// When the last command was given, as uptime: inactivity counts from there.
    var lastCommand: UInt64 = 0
    /// Seconds without a command after which the server logs out; 0 for never.
    var timeout = 0
    /// When to leave although the server has not answered the logout.
    var quitDeadline: UInt64?
    /// The exit status of the program, for the state in which it was told to end.
    var exitStatus: Int32 = 0
    /// When the status line will say something else by itself, as uptime.
    var nextChange: UInt64?
    var size = (width: 80, height: 24)

    /// What is to be done, gathered while one input is handled.
    var effects: [ClientEffect] = []

    struct Hint: Equatable, Sendable {
        var text: String
        var isFault = false
        /// The same in fewer words, for narrower screens; the shortest last.
        var short: [String] = []
    }

    /// What an answer will be about.
    enum Pending: Equatable, Sendable {
        /// A line of a room.
        case line(Channel, Log.Number)
        /// A command, and the room it was given in.
        case command(Asked, Channel)
        /// Whether there is such an account.
        case existence(UserName)
    }

    enum Asked: Equatable, Sendable {
        case whoelse
        case whoelsesince(String)
        case block(String)
        case unblock(String)
        case passwd(new: String)
    }

    /// - Parameter privates: not used before.
    package init(options: Options, session: Session, privates: PrivateSessions? = nil, hasFiles: Bool = false) {
        self.options = options
        self.session = session
        self.privates = privates
        desk = hasFiles ? SharingDesk() : nil
        keyMap = .standard
        login = LoginForm(name: options.userName)
        if let password = options.password { login.password.set(password) }
    }

    /// Draws in other colours from now on.
    package mutating func adopt(_ theme: Theme) { suitTheme(colors: theme.colors) }

    /// What to do first: logs in if everything needed for it was given.
    package mutating func start(at now: Moment) -> [ClientEffect] {
        backdrop = nil
        adopt(options.settings)
        if options.settings.mouse { effects.append(.mouse(true)) }
        tell(options.settingsFaults, at: now)
        if !login.name.isEmpty, !login.password.isEmpty { submitLogin(at: now) }
        return takeEffects()
    }

    /// Takes one input in and returns what is to be done, in order.
    package mutating func update(_ input: Input, at now: Moment) -> [ClientEffect] {
        outdateBackdrop(by: input)
        switch input {
        case .key(let key): press(key, at: now)
        case .link(let input): tell(input, at: now)
        case .peer(let input): peer(input, at: now)
        case .sharing(let output): sharing(output, at: now)
        case .trouble(let words): note(.fault(Sanitizer.body(words)), in: channel, at: now)
        case .settings(let text): takeSettings(text, at: now)
        case .history(let news): learn(news, at: now)
        case .names(let names): takeNames(names)
        case .edited(let draft): takeEdited(draft, at: now)
        case .resize(let width, let height): size = (max(0, width), max(0, height))
        case .tick: tick(at: now)
        case .terminate: leave(at: now)
        }
        loadHistory(at: now)
        markSeen()
        return takeEffects()
    }

    /// Tells the server what came, so that it does not come again. To be called after each draw; it speaks a few times a second at the
    /// most. Not all of it was on the screen: what waits in a conversation that is not shown is brought back by history, should the
    /// program end before anybody looks.
    package mutating func acknowledge(at now: Moment) -> [ClientEffect] {
        acknowledgePrivates(at: now)
        if received > acknowledged, now.uptime >= nextAcknowledgement {
            acknowledged = received
            isAcknowledging = false
            nextAcknowledgement = now.uptime + Moment.second / 4
            tell(.shown(through: received), at: now)
        }
        return takeEffects()
    }

    private mutating func takeEffects() -> [ClientEffect] {
        defer { effects = [] }
        return effects
    }

    /// Hands something to the session and does what it answers.
    mutating func tell(_ input: SessionInput, at now: Moment) {
        for output in session.handle(input, at: now) {
            if case .tell(let news) = output { learn(news, at: now) } else { effects.append(.link(output)) }
        }
    }
}
