import ArgumentParser
import ChatClient
import ChatProtocol

/// `banter tail`: what arrives, as it arrives.
struct TailTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print what arrives, one line each, until it is ended.",
        discussion: """
            Direct messages stay unread for the client, and come again at every start, unless --ack says that this is where they are \
            read; the server sends 256 of them, or 128 KiB, and no more before they are acknowledged. Lost connections are taken up \
            again. SIGINT, SIGTERM and a closed pipe log out and end it.

            \(ToolStatus.list)
            """)

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(help: ArgumentHelp("Only what this user says.", valueName: "USER"))
    var from: String?

    @Option(
        name: .customShort("n"),
        help: ArgumentHelp(
            "First the last COUNT broadcasts; with --from, the last COUNT lines of that user, direct or broadcast. 0 to \(Tail.mostHistory).",
            valueName: "COUNT"))
    var last = 0

    @Flag(help: "Acknowledge direct messages when they are written: they are no longer unread, and senders see them delivered.")
    var ack = false

    @OptionGroup var options: ToolOptions

    func validate() throws {
        if let from, UserName(from) == nil { throw ValidationError("--from is 1 to 32 of A-Z a-z 0-9 _ . -") }
        guard (0...Tail.mostHistory).contains(last) else { throw ValidationError("-n is 0 to \(Tail.mostHistory).") }
        // An acknowledgement is for everything up to a message, and would be for what was not shown, too.
        guard !ack || from == nil else { throw ValidationError("--ack cannot be combined with --from.") }
    }

    func run() throws {
        let tail = Tail(Tail.Options(isJSON: json, from: from.flatMap { UserName($0) }, last: last, acknowledges: ack))
        try options.run(tail, followsOutput: true)
    }
}
