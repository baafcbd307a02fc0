import Testing

@testable import ChatClient

@Suite struct CommandParserTests {
    @Test(
        arguments: [
            ("message yoda hi there", Command.message(to: "yoda", text: "hi there")),
            ("  message\tyoda  two  spaces ", .message(to: "yoda", text: " two  spaces ")),
            ("message yoda ", .message(to: "yoda", text: "")),
            ("message ÿoda x", .message(to: "ÿoda", text: "x")),
            ("broadcast vader sucks", .broadcast("vader sucks")),
            ("broadcast  x", .broadcast(" x")),
            ("whoelse", .whoelse),
            ("whoelse  ", .whoelse),
            ("whoelsesince 60", .whoelsesince(seconds: "60")),
            ("block hans", .block("hans")),
            ("unblock  hans ", .unblock("hans")),
            ("startprivate luke", .startprivate("luke")),
            ("private luke hey dude", .private(to: "luke", text: "hey dude")),
            ("private luke download plan.txt 3", .downloadChunk(from: "luke", name: "plan.txt", chunk: "3")),
            ("stopprivate luke", .stopprivate("luke")),
            ("register my file.txt", .register("my file.txt")),
            ("searchfile plan.txt", .searchfile("plan.txt")),
            ("searchchunk my plan.txt 1,2", .searchchunk(name: "my plan.txt", chunks: "1,2")),
            ("download plan.txt ", .download("plan.txt")),
            ("passwd old new", .passwd(old: "old", new: "new")),
            ("logout", .logout),
            ("help", .help),
        ])
    func commandIsRead(line: String, command: Command) {
        #expect(CommandParser.parse(line) == .success(command))
    }

    @Test(arguments: ["", "   ", "Message yoda x", "shout x", "messageyoda x", "/message yoda x", "\u{0}"])
    func unknownWordIsNoCommand(line: String) {
        guard case .failure(.unknown) = CommandParser.parse(line) else {
            Issue.record("taken for a command: \(line)")
            return
        }
    }

    @Test(
        arguments: [
            ("message", "message USER TEXT"), ("message yoda", "message USER TEXT"), ("broadcast", "broadcast TEXT"),
            ("whoelse now", "whoelse"), ("whoelsesince", "whoelsesince SECONDS"), ("whoelsesince 1 2", "whoelsesince SECONDS"),
            ("block", "block USER"), ("block a b", "block USER"), ("private luke", "private USER TEXT"), ("register  ", "register FILE"),
            ("searchchunk plan.txt", "searchchunk NAME CHUNKS"), ("passwd one", "passwd OLD NEW"), ("logout now", "logout"),
        ])
    func wrongArgumentsTellTheUsage(line: String, usage: String) {
        #expect(CommandParser.parse(line) == .failure(.usage(usage)))
    }

    @Test func everyCommandOfTheTableIsKnownToTheParser() {
        for entry in CommandTable.entries {
            if case .failure(.unknown) = CommandParser.parse(entry.name) { Issue.record("\(entry.name) is not parsed") }
            let example = CommandParser.parse("\(entry.name) a b c d")
            if case .failure(.unknown) = example { Issue.record("\(entry.name) is not parsed") }
        }
        #expect(Set(CommandTable.entries.map(\.name)).count == CommandTable.entries.count)
    }
}
