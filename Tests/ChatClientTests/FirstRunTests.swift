import ChatProtocol
import Testing

@testable import ChatClient

/// What somebody meets who has never seen the program.
@Suite struct FirstRunTests {
    @Test(arguments: [(120, 40), (80, 24), (40, 12), (36, 11), (30, 10), (20, 5)])
    func theWelcomeSaysHowToMoveSendAndGetHelpOnEverySize(width: Int, height: Int) {
        var client = ScreenFixture.online(width: width, height: height)
        let lines = client.lines()
        let screen = client.screen()
        #expect(lines.contains { $0.contains("F2") && $0.contains("F3") && $0.contains("F4") }, "\(screen)")
        #expect(lines.contains { $0.contains("Enter") && $0.contains("send") }, "\(screen)")
        #expect(lines.contains { $0.contains("F1") && ($0.contains("help") || $0.contains("all keys")) }, "\(screen)")
    }

    @Test func theWelcomeIsWholeAtFortyColumns() {
        var client = ScreenFixture.online(width: 40, height: 12)
        let shown = client.lines().dropFirst(5).prefix(3).joined(separator: "\n")
        #expect(
            shown == """
                │ F2 everyone · F3 talk · F4 users     │
                │ Enter sends · /msg NAME: to one      │
                │ F1 shows all keys and commands       │
                """)
    }

    @Test func whereThereIsOnePaneTheWelcomeGoesWithTheFirstKey() {
        var client = ScreenFixture.online(width: 20, height: 5)
        #expect(client.screen().contains("Enter: send"))
        client.type("h")
        #expect(!client.screen().contains("Enter: send"))
    }

    @Test func whereThereIsOnePaneAMessageIsMoreThanTheWelcome() {
        var client = ScreenFixture.online(width: 20, height: 5)
        client.broadcast(from: "luke", "hello")
        #expect(!client.screen().contains("Enter: send"))
        #expect(client.screen().contains("hello"))
    }

    @Test(arguments: ["?", ":help", "h"]) func whoCriesForHelpIsToldWhereItIs(words: String) {
        var client = ScreenFixture.online()
        client.effects = []
        client.enter(words)
        #expect(client.sent.isEmpty)
        #expect(client.line(with: "F1 or /help shows all keys and commands") != nil)
        #expect(client.inputLine() == words)
        client.press(.enter)
        #expect(client.sent.count == 1, "said on purpose, it is said")
    }

    @Test(arguments: [":q", "exit", ":wq", "/exit", "/q"]) func whoWantsOutIsToldTheWay(words: String) {
        var client = ScreenFixture.online()
        client.effects = []
        client.enter(words)
        #expect(client.sent.isEmpty)
        #expect(client.line(with: "/quit leaves, as does Ctrl-C twice") != nil)
        #expect(client.inputLine() == (words.hasPrefix("/") ? "" : words), "what Enter would say stays")
    }

    @Test func aSlashAloneTellsOfTheCommands() {
        var client = ScreenFixture.online()
        client.type("/")
        #expect(client.line(with: "Tab: /acceptkey /block") != nil)
        client.press(.enter)
        #expect(client.line(with: "A command follows · F1 lists them · ↑ brings the line back") != nil)
        client.type("/whoelsesince")
        #expect(client.line(with: "/whoelsesince SECONDS: list who else was online") != nil)
    }

    @Test func tabAndEscOnAnEmptyLineSayWhatThereIs() {
        var client = ScreenFixture.online()
        client.press(.tab)
        #expect(client.line(with: "Tab completes names, and commands after a /") != nil)
        client.press(.escape)
        #expect(client.line(with: "F1 help · Ctrl-C twice quits") != nil)
    }

    @Test func aConversationTellsOfPrivateSessions() {
        var client = ScreenFixture.online()
        client.enter("/msg yoda")
        #expect(client.line(with: "/startprivate") != nil)
    }

    // MARK: The login screen

    @Test(arguments: [(120, 40), (80, 24), (40, 12), (20, 5)])
    func anUnknownServersWholeFingerprintIsShownWithTheQuestion(width: Int, height: Int) {
        let fingerprint = "SHA256:qvGsj5+gPFaJGqa9O0cVIzDQX7Ue9kgttdY7piB7KHw"
        var client = ScreenFixture(width: width, height: height)
        client.enter("falcon")
        client.update(.link(.linkClosed(.unknownServer(fingerprint: fingerprint))))
        let screen = client.screen()
        #expect(String(screen.filter { !$0.isWhitespace }).contains(fingerprint), "\(screen)")
        #expect(screen.filter { !$0.isWhitespace }.contains("ytrusts"), "\(screen)")
        client.press(.character("y"))
        #expect(client.effects.last == .link(.trustAndConnect(fingerprint: fingerprint)))
    }

    @Test func theServerIsNamedWhereThereIsNoRoomForTheProgramsName() {
        var client = ScreenFixture(width: 20, height: 5)
        #expect(client.lines().first == " localhost")
        client = ScreenFixture(width: 60, height: 12)
        #expect(client.line(with: "Banter    localhost") != nil)
    }

    @Test func aRefusalIsReadWholeOnTheSmallestScreen() {
        var client = ScreenFixture(width: 20, height: 5)
        client.enter("falcon")
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.login(.invalidPassword))
        let words = client.lines().suffix(2).map { $0.drop { $0 == " " } }.joined(separator: " ")
        #expect(words == "Invalid password. Please try again")
    }
}
