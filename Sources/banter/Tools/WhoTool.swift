import ArgumentParser
import ChatClient

/// `banter who`: who else is online.
struct WhoTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "who",
        abstract: "List who else is online, one name a line.",
        discussion: "With --json: {\"users\":[\"hans\",\"luke\"]}, and \"since\" as it was given.\n\n" + ToolStatus.list)

    @Flag(help: "One JSON object instead.")
    var json = false

    @Option(help: ArgumentHelp("Also who was online in the last SECONDS.", valueName: "SECONDS"))
    var since: Double?

    @OptionGroup var options: ToolOptions

    func validate() throws {
        if let since, !(since > 0 && since.isFinite) { throw ValidationError("--since is a positive number of seconds.") }
    }

    func run() throws { try options.run(WhoList(since: since, isJSON: json)) }
}
