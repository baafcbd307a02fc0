import ArgumentParser
import ManualPage

/// The program `banter`: to chat is what it does, so that its help is about that. A first word may ask for something else; a host that is
/// called like one of these is written after `--`.
@main
enum Banter {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let first = arguments.first ?? ""
        if Deeds.configuration.subcommands.contains(where: { $0.configuration.commandName == first }) {
            Deeds.main(arguments)
        } else if first.hasPrefix("--generate-completion-script") || first == "--experimental-dump-help" {
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

    /// What a first word may ask for. Apart from chatting, whose arguments would be taken for theirs.
    private struct Deeds: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "banter",
            subcommands: [SendTool.self, BroadcastTool.self, WhoTool.self, TailTool.self, Trust.self])
    }

    /// All there is, for completions and the manual. It parses nothing.
    struct Everything: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "banter", abstract: Chat.configuration.abstract, discussion: Chat.configuration.discussion,
            subcommands: Deeds.configuration.subcommands)

        @OptionGroup var chat: Chat
    }
}
