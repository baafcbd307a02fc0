import ArgumentParser

/// What can only be measured, or made, with the modules themselves.
@main
struct CoreBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core-bench",
        abstract: "Counts what the hot paths cost, fills databases, and measures the local history.",
        subcommands: [Count.self, Check.self, Fill.self, History.self])
}
