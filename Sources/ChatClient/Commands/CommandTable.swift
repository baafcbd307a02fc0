/// All commands: help, completion and the parser read them from here.
package enum CommandTable {
    /// One command: its name, its arguments as help shows them, and what it does.
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let arguments: String
        package let summary: String

        package var usage: String { arguments.isEmpty ? name : "\(name) \(arguments)" }
    }

    package static let entries: [Entry] = [
        Entry(name: "message", arguments: "USER TEXT", summary: "send a direct message, delivered now or at the next login"),
        Entry(name: "broadcast", arguments: "TEXT", summary: "send a message to everyone online"),
        Entry(name: "whoelse", arguments: "", summary: "list who else is online"),
        Entry(name: "whoelsesince", arguments: "SECONDS", summary: "list who else was online in the last SECONDS"),
        Entry(name: "block", arguments: "USER", summary: "take nothing more from USER"),
        Entry(name: "unblock", arguments: "USER", summary: "hear USER again"),
        Entry(name: "startprivate", arguments: "USER", summary: "open a private session with USER, past the server"),
        Entry(name: "private", arguments: "USER TEXT", summary: "send over the private session with USER"),
        Entry(name: "stopprivate", arguments: "USER", summary: "close the private session with USER"),
        Entry(name: "verify", arguments: "USER [yes]", summary: "show the safety number of USER; yes: compared, it agrees"),
        Entry(name: "acceptkey", arguments: "USER", summary: "accept the changed key of USER"),
        Entry(name: "register", arguments: "FILE", summary: "offer a file to everyone; who has fetched it passes it on"),
        Entry(name: "withdraw", arguments: "NAME", summary: "offer a file no longer"),
        Entry(name: "searchfile", arguments: "NAME", summary: "list who has a file of exactly that name"),
        Entry(name: "searchchunk", arguments: "NAME CHUNKS", summary: "list who has these chunks of a file"),
        Entry(name: "download", arguments: "NAME", summary: "fetch a file from everyone who has parts of it, and pass it on"),
        Entry(name: "transfers", arguments: "[pause|resume|end N]", summary: "list the transfers, or do that with one"),
        Entry(
            name: "forget", arguments: "[USER|everyone|all] [yes]", summary: "remove what this machine keeps of a conversation, or of all"),
        Entry(name: "passwd", arguments: "OLD NEW", summary: "change the password"),
        Entry(name: "logout", arguments: "", summary: "log out and leave"),
        Entry(name: "help", arguments: "", summary: "list the commands"),
    ]

    package static func entry(named name: some StringProtocol) -> Entry? { entries.first { $0.name == name } }
}
