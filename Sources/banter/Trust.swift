import ArgumentParser
import ChatTransport

/// `banter trust HOST PORT FINGERPRINT`: accept a server's certificate, new or changed.
struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Accept a server's certificate.",
        discussion: "Compare the fingerprint with the one that the server prints when it starts, over a way that you trust.")

    @Argument(help: ArgumentHelp("The server's name or address, as given to banter.", valueName: "HOST"))
    var host: String

    @Argument(help: ArgumentHelp("The server's port.", valueName: "PORT"))
    var port: UInt16

    @Argument(help: ArgumentHelp("SHA256:… as shown.", valueName: "FINGERPRINT"))
    var fingerprint: String

    @Option(help: Self.dataHelp)
    var data: String?

    func validate() throws {
        guard port > 0 else { throw ValidationError("PORT is 1 to 65535.") }
        _ = try parsed
    }

    private var parsed: Fingerprint {
        get throws {
            guard let parsed = Fingerprint(fingerprint) else {
                throw ValidationError("FINGERPRINT is SHA256: and 43 characters of base64, as the server prints it when it starts.")
            }
            return parsed
        }
    }

    func run() throws {
        let fingerprint = try parsed
        let known = KnownServers(folder: try PrivateFolder(data, of: "banter").path)
        try known.remember(fingerprint, of: KnownServers.name(host: host, port: Int(port)))
        print("From now on \(KnownServers.name(host: host, port: Int(port))) is known by \(fingerprint)")
    }
}
