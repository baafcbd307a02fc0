import Testing

@testable import ChatClient

@Suite struct NearestTests {
    private static let names = ["hans", "luke", "vader", "r2d2", "c3p0", "leia", "obiwan", "chewy", "palpatine"]

    @Test(arguments: [
        ("hasn", "hans"), ("Hans", "hans"), ("han", "hans"), ("lukee", "luke"), ("vadre", "vader"), ("obi", "obiwan"), ("c3po", "c3p0"),
        ("palpetin", "palpatine"),
    ])
    func aSlipOrTwoAwayIsWhatWasMeant(typed: String, meant: String) {
        #expect(Nearest.words(to: typed, in: Self.names).first == meant)
    }

    @Test(arguments: ["", "x", "zzzz", "yoda", "a very long line that is no name of anybody at all, and longer than any name could be"])
    func whatIsNearNothingSuggestsNothing(typed: String) {
        #expect(Nearest.words(to: typed, in: Self.names).isEmpty)
    }

    @Test func theLikeliestComesFirstAndThereAreFew() {
        #expect(Nearest.words(to: "luek", in: ["lucy", "luke"]) == ["luke"])
        #expect(Nearest.words(to: "user", in: (0..<50).map { "user\($0)" }).count == 3)
        #expect(Nearest.words(to: "HANS", in: ["hansel", "hans"]).first == "hans")
    }

    @Test func distanceCountsSlips() {
        func distance(_ a: String, _ b: String) -> Int { Nearest.distance(Array(a.utf8), Array(b.utf8)) }
        #expect(distance("", "") == 0)
        #expect(distance("", "abc") == 3)
        #expect(distance("abc", "") == 3)
        #expect(distance("msg", "mgs") == 1)
        #expect(distance("kitten", "sitting") == 3)
    }

    // MARK: Commands

    @Test(arguments: [
        ("mgs", "/mgs: no such command · /msg?"), ("mesage", "/mesage: no such command · /message?"),
        ("whosesince", "/whosesince: no such command · /whoelsesince?"),
        ("xyzzy", "/xyzzy: no such command"), ("part", "/part: no such command · /close?"),
    ])
    func theNearestCommandIsNamed(typed: String, words: String) {
        #expect(CommandAdvice.words(.unknown(typed), among: Model.commandNames, sign: "/") == words)
        var client = ScreenFixture.online(width: 100)
        client.effects = []
        client.enter("/" + typed)
        #expect(client.line(with: words) != nil)
        #expect(client.sent.isEmpty)
        client.press(.control("u"))
        client.enter("/set accessible on")
        client.enter("/" + typed)
        #expect(client.line(with: String(words.prefix { $0 != "·" }.dropLast())) != nil)
    }

    /// Somebody who comes from an IRC client is told what is there in place of what he knows, and never a word that is near by chance.
    @Test(arguments: [
        ("/query luke", "/msg NAME opens a conversation"),
        ("/join #swift", "Ctrl-G goes to a conversation or a person, Alt-1 to the first"),
        ("/buffer 2", "Ctrl-G goes to a conversation"), ("/me waves", "There is no such thing as /me here"),
        ("/away", "There is no such thing as /away here"), ("/whois luke", "There is no such thing as /whois here"),
        ("/names", "/names: no such command · /whoelse?"), ("/who", "/who: no such command · /whoelse?"),
    ])
    func whatIrcHasIsToldInOurWords(typed: String, words: String) {
        var client = ScreenFixture.online(width: 120)
        client.effects = []
        client.enter(typed)
        #expect(client.line(with: words) != nil)
        #expect(client.sent.isEmpty && client.inputLine() == "")
        client.press(.up)
        #expect(client.inputLine() == typed)
    }

    @Test func lineModeTellsPeopleTheSameAndScriptsNothing() {
        var person = LineModeFixture.loggedIn(interactive: true)
        #expect(person.type("mesage yoda hi").contains(.notice("mesage: no such command · message?")))
        #expect(person.type("/message yoda hi").contains(.notice("/message: no such command · message?")))
        #expect(person.type("message").contains(.notice("message USER TEXT")))
        #expect(person.type("exit").contains(.notice("logout, or Ctrl-D, leaves.")))
        var script = LineModeFixture.loggedIn(interactive: false)
        #expect(script.type("mesage yoda hi") == [.print("Error. Invalid command")])
    }
}
