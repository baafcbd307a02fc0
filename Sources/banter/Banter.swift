import ArgumentParser
import ManualPage

/// The program `banter`: to chat is what it does, so that its help is about that. A first word may ask for something else; a host that is
/// called like one of these is written after `--`.
@main
enum Banter {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let first = arguments.first ?? ""
        if isDeed(first) {
            Deeds.main(arguments)
        } else if first == "help" {
            if let deed = arguments.dropFirst().first, isDeed(deed) { Deeds.main([deed, "--help"]) } else { Chat.main(["--help"]) }
        } else if first.hasPrefix("--generate-completion-script") {
            Completions.main(arguments)
        } else if first == "--experimental-dump-help" {
            Everything.main(arguments)
        } else if arguments == ["--generate-manual"] {
            do {
                print(try BanterManual.page().roff, terminator: "")
            } catch {
                Everything.exit(withError: error)
            }
        } else {
            Chat.main(arguments)
        }
    }

    private static func isDeed(_ word: String) -> Bool {
        Deeds.configuration.subcommands.contains { $0.configuration.commandName == word }
    }

    /// What a first word may ask for. Apart from chatting, whose arguments would be taken for theirs.
    private struct Deeds: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "banter",
            subcommands: [SendTool.self, BroadcastTool.self, WhoTool.self, TailTool.self, Trust.self])
    }

    /// All there is but for the host, which is no word to be completed and would be taken for the tool. It parses nothing.
    private struct Completions: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "banter", version: Chat.configuration.version, subcommands: Deeds.configuration.subcommands)

        @OptionGroup var options: ChatOptions
    }

    /// All there is, for the manual. It parses nothing.
    struct Everything: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "banter", abstract: Chat.configuration.abstract, discussion: Chat.configuration.discussion,
            version: Chat.configuration.version, subcommands: Deeds.configuration.subcommands)

        @OptionGroup var chat: Chat
    }
}
