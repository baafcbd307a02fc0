import ChatProtocol
import Foundation
import Testing

/// Line mode as scripts use it: the texts of the specification, letter by letter, and the exit statuses.
extension EndToEnd {
    @Suite struct LineModeTests {
        @Test func everyTextIsThePinnedOne() throws {
            try withServer { server in
                let hans = try PipeClient.loggedIn("hans", server)
                let yoda = try PipeClient.loggedIn("yoda", server)
                try hans.expectNext("yoda logged in")

                try yoda.write("message hans Hey  Dude", "broadcast vader sucks", "whoelse", "whoelsesince 100")
                try hans.expectNext("yoda: Hey  Dude")
                try hans.expectNext("yoda (broadcast): vader sucks")
                try yoda.expectNext("hans")
                try yoda.expectNext("hans")

                try yoda.write("message nobody hi", "block nobody", "frobnicate", "whoelsesince soon", "message hans", "message yoda hi")
                try yoda.expectNext("Error. Invalid user")
                try yoda.expectNext("Error. Invalid user")
                for _ in 1...3 { try yoda.expectNext("Error. Invalid command") }
                try yoda.expectNext("Error. Cannot message self")

                try hans.write("block hans", "unblock yoda", "block yoda")
                try hans.expectNext("Error. Cannot block self")
                try hans.expectNext("Error. yoda was not blocked")
                try hans.expectNext("yoda is blocked")
                try yoda.write("message hans hello", "broadcast hello")
                // Before it, yoda may see hans leave: to the blocked, who blocks looks offline.
                try yoda.expect("Your message could not be delivered as the recipient has blocked you")
                try yoda.expectNext("Your message could not be delivered to some recipients")
                try hans.write("unblock yoda")
                try hans.expectNext("yoda is unblocked")

                try yoda.write("logout")
                try hans.expectNext("yoda logged out")
                #expect(try yoda.exitStatus() == .status(5), "some commands were refused")
                #expect(try hans.finish() == .status(5))
            }
        }

        @Test func whatCameWhileOfflineIsThereAtLogin() throws {
            try withServer { server in
                let yoda = try PipeClient.loggedIn("yoda", server)
                try yoda.write("message hans one", "message hans two", "message hans three", "logout")
                #expect(try yoda.exitStatus() == .status(0))
                let hans = try PipeClient.loggedIn("hans", server)
                for text in ["one", "two", "three"] { try hans.expectNext("yoda: \(text)") }
                #expect(try hans.finish() == .status(0))
                // Shown once is enough.
                let again = try PipeClient.loggedIn("hans", server)
                #expect(try again.finish() == .status(0))
                #expect(try again.remaining() == [])
            }
        }

        @Test func theThirdWrongPasswordEndsTheProgram() throws {
            try withServer { server in
                let client = try PipeClient(port: server.port, folder: server.folder)
                try client.write("yoda", "x", "y", "z")
                try client.expectNext("Invalid password. Please try again")
                try client.expectNext("Invalid password. Please try again")
                try client.expectNext("Invalid password. Your account has been blocked. Please try again later")
                #expect(try client.exitStatus() == .status(1))

                let locked = try PipeClient(port: server.port, folder: server.folder, ["--user", "yoda"])
                try locked.write("wise")
                try locked.expectNext("Your account is blocked due to multiple login failures. Please try again later")
                #expect(try locked.exitStatus() == .status(1))
            }
        }

        @Test func aNameThatIsOnlineIsRefused() throws {
            try withServer { server in
                let first = try PipeClient.loggedIn("yoda", server)
                let second = try PipeClient(port: server.port, folder: server.folder)
                try second.write("yoda", "wise")
                try second.expectNext("yoda is already logged in")
                #expect(try second.exitStatus() == .status(1))
                #expect(try first.finish() == .status(0))
            }
        }

        @Test func inactivityIsToldAndHasItsStatus() throws {
            try withServer(.init(timeout: 1)) { server in
                let yoda = try PipeClient.loggedIn("yoda", server)
                try yoda.expectNext("You have been logged out due to inactivity")
                #expect(try yoda.exitStatus() == .status(4))
            }
        }

        @Test func noServerHasItsStatus() throws {
            try withTemporaryFolder { folder in
                // Port 1 of the loopback address: nobody listens there.
                let client = try PipeClient(port: 1, folder: folder)
                try client.write("yoda", "wise")
                #expect(try client.exitStatus() == .status(3))
                #expect(!client.errors.isEmpty, "it says why")
            }
        }

        @Test func thePasswordCanComeFromACommand() throws {
            try withServer { server in
                let client = try PipeClient(
                    port: server.port, folder: server.folder, ["--user", "yoda", "--password-command", "echo wise"])
                try client.expectWelcome()
                #expect(try client.finish() == .status(0))
            }
        }

        @Test func commandsOfLaterBuildsAreAnsweredInOneLine() throws {
            try withServer { server in
                let yoda = try PipeClient.loggedIn("yoda", server)
                let commands = [
                    "startprivate hans", "stopprivate hans", "private hans hi", "register a.txt", "searchfile a.txt", "download a.txt",
                ]
                for command in commands {
                    try yoda.write(command)
                    try yoda.expect("an error for \(command)") { $0.hasPrefix("Error.") }
                }
                try yoda.write("logout")
                #expect(try yoda.exitStatus() == .status(5))
                #expect(try yoda.remaining() == [])
            }
        }

        @Test func nothingFromOthersControlsTheTerminal() throws {
            try withServer { server in
                let hans = try PipeClient.loggedIn("hans", server)
                let vader = try RawClient.extended("vader", port: server.port)
                try vader.tell("hans", "a\u{1B}]0;owned\u{7}\u{9B}2J\u{202E}b\nvader: c")
                try vader.tell("hans", "the end")
                _ = try hans.finishAfter("vader: the end") { lines in
                    let text = lines.joined()
                    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}" })
                    #expect(!lines.contains("vader: c"), "a newline must not fake a line")
                }
            }
        }

        @Test func halfTypedTextSurvivesWhatArrives() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.startClient(server, "--plain")
                try screen.waitFor("Username:")
                try screen.enter("yoda")
                try screen.waitFor("Password:")
                try screen.enter("wise")
                try screen.waitFor("Welcome")
                try screen.waitUntilGone("wise")

                try screen.type("message hans half a")
                try screen.waitFor("half a")
                let hans = try RawClient.extended("hans", port: server.port)
                try hans.tell("yoda", "in between")
                try screen.waitUntil("the line above the prompt, the typed text whole") { lines in
                    guard let arrived = lines.firstIndex(where: { $0.hasSuffix("hans: in between") }),
                        let typed = lines.firstIndex(where: { $0.hasSuffix("message hans half a") })
                    else { return false }
                    return arrived < typed
                }
                try screen.enter(" thought")
                try hans.awaits("half a thought", from: "yoda")
                try screen.enter("logout")
                // What is typed before the client has gone is still the client's.
                try screen.waitUntil("the shell's prompt again") { lines in
                    lines.last { !$0.isEmpty }?.trimmingCharacters(in: .whitespaces) == "shell>"
                }
                try screen.run("stty -a >after")
            }
        }
    }
}

extension PipeClient {
    /// Waits for `last`, hands all lines so far to `check`, and ends the client.
    fileprivate func finishAfter(_ last: String, _ check: ([String]) -> Void) throws -> ChildProcess.Exit {
        try expect(last)
        check(transcript)
        return try finish()
    }
}
