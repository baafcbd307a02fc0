import ArgumentParser

/// What can only be measured, or made, with the server's own modules.
@main
struct CoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core-bench",
        abstract: "Counts what the hot paths cost, and fills databases.",
        subcommands: [Count.self, Check.self, Fill.self])
}
