import ArgumentParser
import ChatClient
import ChatHistory
import ChatPeer
import ChatProtocol
import ChatTransport
import Glibc
import Terminal

/// `banter [HOST [PORT]]`: full screen on a terminal, line mode otherwise.
struct Chat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "banter",
        abstract: "Chat in the terminal: full screen on a terminal, line mode otherwise.",
        usage: """
            banter [OPTIONS] [HOST [PORT]]
            banter trust [--data DIR] HOST PORT FINGERPRINT
            banter send USER [TEXT…] | broadcast [TEXT…] | who | tail     for scripts, see banter send --help
            banter -- HOST [PORT]                                        a host that is called like one of these
            """,
        discussion: """
            Exit status: 0 ended by logout or end of input; 1 login refused; 3 no connection; 4 logged out by the server; \
            5 line mode from a pipe: a command was refused; 64 the command line is wrong.
            """,
        version: "banter 0.1.0")

    @Argument(help: ArgumentHelp("The server's name or address.", valueName: "HOST"))
    var host = "localhost"

    @Argument(help: ArgumentHelp("The server's port.", valueName: "PORT"))
    var port: UInt16 = standardPort

    private static let standardPort = ServerAddress.standard.port

    @OptionGroup var options: ChatOptions

    mutating func validate() throws {
        guard port > 0 else { throw ValidationError("PORT is 1 to 65535.") }
        // HOST:PORT and [ADDRESS] are understood as well: the tools take them so.
        guard let address = ServerAddress(argument: host) else { throw ValidationError("\(host) is no HOST, nor HOST:PORT.") }
        guard address.host != host else { return }
        guard port == Self.standardPort || port == address.port else { throw ValidationError("HOST:PORT and PORT name two ports.") }
        (host, port) = (address.host, host.hasSuffix("]") ? port : address.port)
    }

    func run() throws {
        openStandardDescriptors()
        // Before SIGPIPE is ignored, which the command would inherit.
        let password = try options.passwordCommand.map { try PasswordCommand.run($0) }
        signal(SIGPIPE, SIG_IGN)
        var isFullScreen = !options.plain && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        if isFullScreen, Terminal.isLineByLine {
            isFullScreen = false
            let type = getenv("TERM").map { String(cString: $0) } ?? ""
            let notice = Array("This terminal (TERM=\(Sanitizer.line(type))) cannot move its cursor: this is line mode.\n".utf8)
            _ = write(STDERR_FILENO, notice, notice.count)
        }
        let folder = try PrivateFolder(options.data, of: "banter").path
        let connection = Connection(
            host: host, port: port, isPlaintext: options.plaintext, known: KnownServers(folder: folder), trustCommand: trustCommand)
        let session = Session(retriesFirstConnection: isFullScreen, random: SystemRandomNumberGenerator())
        let status =
            try isFullScreen
            ? fullScreen(connection, session, password, folder) : lineMode(connection, session, password, folder)
        connection.shutDown()
        throw ExitCode(status)
    }

    private var trustCommand: String { TrustCommand.text(host: host, port: port, data: options.data) }

    private func fullScreen(_ connection: Connection, _ session: Session, _ password: String?, _ folder: String) throws -> Int32 {
        let store = SettingsStore()
        let file = read(store, connection)
        let settings = settled(file.settings)
        let links = try links(connection, folder, settings)
        var screen = Model.Options(userName: options.user, password: password, host: host, port: port, home: home, serves: settings.serve)
        screen.settings = settings
        screen.fixed = fixed
        screen.settingsFaults = file.faults
        screen.settingsPath = store.path
        screen.knowsLinks = Hyperlink.isKnown { getenv($0).map { String(cString: $0) } }
        screen.hasHistory = true
        screen.background = getenv("COLORFGBG").flatMap { Background(colorFGBG: String(cString: $0)) }
        let history = history(connection, folder)
        defer { history.stop() }
        var model = Model(
            options: screen, session: session.offering(links), privates: try links.begin(settings.privates), hasFiles: true)
        return try runLoop(
            model: &model, mailbox: connection.mailbox,
            perform: { effect in
                switch effect {
                case .settings(let deed): if let input = store.perform(deed) { _ = connection.mailbox.put(input) }
                case .list(let query): FolderLister.list(query, connection.mailbox)
                case .history(let deed): history.put(deed)
                default: Self.perform(effect, connection, links)
                }
            }, clock: { .now() })
    }

    private func lineMode(_ connection: Connection, _ session: Session, _ password: String?, _ folder: String) throws -> Int32 {
        let file = read(SettingsStore(), connection)
        for fault in file.faults { _ = connection.mailbox.put(.trouble("Settings, line \(fault.line): \(fault.words)")) }
        let chosen = settled(file.settings)
        let links = try links(connection, folder, chosen)
        let settings = LineMode.Settings(
            host: host, port: port, userName: options.user, password: password, isInteractive: isatty(STDIN_FILENO) == 1,
            isOutputTerminal: isatty(STDOUT_FILENO) == 1, trustCommand: trustCommand, home: home, serves: chosen.serve)
        let history = history(connection, folder)
        defer { history.stop() }
        return runLineMode(
            settings, session: session.offering(links), privates: try links.begin(chosen.privates), hasFiles: true,
            mailbox: connection.mailbox,
            perform: { effect in
                if case .history(let deed) = effect { history.put(deed) } else { Self.perform(effect, connection, links) }
            }, clock: { .now() })
    }

    private func history(_ connection: Connection, _ folder: String) -> HistoryThread {
        HistoryThread(folder: folder, server: KnownServers.name(host: host, port: Int(port))) { news in
            // Few and bounded; the user's side need not be asked whether it has room.
            _ = connection.mailbox.put(.history(news))
        }
    }

    private static func perform(_ effect: ClientEffect, _ connection: Connection, _ links: PeerLinks) {
        switch effect {
        case .link(let output): connection.perform(output)
        case .peer(let output): links.perform(output)
        case .sharing(let input): links.perform(input)
        // The loop's own.
        case .quit, .bell, .suspend, .redraw, .mouse, .report, .settings, .history, .edit, .list: break
        }
    }

    /// Settings that cannot be read are no reason not to chat: it is said, and things are as usual.
    private func read(_ store: SettingsStore, _ connection: Connection) -> SettingsFile {
        do throws(SettingsStore.Failure) {
            return SettingsFile(try store.read() ?? "")
        } catch {
            _ = connection.mailbox.put(.trouble("Settings: \(error.words)"))
            return SettingsFile("")
        }
    }

    /// What the command line says holds over what the file says.
    private var fixed: [SettingChange] {
        [
            options.privates.map { .value(.private, $0.rawValue) }, options.serves.map { .value(.serve, $0.rawValue) },
            options.downloads.map { .value(.downloads, $0) }, options.accessible ? .value(.accessible, "on") : nil,
        ]
        .compactMap(\.self)
    }

    private func settled(_ settings: Settings) -> Settings {
        var settings = settings
        for change in fixed { settings.apply(change) }
        return settings
    }

    private func links(_ connection: Connection, _ folder: String, _ settings: Settings) throws -> PeerLinks {
        let peer = PeerLinks.Options(
            folder: folder, downloads: settings.downloads.map(expanded) ?? home.map { $0 + "/Downloads/banter" } ?? folder + "/downloads",
            host: host,
            port: port, isPlaintext: options.plaintext, serves: settings.serve)
        let links = try PeerLinks(peer, known: KnownServers(folder: folder), mailbox: connection.mailbox)
        connection.join(links)
        return links
    }

    private func expanded(_ path: String) -> String { path.hasPrefix("~/") ? (home ?? "~") + path.dropFirst() : path }

    private var home: String? { getenv("HOME").map { String(cString: $0) } }
}

extension Session {
    fileprivate func offering(_ links: PeerLinks) -> Session {
        var session = self
        session.offer = links.offer
        session.privatePort = links.port
        return session
    }
}
