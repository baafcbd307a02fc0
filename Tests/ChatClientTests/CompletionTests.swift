import ChatProtocol
import Testing

@testable import ChatClient

/// What Tab makes of the beginnings of things.
@Suite struct CompletionTests {
    private func queries(_ client: ScreenFixture) -> [FolderQuery] {
        client.effects.compactMap { if case .list(let query) = $0 { query } else { nil } }
    }

    private func typing(_ text: String) -> ScreenFixture {
        var client = ScreenFixture.online()
        client.model.options.home = "/home/hans"
        client.type(text)
        client.press(.tab)
        return client
    }

    private func answer(_ client: inout ScreenFixture, _ names: [FolderNames.Name]) {
        guard let query = queries(client).last else { return }
        client.update(.names(FolderNames(query, names: names)))
    }

    // MARK: Files

    @Test(arguments: [
        ("/register ", ".", ""), ("/register fi", ".", "fi"), ("/register ~/Do", "/home/hans/", "Do"), ("/register /et", "/", "et"),
        ("/register my films/a b", "my films/", "a b"), ("/set downloads ~/x/y", "/home/hans/x/", "y"),
    ])
    func aPathAsksForTheNamesOfItsFolder(line: String, folder: String, prefix: String) {
        let client = typing(line)
        #expect(queries(client).map(\.folder) == [folder])
        #expect(queries(client).map(\.prefix) == [prefix])
    }

    @Test func theOnlyNameIsPutInPlaceAndAFolderGoesOn() {
        var client = typing("/register ~/Do")
        answer(&client, [.init("Down loads", isFolder: true)])
        #expect(client.inputLine() == "/register ~/Down loads/")
        client.press(.tab)
        #expect(queries(client).last?.folder == "/home/hans/Down loads/")
        answer(&client, [.init("film.mkv", isFolder: false)])
        #expect(client.inputLine() == "/register ~/Down loads/film.mkv")
    }

    @Test func severalNamesGiveWhatTheyHaveInCommonAndThenOneAfterTheOther() {
        var client = typing("/register n")
        answer(&client, [.init("notes", isFolder: true), .init("notes.txt", isFolder: false)])
        #expect(client.inputLine() == "/register notes")
        #expect(client.line(with: "notes/ notes.txt") != nil)
        client.press(.tab)
        #expect(client.inputLine() == "/register notes/")
        client.press(.tab)
        #expect(client.inputLine() == "/register notes.txt")
        client.press(.backtab)
        #expect(client.inputLine() == "/register notes/")
    }

    @Test func whoTypesOnIsNotInterrupted() {
        var client = typing("/register n")
        client.type("o")
        answer(&client, [.init("n-something-else", isFolder: false)])
        #expect(client.inputLine() == "/register no")
    }

    @Test func aFolderThatCannotBeReadIsSaid() {
        var client = typing("/register /root/x")
        if let query = queries(client).last { client.update(.names(FolderNames(query, failure: "/root/: Permission denied"))) }
        #expect(client.line(with: "/root/: Permission denied") != nil)
        client.press(.tab)
        answer(&client, [])
        #expect(client.line(with: "Nothing in there begins so") != nil)
    }

    @Test func aNameWithControlCharactersCannotMoveTheCursor() {
        var client = typing("/register e")
        answer(&client, [.init("e\u{1B}[2J", isFolder: false)])
        #expect(client.inputLine() == "/register e[2J")
    }

    // MARK: Emoji

    @Test(arguments: [("hi :smi", "hi 😄"), (":thumbsu", "👍"), (":+1", "👍"), (":ROCK", "🚀"), ("well\n:tad", "well\n🎉")])
    func theBeginningOfAnEmojisNameBecomesTheEmoji(typed: String, line: String) {
        var client = ScreenFixture.online()
        client.press(.paste(typed), .tab)
        #expect(client.model.room.editor.text == line)
    }

    @Test func tabGoesThroughTheEmojiAndShowsTheirNames() {
        var client = typing(":heart")
        #expect(client.inputLine() == "❤")
        #expect(client.line(with: "[❤ heart] 😍 heart_eyes") != nil)
        client.press(.tab)
        #expect(client.inputLine() == "😍")
        client.press(.backtab, .backtab)
        #expect(client.inputLine() != "😍")
    }

    @Test func aColonAloneOrASmileyIsLeftAlone() {
        for text in [":", ":)", "at 14:0", "http://x"] {
            #expect(typing(text).model.room.editor.text == text)
        }
    }

    @Test func theTableIsInOrder() {
        let names = EmojiNames.table.map(\.name)
        #expect(names.count > 400)
        #expect(Set(names).count == names.count)
        for entry in EmojiNames.table {
            #expect(entry.emoji.count == 1, "\(entry.name)")
            #expect(entry.emoji.unicodeScalars.contains { !$0.isASCII }, "\(entry.name)")
            #expect(Sanitizer.body(entry.emoji) == entry.emoji, "\(entry.name) would reach the others as it is")
        }
    }

    // MARK: Arguments

    @Test(arguments: [
        ("/set th", "/set theme"), ("/set theme hi", "/set theme high-contrast"), ("/set bind Ctrl-G swi", "/set bind Ctrl-G switcher"),
        ("/set acc", "/set accessible"), ("/set accessible of", "/set accessible off"), ("/transfers pa", "/transfers pause"),
        ("/verify yoda y", "/verify yoda yes"), ("/block yo", "/block yoda"), ("/whoelses", "/whoelsesince"), ("yo", "yoda:"),
    ])
    func argumentsAreCompletedByWhatTheyMean(typed: String, line: String) {
        var client = typing(typed)
        #expect(client.inputLine() == line)
    }
}
