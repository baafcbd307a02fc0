/// The rules of the system as cases that can be read aloud and played against any `ScenarioWorld`.
///
/// A case begins with `## ` and the rule it shows, unlike any other in the table. Then come preparations, one a line:
///
///     settings block 10, timeout 60, mailbox 3, window 300    other than the usual 60, 0 (never), 10000 and 300
///     online yoda, hans extended, luke quiet, leia port 5001  logged in, in this order; quiet is without presence
///     visited hans                                            logged in and out again
///     hans blocks yoda, luke                                  on a short visit if hans is not online
///     yoda wrote hans "well met"                              a message to hans
///     locked hans                                             three wrong passwords
///     later 5                                                 seconds pass
///
/// and then the steps: who does what → what the actor sees | what each observer sees. Several things seen by one are in order,
/// between commas. A connection that is not mentioned must see nothing; `nothing` says so aloud.
///
///     yoda: message hans "hi, you" -> SUCCESS #1 | hans: message yoda #1 "hi, you"
///     after 9.5 -> hans: timeout, closed | yoda: hans logged out
///     restart -> nothing
///
/// A connection is called like the user who is online on it; any other word is a connection too (`login as hans falcon`), and a
/// connection that is not open is opened by its first deed. On a wait, connections on which nobody is logged in are given up.
/// Deeds: `login [as NAME PASSWORD] [extended] [quiet] [port N] [peer]`, `resume [unknown | of CONNECTION] [after N] [original] [quiet]`,
/// `message`, `broadcast` (with `key K` at the end), `block`, `unblock`, `whoelse`, `whoelsesince`,
/// `startprivate NAME [for PURPOSE]`, `register FILE [pieces N …]`, `have N …`, `withdraw`, `searchfile FILE`,
/// `searchchunk FILE N …` (whatever it is called, a file of the table is the same one, of four pieces), `ack`,
/// `history [with NAME] [limit N] [earlier]`, `passwd`, `ping`, `pong`, `logout`, `do ACTION`, `raw JSON`, `opens`, `drops`;
/// `id 7` at the end marks the request, and then the reply.
/// Seen: the reply in the words of the wire, with `#7` for a sequence number and `unread 2` where they matter; `sent 2 blocked 1`;
/// `names hans luke` or `nobody`; `page with hans ; hans #1 hello ; more`; `found film.mkv ; hans 4 ; leia 2 has 0 1`; `peer hans for bulk`;
/// `asked by hans for bulk`; `message`, `broadcast`, `hans logged in`, `hans logged
/// out`, `presence +hans -luke`, `presence is hans luke` (the first, of everyone), `delivered hans #3`, `timeout`, `bye REASON`,
/// `closed`.
///
/// `a*16384` is the letter so many times. `for who, port = hans, 1 | luke, 2` makes a case of each row, with `$who` and `$port`
/// replaced; several such lines make every combination. A line that begins with `|`, or follows one that ends in a comma,
/// continues the one before it.
package enum ScenarioTable {
    /// Every case, those that cannot be read included: each has a `fault`, and a run of it is a mismatch.
    package static let all: [Scenario] = {
        var names: Set<String> = []
        return CaseText.all.flatMap { TableParser($0).scenarios() }.map { scenario in
            guard !names.insert(scenario.name).inserted else { return scenario }
            var repeated = scenario
            repeated.fault = repeated.fault ?? TableFault(place: scenario.place, reason: "another case has this name: \(scenario.name)")
            return repeated
        }
    }()

    /// The lines of the table that cannot be read.
    package static var faults: [TableFault] { all.compactMap(\.fault) }

    /// The cases in `text`, for tests of the table itself.
    package static func parse(_ text: String, file: String = #fileID, line: Int = #line) -> [Scenario] {
        TableParser(CaseText("parsed", file: file, line: line - 2, text)).scenarios()
    }
}

/// A piece of the table: the cases of one topic.
struct CaseText: Sendable {
    let topic: String
    let file: String
    /// The line of the source file after which the text begins.
    let line: Int
    let text: String

    /// The text is written two lines below the call.
    init(_ topic: String, file: String = #fileID, line: Int = #line, _ text: String) {
        self.topic = topic
        self.file = file
        self.line = line + 2
        self.text = text
    }

    static let all: [CaseText] = [
        login, lockout, requests, messages, messageTexts, messageSilence, broadcast, blocking, presence, presenceBlocks, whoElse,
        whoElseSince, inactivity, offline, privateSessions, files, extended, keys, resume, history,
    ]
}
