import ArgumentParser
import ChatClient
import ChatProtocol

/// `banter send USER [TEXT…]`: a direct message.
struct SendTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a direct message, and end when the server has it on its disk.",
        discussion: """
            The text is the words after USER, or standard input: all of it as one message, with --lines each line as one. \
            The person gets it now or at the next login. An account has one session: while somebody uses it in the client, \
            this is refused, so give scripts an account of their own.

            \(ToolStatus.list)
            """)

    @Argument(help: ArgumentHelp("Who gets it.", valueName: "USER"))
    var recipient: String

    @Argument(help: ArgumentHelp("The text; -- before one that begins with a hyphen.", valueName: "TEXT"))
    var text: [String] = []

    @OptionGroup var source: MessageSource
    @OptionGroup var options: ToolOptions

    func validate() throws {
        guard UserName(recipient) != nil else { throw ValidationError("USER is 1 to 32 of A-Z a-z 0-9 _ . -") }
    }

    func run() throws {
        guard let user = UserName(recipient) else { return }
        let source = try source.source(text)
        try options.run(Delivery(to: user, source), readsInput: source == .lines)
    }
}

/// `banter broadcast [TEXT…]`: a message to everyone online.
struct BroadcastTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broadcast",
        abstract: "Send a message to everyone online, and end when the server has taken it.",
        discussion: "As banter send, which see.\n\n" + ToolStatus.list)

    @Argument(help: ArgumentHelp("The text; -- before one that begins with a hyphen.", valueName: "TEXT"))
    var text: [String] = []

    @OptionGroup var source: MessageSource
    @OptionGroup var options: ToolOptions

    func run() throws {
        let source = try source.source(text)
        try options.run(Delivery(to: nil, source), readsInput: source == .lines)
    }
}
