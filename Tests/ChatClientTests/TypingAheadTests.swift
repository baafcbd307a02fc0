import ChatProtocol
import Testing

@testable import ChatClient

/// Keys that come while a login is on its way.
@Suite struct TypingAheadTests {
    /// Name and password are submitted, and the link may be open.
    private func submitted(_ password: String = "falcon", isOpen: Bool = true) -> ScreenFixture {
        var client = ScreenFixture(userName: nil)
        client.enter("hans")
        client.enter(password)
        if isOpen { client.update(.link(.linkOpened(.tlsVerified))) }
        return client
    }

    private func logins(_ client: ScreenFixture) -> [String] {
        client.sent.compactMap { if case .login(let login) = $0.request { login.password } else { nil } }
    }

    @Test(arguments: [true, false]) func whatIsTypedMeanwhileIsTheDraftOfTheMainScreen(isOpen: Bool) {
        var client = submitted(isOpen: isOpen)
        client.enter("hello all")
        #expect(!client.screen().contains("hello all"), "it may be the password")
        if isOpen { client.answer(.login(.success, client.welcomeFields())) } else { client.welcome() }
        #expect(logins(client) == ["falcon"])
        #expect(client.inputLine() == "hello all")
        #expect(client.line(with: "Typed before the login, not sent") != nil)
        client.press(.enter)
        #expect(client.model.everyone.log.entries.map(\.text) == ["hello all"])
    }

    @Test func nothingIsSentByTheEnterOfBefore() {
        var client = submitted()
        client.enter("one")
        client.enter("two")
        client.answer(.login(.success, client.welcomeFields()))
        #expect(client.model.everyone.log.isEmpty)
        #expect(client.model.everyone.editor.text == "one\ntwo")
    }

    @Test func aPasswordTypedOnceMoreIsNoDraft() {
        var client = submitted()
        client.enter("falcon")
        client.enter("hello")
        client.answer(.login(.success, client.welcomeFields()))
        #expect(client.model.everyone.editor.text == "hello")
        #expect(!client.screen().contains("falcon"))
    }

    @Test func aRefusalLeavesTheFormAndCostsOneTry() {
        var client = submitted("wrong")
        client.type("hel")
        client.answer(.login(.invalidPassword))
        #expect(client.line(with: "Invalid password") != nil)
        // The rest of the line is still under way from the fingers.
        client.pass(seconds: 0.1)
        client.enter("lo all")
        #expect(logins(client) == ["wrong"])
        #expect(client.model.login.password.isEmpty)
        #expect(client.model.login.name.text == "hans")
        client.pass(seconds: 2)
        client.enter("falcon")
        #expect(logins(client) == ["wrong", "falcon"])
        client.answer(.login(.success, client.welcomeFields()))
        #expect(client.inputLine() == "")
    }

    @Test func aQuestionIsNotAnsweredInTheMiddleOfAWord() {
        var client = submitted(isOpen: false)
        client.type("he")
        client.update(.link(.linkClosed(.unknownServer(fingerprint: "SHA256:abc"))))
        client.effects = []
        client.type("y you")
        #expect(client.effects.isEmpty)
        #expect(client.screen().contains("SHA256:abc"))
        client.pass(seconds: 2)
        client.type("y")
        #expect(client.effects == [.link(.trustAndConnect(fingerprint: "SHA256:abc"))])
        client.welcome()
        #expect(client.inputLine() == "hey you")
    }

    @Test func whileTheServerIsAwayNothingIsTriedButWhatWasSubmitted() {
        var client = submitted(isOpen: false)
        client.update(.link(.linkClosed(.lost("refused"))))
        client.enter("hello")
        client.pass(seconds: 60)
        client.update(.tick)
        client.welcome()
        #expect(logins(client) == ["falcon"])
        #expect(client.inputLine() == "hello")
    }

    @Test func escGoesBackToTheForm() {
        var client = submitted(isOpen: false)
        client.update(.link(.linkClosed(.lost("refused"))))
        client.type("hello")
        client.press(.escape)
        client.enter("eagle")
        client.welcome()
        #expect(logins(client) == ["eagle"])
        #expect(client.inputLine() == "")
    }

    @Test(arguments: ["", "falcon"]) func ctrlCTwiceQuitsWhateverIsInTheField(typed: String) {
        var client = ScreenFixture()
        client.type(typed)
        client.press(.control("c"))
        #expect(client.screen().contains("Ctrl-C again quits"))
        #expect(client.model.login.password.isEmpty)
        client.press(.control("c"))
        #expect(client.quits)
    }

    @Test func ctrlCTwiceQuitsAfterARefusalAndDuringALogin() {
        var client = submitted()
        client.answer(.login(.alreadyLoggedIn))
        client.press(.control("c"), .control("c"))
        #expect(client.quits)
        client = submitted()
        client.type("hello")
        client.press(.control("c"), .control("c"))
        #expect(client.quits)
    }
}
