import ArgumentParser
import ChatClient
import ChatProtocol
import ChatTransport
import Glibc

/// What the tools for scripts have in common: the server, the account, and how long to wait.
struct ToolOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server; [HOST]:PORT for an IPv6 address. (default: BANTER_SERVER, or localhost:12346)", valueName: "HOST[:PORT]"))
    var server: ServerAddress?

    @Option(help: ArgumentHelp("Log in as this user. (default: BANTER_USER)", valueName: "NAME"))
    var user: String?

    @Option(
        help: ArgumentHelp(
            "Shell command that prints the password. (default: BANTER_PASSWORD_COMMAND, or it is asked for on the terminal)",
            valueName: "CMD"))
    var passwordCommand: String?

    @Option(help: Self.dataHelp)
    var data: String?

    @Option(help: ArgumentHelp("How long to wait for an answer; 0: for ever.", valueName: "SECONDS"))
    var timeout = 30.0

    @Flag(help: "Connect without encryption. Anyone on the way can read and change everything.")
    var plaintext = false

    func validate() throws {
        guard timeout >= 0, timeout <= 1_000_000 else { throw ValidationError("--timeout is 0 to 1000000 seconds.") }
        _ = try account
        _ = try address
    }

    /// Logs in, lets `tool` do its work, and ends the program with its status.
    func run(_ tool: some Tool, readsInput: Bool = false, followsOutput: Bool = false) throws -> Never {
        openStandardDescriptors()
        let account = try account
        let server = try address
        // Before SIGPIPE is ignored, which the command would inherit.
        let password = try password(of: account)
        signal(SIGPIPE, SIG_IGN)
        let folder = try PrivateFolder(data, of: "banter").path
        let trustCommand = TrustCommand.text(host: server.host, port: server.port, data: data)
        let connection = Connection(
            host: server.host, port: server.port, isPlaintext: plaintext, known: KnownServers(folder: folder), trustCommand: trustCommand)
        let run = ToolRun(
            ToolRun.Settings(
                name: account, password: password, server: server.description, trustCommand: trustCommand,
                patience: timeout == 0 ? nil : UInt64(timeout * 1e9)),
            tool: tool)
        let status = runTool(
            run, session: Session(retriesFirstConnection: false, random: SystemRandomNumberGenerator()), mailbox: connection.mailbox,
            readsInput: readsInput, followsOutput: followsOutput, perform: connection.perform, clock: { .now() })
        connection.shutDown()
        Glibc.exit(status)
    }

    private var account: UserName {
        get throws {
            guard let text = user ?? Self.variable("BANTER_USER") else {
                throw ValidationError("Who logs in? --user NAME, or BANTER_USER.")
            }
            guard let name = UserName(text) else { throw ValidationError("--user is 1 to 32 of A-Z a-z 0-9 _ . -") }
            return name
        }
    }

    private var address: ServerAddress {
        get throws {
            if let server { return server }
            guard let text = Self.variable("BANTER_SERVER") else { return .standard }
            guard let server = ServerAddress(argument: text) else { throw ValidationError("BANTER_SERVER is HOST[:PORT].") }
            return server
        }
    }

    private func password(of name: UserName) throws -> String {
        if let command = passwordCommand ?? Self.variable("BANTER_PASSWORD_COMMAND") { return try PasswordCommand.run(command) }
        switch HiddenPrompt.ask("Password of \(name): ") {
        case .text(let password): return password
        case .interrupted(let signal): throw ExitCode(128 + signal)
        case .noTerminal:
            // Beyond parsing, the usage that is told with an error would be that of all tools.
            let words = "Error: Where is the password? --password-command CMD, BANTER_PASSWORD_COMMAND, or a terminal to ask on.\n"
            _ = Array(words.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            throw ExitCode.validationFailure
        }
    }

    /// What the environment says; empty is as good as nothing.
    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
