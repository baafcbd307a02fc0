import ArgumentParser
import ChatClient
import ChatPeer
import ChatProtocol

extension ConsentRule: ExpressibleByArgument {}
extension ServeSetting: ExpressibleByArgument {}

extension ParsableArguments {
    static var dataHelp: ArgumentHelp {
        ArgumentHelp(
            "Folder of known servers, your keys, known people and the local history. (default: banter in $XDG_DATA_HOME or ~/.local/share)",
            valueName: "DIR")
    }
}

/// The options of `banter` where it is to chat: apart from the host, for which completions would take the first word whatever it is.
struct ChatOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Log in as this user.", valueName: "NAME"))
    var user: String?

    @Flag(help: "Line mode: for scripts, pipes and screen readers.")
    var plain = false

    @Flag(help: "Full screen for screen readers: one column, words in place of signs, the cursor on what is chosen.")
    var accessible = false

    @Option(help: Self.dataHelp)
    var data: String?

    @Option(help: ArgumentHelp("Shell command that prints the password; needs --user.", valueName: "CMD"))
    var passwordCommand: String?

    @Option(name: .customLong("private"), help: ArgumentHelp("Whose private sessions are accepted. (default: everyone)"))
    var privates: ConsentRule?

    @Option(help: ArgumentHelp("Folder for downloads. (default: ~/Downloads/banter)", valueName: "DIR"))
    var downloads: String?

    @Option(name: .customLong("serve"), help: ArgumentHelp("Who may fetch the files that you offer or have fetched. (default: everyone)"))
    var serves: ServeSetting?

    @Flag(help: "Connect without encryption. Anyone on the way can read and change everything.")
    var plaintext = false

    func validate() throws {
        guard passwordCommand == nil || user != nil else { throw ValidationError("--password-command needs --user.") }
        if let user, UserName(user) == nil { throw ValidationError("--user is 1 to 32 of A-Z a-z 0-9 _ . -") }
    }
}
