import ArgumentParser
import ChatCore
import ChatTransport
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// `banterd [PORT [BLOCK_DURATION [TIMEOUT]]]`.
struct Serve: AsyncParsableCommand {
    enum Plaintext: String, CaseIterable, ExpressibleByArgument {
        case loopback, always, never
    }

    enum LogLevel: String, CaseIterable, ExpressibleByArgument {
        case trace, debug, info, notice, warning, error, critical
    }

    enum Store: String, CaseIterable, ExpressibleByArgument {
        case sqlite, memory
    }

    static let configuration = CommandConfiguration(abstract: "Run the server (the default).")

    @Argument(help: "Port to listen on; 0 for any that is free.")
    var port = 12346

    @Argument(help: "Seconds for which a name is locked after three wrong passwords.")
    var blockDuration = 60.0

    @Argument(help: "Seconds without a command after which a session ends; 0 for never.")
    var timeout = 0.0

    @Option(help: "Address to listen on; :: opens the server to the network.")
    var host = "127.0.0.1"

    @Option(help: "File of accounts: a name and a password a line. (default: credentials.txt, if there is one)")
    var credentials: String?

    @OptionGroup var folder: DataFolderOptions

    @Option(help: "Where messages and accounts are kept.")
    var store = Store.sqlite

    @Option(help: "Least level of what is logged to standard error.")
    var logLevel = LogLevel.notice

    @Option(help: "log2 of scrypt's N for new password hashes, 4 to 20. Low values are for tests only.")
    var passwordCost = PasswordHash.recommendedCost

    @Option(help: "Who may connect without encryption.")
    var plaintext = Plaintext.loopback

    @Option(help: "Certificate chain (PEM) in place of the self-signed one; needs --private-key.")
    var certificate: String?

    @Option(help: "Private key (PEM) of --certificate.")
    var privateKey: String?

    @Option(help: "Connections at the same time.")
    var maxConnections = 10_000

    @Option(
        help:
            "Seconds of silence after which a client is asked whether it is still there, 1 to 3600. A third as long, 10 at most, it has to answer."
    )
    var keepAlive = 30

    @Option(help: "Event loops; by default one for each core but the first, which is for the rules.")
    var eventLoops: Int?

    @Flag(help: "Take requests as fast as they come. For tests and measurements.")
    var noFloodLimit = false

    /// Seconds in which a client that was asked must answer.
    var keepAliveGrace: Int { min(10, max(1, keepAlive / 3)) }

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("PORT is 0 to 65535.") }
        guard (0...1e9).contains(blockDuration) else { throw ValidationError("BLOCK_DURATION is a number of seconds, 0 or more.") }
        guard (0...1e9).contains(timeout) else { throw ValidationError("TIMEOUT is a number of seconds, 0 or more.") }
        guard PasswordHash.costs.contains(passwordCost) else { throw ValidationError("--password-cost is 4 to 20.") }
        guard (certificate == nil) == (privateKey == nil) else {
            throw ValidationError("--certificate and --private-key go together.")
        }
        guard maxConnections > 0 else { throw ValidationError("--max-connections is 1 or more.") }
        guard (1...3600).contains(keepAlive) else { throw ValidationError("--keep-alive is 1 to 3600.") }
        guard eventLoops.map({ (1...256).contains($0) }) ?? true else { throw ValidationError("--event-loops is 1 to 256.") }
    }

    func run() async throws {
        let level = Logger.Level(rawValue: logLevel.rawValue) ?? .notice
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        signal(SIGPIPE, SIG_IGN)
        // Until the server can read its accounts again, there is nothing to read again.
        signal(SIGHUP, SIG_IGN)
        let server = try ChatServer(self, log: Logger(label: "banterd"))
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
    }
}
