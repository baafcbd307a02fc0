import ChatProtocol
import Foundation
import Testing

/// The full-screen client on a real terminal, as people see it.
extension EndToEnd {
    @Suite struct FullScreenTests {
        @Test func twoPeopleTalkBlockAndMissNothing() throws {
            try withServerAndTerminals { server, tmux in
                let (yoda, hans) = (try tmux.screen(), try tmux.screen())
                try yoda.startAndLogIn("yoda", server)
                try hans.startAndLogIn("hans", server)
                try yoda.waitFor("hans logged in")
                try hans.waitUntil("both in the list of who is online") { lines in
                    let list = lines.joined(separator: "\n")
                    return list.contains("Online") && list.contains("yoda") && list.contains("hans")
                }

                try hans.enter("good morning to all")
                try yoda.waitFor("good morning to all")

                try yoda.enter("/message hans much to learn")
                try hans.waitFor("much to learn")
                try yoda.waitFor("much to learn")
                try yoda.waitFor("delivered")

                try hans.enter("/block yoda")
                try hans.waitFor("yoda is blocked")
                try yoda.enter("/message hans answer me")
                try yoda.waitFor(matching: "blocked you|has blocked")
                try hans.enter("/unblock yoda")
                try hans.waitFor("yoda is unblocked")
                try yoda.enter("/message hans friends again")
                try hans.waitFor("friends again")

                try hans.enter("/logout")
                try hans.waitUntil("the shell is back") { $0.contains { $0.hasPrefix(Screen.shellPrompt) } }
                let luke = try RawClient.extended("luke", port: server.port)
                try eventually("hans is offline") { try luke.asksWhoElse() == ["yoda"] }
                try yoda.waitFor("hans logged out")
                try yoda.enter("/message hans while you were out")
                try yoda.waitFor("while you were out")
                try hans.run("clear")
                try hans.startAndLogIn("hans", server)
                try hans.waitFor("while you were out")
            }
        }

        @Test func aSettingHoldsAtOnceAndInTheNextRun() throws {
            try withServerAndTerminals { server, tmux in
                let yoda = try tmux.screen()
                try yoda.startAndLogIn("yoda", server)
                try yoda.enter("/set bind F9 help")
                try yoda.waitFor("bind F9 help")
                try yoda.press("F9")
                try yoda.waitFor("What one needs")
                try yoda.press("Escape")
                try yoda.waitUntilGone("What one needs")
                try yoda.enter("/logout")
                try yoda.waitUntil("the shell is back") { $0.contains { $0.hasPrefix(Screen.shellPrompt) } }
                try yoda.run("clear")
                try yoda.startAndLogIn("yoda", server)
                try yoda.press("F9")
                try yoda.waitFor("What one needs")
            }
        }

        @Test func aWrongPasswordKeepsTheLoginScreen() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.startClient(server)
                try screen.fillInLogin("yoda", "sesame")
                try screen.waitFor(matching: "wrong|invalid|incorrect")
                #expect(try !screen.lines().contains { $0.contains("sesame") }, "a password is never shown")
                #expect(try screen.lines().contains { $0.contains("yoda") }, "the name stays")
                try screen.enter("wise")
                try screen.waitFor(Screen.everyonePrompt)
                #expect(try !screen.lines().contains { $0.contains("wise") })
            }
        }

        @Test func inactivityIsShownAndEnterLogsInAgain() throws {
            try withServerAndTerminals(.init(blockDuration: 10, timeout: 3)) { server, tmux in
                let (yoda, hans) = (try tmux.screen(), try tmux.screen())
                try yoda.startAndLogIn("yoda", server)
                try yoda.waitFor(matching: "logged out.*inactiv")
                try yoda.press("Enter")
                try yoda.waitFor(Screen.everyonePrompt)
                // The other one's end is seen by whoever stays, with a command now and then.
                try hans.startAndLogIn("hans", server)
                try yoda.waitUntil("hans logged out, too") { lines in
                    try yoda.enter("/whoelsesince 1")
                    usleep(300_000)
                    return lines.contains { $0.contains("hans logged out") }
                }
            }
        }

        @Test func keysOpenHelpAndMoveTheFocus() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen(columns: 120, rows: 40)
                try screen.startAndLogIn("yoda", server)
                try screen.press("F1")
                try screen.waitFor("Ctrl-P")
                try screen.press("Escape")
                try screen.waitUntilGone("Ctrl-P")
                let hans = try RawClient.extended("hans", port: server.port)
                try hans.tell("yoda", "look here")
                try screen.waitFor("look here")
                try screen.press("F3")
                try screen.waitFor("to hans")
                try screen.enter("I see")
                try hans.awaits("I see", from: "yoda")
                try screen.press("F2")
                try screen.waitFor(Screen.everyonePrompt)
                try screen.press("F4")
                try screen.press("F2")
                // Unknown commands are never sent as text, and neither is one without its slash.
                try screen.enter("/frobnicate the gizmo")
                try screen.waitFor("no such command")
                try screen.enter("a plain line")
                let text = try hans.first("broadcast") { message in
                    if case .event(.broadcast(_, let text, _)) = message { text } else { nil }
                }
                #expect(text == "a plain line")
            }
        }

        @Test func everySizeKeepsWhatIsTyped() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.startAndLogIn("yoda", server)
                try screen.type("half typed")
                try screen.waitFor("half typed")
                for (columns, rows) in [(60, 20), (20, 5), (1, 1), (3, 2), (200, 60), (79, 24)] {
                    try screen.resize(columns: columns, rows: rows)
                    if columns >= 60 { try screen.waitFor("half typed") }
                }
                try screen.waitUntilGone("Online")
                try screen.resize(columns: 120, rows: 40)
                try screen.waitFor("Online")
                try screen.waitUntil("the typed text alone on the input line") { Screen.input(in: $0) == "half typed" }
            }
        }

        enum WayOut: String, CaseIterable {
            case controlCTwice, quitCommand, terminate, hangUp, crash
        }

        @Test(arguments: WayOut.allCases) func everyWayOutRestoresTheTerminal(_ way: WayOut) throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.run("stty -a >before")
                let pidPath = try screen.startClient(server)
                try screen.fillInLogin("yoda", "wise")
                try screen.waitFor(Screen.everyonePrompt)
                func pid() throws -> pid_t {
                    try #require(pid_t(contents(of: pidPath).filter(\.isNumber)))
                }
                switch way {
                case .controlCTwice:
                    try screen.type("typed")
                    try screen.waitFor("typed")
                    // The first one clears the line, then it takes two.
                    try screen.press("C-c")
                    try screen.waitUntil("a clear line") { Screen.input(in: $0) == "" }
                    try screen.press("C-c")
                    try screen.press("C-c")
                case .quitCommand: try screen.enter("/quit")
                case .terminate: kill(try pid(), SIGTERM)
                case .hangUp: kill(try pid(), SIGHUP)
                case .crash: kill(try pid(), SIGSEGV)
                }
                try eventually("the terminal has its old screen back") { try !screen.isAlternate() }
                try screen.waitUntil("the shell prompt") { $0.last { !$0.isEmpty }?.hasPrefix(Screen.shellPrompt) ?? false }
                try screen.run("stty -a >after")
                #expect(contents(of: "\(server.folder)/after") == contents(of: "\(server.folder)/before"))
                // The name is free at once: the session went with the program.
                try eventually("yoda is offline") { (try? RawClient.extended("yoda", port: server.port)) != nil }
            }
        }

        @Test func aSuspendedClientComesBackWhole() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.startAndLogIn("yoda", server)
                try screen.type("still here")
                try screen.waitFor("still here")
                try screen.press("C-z")
                try eventually("the old screen is back") { try !screen.isAlternate() }
                try screen.run("true")
                try screen.enter("fg")
                try eventually("the client has the screen again") { try screen.isAlternate() }
                try screen.waitUntil("the typed text") { Screen.input(in: $0) == "still here" }
            }
        }

        @Test func aServerThatComesBackIsFoundAgain() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                try screen.startAndLogIn("yoda", server)
                server.killNow()
                try screen.waitFor(matching: "reconnect|connecting|no connection")
                try screen.enter("said into the dark")
                try server.start()
                let hans = try RawClient.extended("hans", port: server.port)
                // Typed while there was no server, sent when there is one again; broadcasts reach who is online then.
                try screen.enter("/message hans light again")
                try hans.awaits("light again", from: "yoda")
            }
        }
    }
}
