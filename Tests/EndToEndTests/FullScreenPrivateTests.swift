import Foundation
import Testing

/// Private sessions between two real full-screen clients.
extension EndToEnd {
    @Suite struct FullScreenPrivateTests {
        private func openSession(_ server: ServerProcess, _ tmux: Tmux) throws -> (hans: Screen, luke: Screen) {
            let luke = try tmux.screen()
            try luke.startAndLogIn("luke", server)
            let hans = try tmux.screen()
            try hans.startAndLogIn("hans", server)
            try hans.waitFor("● luke")
            try hans.enter("/startprivate luke")
            try hans.waitFor("luke · private, direct, not verified")
            try luke.waitFor("🔒hans")
            try luke.press("F3")
            return (hans, luke)
        }

        @Test func twoPeopleTalkAndVerifyEachOther() throws {
            try withServerAndTerminals { server, tmux in
                let (hans, luke) = try openSession(server, tmux)
                try luke.waitFor("hans has opened a private session with you: direct, not verified")
                try hans.enter("where are you")
                try luke.waitFor("where are you")
                try hans.waitFor("✓ delivered")
                try luke.enter("at the bar")
                try hans.waitFor("at the bar")

                try hans.enter("/verify")
                try luke.enter("/verify")
                let number = try safetyNumber(on: hans)
                #expect(number.count == 12)
                #expect(try safetyNumber(on: luke) == number)
                try hans.enter("/verify yes")
                try hans.waitFor("luke · private, direct, verified")

                try luke.enter("/stopprivate")
                try hans.waitFor("luke has closed the private session")
                try hans.enter("gone?")
                try hans.waitFor("Not sent: there is no private session with luke")
                #expect(Screen.input(in: try hans.lines()) == "")
                try hans.press("Up")
                try hans.waitFor("▸ gone?")
            }
        }

        /// The groups of five digits on the screen, once there are twelve.
        private func safetyNumber(on screen: Screen) throws -> [String] {
            var groups: [String] = []
            try screen.waitUntil("twelve groups of five digits") { lines in
                groups = lines.flatMap { $0.split { $0 == " " || $0 == "│" } }.map(String.init)
                    .filter { $0.count == 5 && $0.allSatisfy(\.isNumber) }
                return groups.count >= 12
            }
            return groups
        }

        @Test func theSessionOutlivesTheServer() throws {
            try withServerAndTerminals { server, tmux in
                let (hans, luke) = try openSession(server, tmux)
                server.killNow()
                try hans.waitFor("reconnecting")
                try hans.enter("still here")
                try luke.waitFor("still here")
                try hans.waitFor("✓ delivered")
            }
        }

        @Test func aKilledPeerIsToldAndItsLinesFail() throws {
            try withServerAndTerminals { server, tmux in
                let luke = try tmux.screen()
                let pidPath = try luke.startClient(server)
                try luke.fillInLogin("luke", Accounts.password(of: "luke"))
                try luke.waitFor(Screen.everyonePrompt)
                let pid = try #require(pid_t(String(contentsOfFile: pidPath, encoding: .utf8).split(separator: "\n")[0]))
                let hans = try tmux.screen()
                try hans.startAndLogIn("hans", server)
                try hans.enter("/startprivate luke")
                try hans.waitFor("luke · private, direct, not verified")
                // Stopped, it takes nothing any more; then it is no more.
                kill(pid, SIGSTOP)
                try hans.enter("lost words")
                try hans.waitFor("lost words")
                kill(pid, SIGKILL)
                try hans.waitFor("✗ failed: it did not arrive", within: 60)
                try hans.waitFor("luke · no private session")
            }
        }
    }
}
