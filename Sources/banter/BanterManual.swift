import ArgumentParser
import ChatClient
import ManualPage

/// The manual page banter(1), from the command line, the key map, the commands and the settings as they are.
enum BanterManual {
    static func page() throws -> ManualPage {
        let all = try CommandDump(json: Banter.Everything._dumpHelp())
        let tools = ["send", "broadcast", "who", "tail"].compactMap(all.subcommand)
        let common = tools.first?.arguments.filter { argument in tools.allSatisfy { $0.arguments.contains(argument) } } ?? []
        return ManualPage(
            name: "banter", number: 1, summary: "chat in the terminal", version: Chat.configuration.version,
            synopsis: ["banter [OPTIONS] [HOST [PORT]]"]
                + (tools + [all.subcommand("trust")].compactMap(\.self)).map { "banter " + $0.usage },
            sections: [
                ManualPage.Section("DESCRIPTION", [.paragraph(description)]),
                ManualPage.Section("OPTIONS", all.entries()),
                ManualPage.Section("COMMANDS", commands),
                ManualPage.Section("KEYS", keys),
                ManualPage.Section("SETTINGS", settings),
                ManualPage.Section("TOOLS FOR SCRIPTS", describe(tools, common)),
                ManualPage.Section("TRUST", trust(all)),
                ManualPage.Section("ENVIRONMENT", environment),
                ManualPage.Section("FILES", files),
                ManualPage.Section("EXIT STATUS", statuses),
                ManualPage.Section("EXAMPLES", [.example(examples)]),
                ManualPage.Section("SEE ALSO", [.paragraph("banterd(8)")]),
            ])
    }

    private static let description = """
        banter connects to a chat server, banterd(8): to write to everyone or to one person, now or when that person is back; past the server in \
        private sessions, encrypted from end to end; and to share files. On a terminal it takes the full screen, otherwise it reads and writes \
        lines (--plain).
        A host that is called like a tool or like trust is written after --, as in banter -- send.
        """

    private static var commands: [ManualPage.Block] {
        [
            .paragraph(
                "On the full screen they begin with a slash; in line mode they do not. Text without a command goes where the prompt says.")
        ]
            + blocks(ManualTables.commands) + [.heading("On the full screen alone")] + blocks(ManualTables.screenCommands)
    }

    private static var keys: [ManualPage.Block] {
        [.paragraph("As they are before you bind them anew; F1 has them as they are bound now."), .heading("On the full screen")]
            + blocks(ManualTables.keys) + [.heading("On the line")] + blocks(ManualTables.editingKeys)
    }

    private static var settings: [ManualPage.Block] {
        [
            .paragraph(
                "One key = value a line; # begins a comment. /set shows and changes them in the program, /reload reads the file again. What the "
                    + "command line says holds over the file.")
        ] + blocks(ManualTables.settings) + [
            .entry(
                term: "bind KEY ACTION",
                text: "What a key such as Ctrl-O, Alt-X or F5 does: " + ManualTables.actions.joined(separator: ", ") + ".")
        ]
    }

    private static func describe(_ tools: [CommandDump], _ common: [CommandDump.Argument]) -> [ManualPage.Block] {
        tools.flatMap { tool -> [ManualPage.Block] in
            // The statuses have a section of their own.
            let discussion = tool.discussion.split(separator: "\n").filter { !$0.hasPrefix("Exit status:") }.joined(separator: "\n")
            return [.heading("banter " + tool.usage), .paragraph(tool.abstract)] + (discussion.isEmpty ? [] : [.paragraph(discussion)])
                + tool.entries(without: common)
        } + [.heading("Options of all tools")] + common.map { .entry(term: $0.term, text: $0.text) } + [.heading("Fields of tail --json")]
            + blocks(TailFields.entries)
    }

    private static func trust(_ all: CommandDump) -> [ManualPage.Block] {
        guard let trust = all.subcommand("trust") else { return [] }
        return [
            .paragraph(
                "The server's certificate is remembered at the first visit: on this machine with a notice, elsewhere after you have compared its "
                    + "fingerprint. If it changes, nothing is sent before you accept the new one with banter \(trust.usage).")
        ] + trust.entries()
    }

    private static let environment: [ManualPage.Block] = [
        .entry(term: "BANTER_SERVER, BANTER_USER, BANTER_PASSWORD_COMMAND", text: "For the tools, in place of their options."),
        .entry(term: "NO_COLOR", text: "Not empty: no colours."),
        .entry(term: "XDG_CONFIG_HOME, XDG_DATA_HOME", text: "Where the folders of settings and data are."),
    ]

    private static let files: [ManualPage.Block] = [
        .entry(term: "~/.config/banter/config", text: "The settings."),
        .entry(
            term: "~/.local/share/banter",
            text: "Known servers, your keys, known people, and in history the local history; another folder with --data."),
        .entry(term: "~/Downloads/banter", text: "Downloads."),
    ]

    private static var statuses: [ManualPage.Block] {
        [.heading("The client")] + clientStatuses + [.heading("The tools")]
            + ToolStatus.entries.map { .entry(term: "\($0.status)", text: $0.words) }
            + [.entry(term: "128 + n", text: "ended by signal n")]
    }

    /// As help has them, one each: `Exit status: 0 …; 1 …`
    private static var clientStatuses: [ManualPage.Block] {
        Chat.configuration.discussion.drop { !$0.isNumber }.split(separator: ";").map { entry in
            let words = entry.drop(while: \.isWhitespace)
            let number = words.prefix(while: \.isNumber)
            let meaning = words.dropFirst(number.count).drop(while: \.isWhitespace)
            return .entry(term: String(number), text: String(meaning.last == "." ? meaning.dropLast() : meaning))
        }
    }

    private static let examples = [
        "banter --user yoda chat.example",
        "export BANTER_USER=robot BANTER_PASSWORD_COMMAND='pass show banter/robot'",
        "make 2>&1 | tail -20 | banter send hans",
        "journalctl -f -u web | banter broadcast --lines",
        "banter tail --json | jq -r 'select(.event == \"message\") | .text'",
    ]

    private static func blocks(_ entries: [ManualTables.Entry]) -> [ManualPage.Block] {
        entries.map { .entry(term: $0.term, text: $0.words) }
    }
}
