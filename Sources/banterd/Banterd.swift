import ArgumentParser
import ManualPage

/// The program `banterd`.
@main
struct Banterd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "banterd",
        abstract: "The Banter chat server.",
        discussion:
            "banterd 12346 10 60 listens on port 12346, locks a name for 10 s after three wrong passwords, and logs out after 60 s without a command.",
        version: "banterd \(version)",
        subcommands: [Serve.self, User.self],
        defaultSubcommand: Serve.self)

    static let version = "0.1.0"

    static func main() async {
        guard Array(CommandLine.arguments.dropFirst()) == ["--generate-manual"] else { return await main(nil) }
        do {
            print(try BanterdManual.page().roff, terminator: "")
        } catch {
            exit(withError: error)
        }
    }
}
