import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelLoginTests {
    @Test func nameEnterPasswordEnterLogsIn() {
        var client = ScreenFixture(userName: nil)
        client.enter("hans")
        client.enter("falcon")
        #expect(client.effects == [.link(.connect)])
        client.update(.link(.linkOpened(.tlsVerified)))
        guard case .login(let login)? = client.sent.last?.request else {
            Issue.record("no login was sent")
            return
        }
        #expect(login.name?.text == "hans")
        #expect(login.password == "falcon")
        #expect(login.dialect.isExtended)
    }

    @Test func aNameGivenBeforehandLeavesThePassword() {
        var client = ScreenFixture(userName: "hans")
        client.enter("falcon")
        #expect(client.effects == [.link(.connect)])
    }

    @Test func nameAndPasswordGivenBeforehandLogInAtOnce() {
        let options = Model.Options(userName: "hans", password: "falcon", host: "localhost", port: 12346)
        var model = Model(options: options, session: Session(retriesFirstConnection: true, random: SteadyRandom()))
        let now = Moment(uptime: 0, wall: Timestamp(milliseconds: 0))
        #expect(model.start(at: now) == [.mouse(true), .link(.connect)])
    }

    @Test func thePasswordIsNeverOnTheScreen() {
        var client = ScreenFixture()
        client.type("falcon")
        #expect(!client.screen().contains("falcon"))
        #expect(!client.screen().contains("******"))
        client.press(.enter)
        #expect(!client.screen().contains("falcon"))
        client.welcome()
        #expect(!client.screen().contains("falcon"))
    }

    @Test(
        arguments: [
            (.invalidPassword, "Invalid password. Please try again"),
            (.invalidPasswordBlocked, "Your account has been blocked"),
            (.blocked, "blocked due to multiple login failures"),
            (.alreadyLoggedIn, "hans is already logged in"),
        ] as [(Reply.LoginStatus, String)])
    func aRefusalIsSaidInWordsAndWhatWasNotWrongIsKept(status: Reply.LoginStatus, words: String) {
        var client = ScreenFixture()
        client.enter("falcon")
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.login(status))
        let screen = client.screen()
        let text = screen.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
        #expect(text.contains(words))
        #expect(screen.contains("hans"))
        if status == .invalidPassword || status == .invalidPasswordBlocked {
            // Another Enter is not another wrong attempt.
            #expect(!screen.contains("(tried"))
            #expect(client.model.login.password.isEmpty)
        } else {
            #expect(client.model.login.password.text == "falcon")
        }
    }

    @Test func typingAfterARefusalBeginsANewPassword() {
        var client = ScreenFixture()
        client.enter("wrong")
        client.update(.link(.linkOpened(.tlsVerified)))
        client.answer(.login(.invalidPassword))
        client.enter("falcon")
        guard case .login(let login)? = client.sent.last?.request else {
            Issue.record("no login was sent")
            return
        }
        #expect(login.password == "falcon")
    }

    @Test func anImpossibleNameIsRefusedBeforeAnythingIsSent() {
        var client = ScreenFixture(userName: nil)
        client.enter("no such name")
        client.enter("x")
        #expect(client.effects.isEmpty)
        #expect(client.screen().contains("A name has 1 to 32"))
    }

    @Test func anUnknownServersFingerprintIsConfirmed() {
        var client = ScreenFixture()
        client.enter("falcon")
        client.update(.link(.linkClosed(.unknownServer(fingerprint: "SHA256:abc"))))
        #expect(client.screen().contains("SHA256:abc"))
        client.effects = []
        client.type("x")
        #expect(client.effects.isEmpty)
        client.type("y")
        #expect(client.effects == [.link(.trustAndConnect(fingerprint: "SHA256:abc"))])
    }

    @Test func anUnknownServerMayBeDeclinedAndAskedForAgain() {
        var client = ScreenFixture()
        client.enter("falcon")
        client.update(.link(.linkClosed(.unknownServer(fingerprint: "SHA256:abc"))))
        client.effects = []
        client.type("n")
        #expect(client.effects.isEmpty)
        #expect(client.screen().contains("Not trusted"))
        client.press(.enter)
        #expect(client.screen().contains("SHA256:abc"))
    }

    @Test func aChangedServerShowsBothFingerprintsAndTheRemedy() {
        var client = ScreenFixture()
        client.enter("falcon")
        client.update(
            .link(.linkClosed(.changedServer(known: "SHA256:old", presented: "SHA256:new", remedy: "banter trust localhost 12346"))))
        let screen = client.screen()
        for word in ["SHA256:old", "SHA256:new", "To accept it: banter trust localhost 12346"] { #expect(screen.contains(word)) }
    }

    @Test func aFirstVisitIsNoted() {
        var client = ScreenFixture()
        client.enter("falcon")
        client.welcome(.linkOpened(.tlsPinned(fingerprint: "SHA256:abc", isFirst: true)))
        #expect(client.screen().contains("SHA256:abc"))
    }

    /// The server closes connections on which nobody logs in.
    @Test func aFirstVisitIsNotedWhenALaterLinkLogsInAndOnlyOnce() {
        var client = ScreenFixture()
        client.enter("wrong")
        client.update(.link(.linkOpened(.tlsPinned(fingerprint: "SHA256:abc", isFirst: true))))
        client.answer(.login(.invalidPassword))
        client.update(.link(.linkClosed(.lost("closed"))))
        #expect(client.model.screen == .login)
        client.enter("falcon")
        client.welcome(.linkOpened(.tlsPinned(fingerprint: "SHA256:abc", isFirst: false)))
        func notes() -> Int { client.model.everyone.log.entries.count { $0.text.contains("First visit") } }
        #expect(notes() == 1)
        #expect(client.screen().contains("SHA256:abc"))
        client.event(.bye(.removed))
        client.enter("falcon")
        client.welcome(.linkOpened(.tlsPinned(fingerprint: "SHA256:abc", isFirst: false)))
        #expect(client.model.screen == .main)
        #expect(notes() == 1)
    }

    @Test func ctrlCTwiceLeavesTheLoginScreen() {
        var client = ScreenFixture()
        client.press(.control("c"))
        #expect(!client.quits)
        #expect(client.screen().contains("Ctrl-C again quits"))
        client.press(.control("c"))
        #expect(client.effects.last == .quit(status: 0))
    }

    @Test func anotherUserSeesNothingOfTheOneBefore() {
        var client = ScreenFixture.online()
        client.message(from: "yoda", "a secret")
        client.broadcast(from: "luke", "another")
        client.event(.bye(.removed))
        #expect(client.model.screen == .login)
        client.press(.tab, .control("u"))
        client.type("leia")
        client.press(.tab)
        client.enter("blasterpistol")
        client.update(.link(.linkOpened(.tlsVerified)))
        if let leia = UserName("leia"), let token = ResumeToken("00112233445566778899aabbccddeeff") {
            client.answer(
                .login(.success, .init(name: leia, token: token, timeout: 0, keepAlive: 30, unread: 0, time: client.now.wall)))
        }
        let screen = client.screen()
        #expect(client.model.screen == .main)
        #expect(!screen.contains("secret"))
        #expect(!screen.contains("another"))
        #expect(!screen.contains("yoda"))
    }
}
