import ArgumentParser
import ManualPage

/// The manual page banterd(8), from the command line as it is.
enum BanterdManual {
    static func page() throws -> ManualPage {
        let all = try CommandDump(json: Banterd._dumpHelp())
        let serve = all.subcommand("serve")
        let user = all.subcommand("user")
        let accounts = user?.subcommands ?? []
        let version = { (argument: CommandDump.Argument) in argument.term.contains("--version") || argument.term.contains("--help") }
        return ManualPage(
            name: "banterd", number: 8, summary: "the Banter chat server", version: Banterd.configuration.version,
            synopsis: ["banterd [OPTIONS] [PORT [BLOCK-DURATION [TIMEOUT]]]"] + accounts.map { "banterd user " + $0.usage },
            sections: [
                ManualPage.Section("DESCRIPTION", [.paragraph(description)]),
                ManualPage.Section("OPTIONS", serve?.entries() ?? []),
                ManualPage.Section(
                    "ACCOUNTS",
                    [.paragraph(credentials)]
                        + accounts.flatMap { command -> [ManualPage.Block] in
                            [.heading("banterd user " + command.usage), .paragraph(command.abstract)]
                                + (command.discussion.isEmpty ? [] : [.paragraph(command.discussion)])
                                + command.entries(without: command.arguments.filter(version))
                        }),
                ManualPage.Section("SIGNALS", signals),
                ManualPage.Section("FILES", files),
                ManualPage.Section(
                    "EXAMPLES", [.example(["banterd 12346 10 60 --credentials accounts.txt", "banterd --host :: --data /srv/banter"])]),
                ManualPage.Section("SEE ALSO", [.paragraph("banter(1)")]),
            ])
    }

    private static let description = """
        banterd keeps accounts, messages and who is online, and passes messages on to the clients that are connected. It answers once what it \
        was told is on its disk. TLS and plain connections arrive on one port; plain ones are taken from this machine alone unless told otherwise. \
        It prints one line when it is ready, with the fingerprint of its certificate; its log goes to standard error.
        """

    private static let credentials = """
        The credentials file has one account a line, name and password; # begins a comment. New and changed lines are imported at the start and \
        on SIGHUP. A password that a user has changed holds until its line is edited. Accounts can also be managed without the file:
        """

    private static let signals: [ManualPage.Block] = [
        .entry(term: "SIGTERM, SIGINT", text: "Tell the clients, write out what waits for them, and end."),
        .entry(term: "SIGHUP", text: "Read the credentials file again."),
    ]

    private static let files: [ManualPage.Block] = [
        .entry(term: "credentials.txt", text: "The accounts to import, in the folder where the server is started."),
        .entry(term: "~/.local/share/banterd", text: "The database, the certificate and its key; another folder with --data."),
    ]
}
