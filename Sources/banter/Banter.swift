import ArgumentParser

/// The program `banter`.
@main
struct Banter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "banter",
        abstract: "Chat in the terminal.",
        version: "banter 0.1.0",
        subcommands: [Chat.self, Trust.self],
        defaultSubcommand: Chat.self)
}
