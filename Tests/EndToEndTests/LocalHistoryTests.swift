import ChatProtocol
import Foundation
import Testing

/// What the client keeps on its own disk.
extension EndToEnd {
    @Suite struct LocalHistoryTests {
        /// The files under a client's data folders, with what they hold.
        private func stored(_ server: ServerProcess) -> [(path: String, data: Data)] {
            let files = FileManager.default.enumerator(atPath: server.folder)?.compactMap { $0 as? String } ?? []
            return files.filter { $0.contains("/history/") }.compactMap { file in
                FileManager.default.contents(atPath: "\(server.folder)/\(file)").map { ("\(server.folder)/\(file)", $0) }
            }
        }

        private func isStored(_ text: String, _ server: ServerProcess) -> Bool {
            stored(server).contains { $0.data.range(of: Data(text.utf8)) != nil }
        }

        @Test func whatWasSaidIsThereAfterTheClientWasKilledAndTheServerHasForgotten() throws {
            // A server that keeps nothing: what is on the screen afterwards did not come from it.
            try withServerAndTerminals(.init(more: ["--store", "memory"])) { server, tmux in
                let yoda = try tmux.screen()
                let pidPath = try yoda.startClient(server)
                try yoda.fillInLogin("yoda", "wise")
                try yoda.waitFor(Screen.everyonePrompt)
                let hans = try RawClient.extended("hans", port: server.port)
                try hans.tell("yoda", "remember the seagull")
                try yoda.waitFor("remember the seagull")
                try yoda.enter("a word to everyone")
                try yoda.waitFor("✓ to 1")
                try yoda.enter("/message hans the seagull is remembered")
                try yoda.waitFor(matching: "remembered .*(sent|✓)")
                try eventually("it is on the disk") { isStored("the seagull is remembered", server) }
                for (path, _) in stored(server) {
                    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                    #expect(mode == 0o600, "\(path)")
                }
                kill(try #require(pid_t(contents(of: pidPath).filter(\.isNumber))), SIGKILL)
                server.killNow()
                try server.start()
                let again = try tmux.screen()
                // The one that was killed has left the terminal as it was.
                try yoda.type("stty sane")
                try yoda.press("C-j")
                try yoda.run("clear")
                try yoda.startAndLogIn("yoda", server)
                try yoda.waitFor("remember the seagull")
                try yoda.waitFor("a word to everyone")
                try yoda.waitFor("the seagull is remembered")
                // Nobody else finds it.
                try again.startAndLogIn("luke", server)
                #expect(try !again.lines().contains { $0.contains("a word to everyone") })

                // It is found by its words.
                try yoda.press("F3")
                try yoda.press("C-s")
                try yoda.type("seagull")
                try yoda.waitFor("1 of 2")
                try yoda.press("Escape")
                // What follows an Escape at once would be one key with it.
                try yoda.waitUntil("the search is closed") { !$0.contains { $0.contains("1 of 2") } }

                // And it is gone when it is to be forgotten.
                try yoda.enter("/forget")
                try yoda.waitFor("Enter again removes what is stored of hans")
                try yoda.press("Enter")
                try yoda.waitFor("2 stored lines are removed")
                #expect(!isStored("seagull", server))
                #expect(isStored("a word to everyone", server))
                try yoda.enter("/forget all yes")
                try eventually("nothing is left") { !isStored("a word to everyone", server) }
            }
        }

        @Test func whatGoesFromClientToClientReachesNoDisk() throws {
            try withServerAndTerminals { server, tmux in
                let (hans, luke) = (try tmux.screen(), try tmux.screen())
                try luke.startAndLogIn("luke", server)
                try hans.startAndLogIn("hans", server)
                try hans.waitFor("● luke")
                try hans.enter("/startprivate luke")
                try hans.waitFor("luke · private, direct")
                try luke.waitFor("🔒hans")
                try hans.enter("nobody shall read walrus")
                try luke.waitFor("nobody shall read walrus")
                try hans.waitFor("✓ delivered")
                try luke.press("F3")
                try luke.enter("nobody shall hear walrus")
                try hans.waitFor("nobody shall hear walrus")
                // Once that is on the disk, what was said before it would be, too.
                try hans.enter("/message luke a public oyster")
                try luke.enter("/message hans another oyster")
                try eventually("the others are stored") { isStored("a public oyster", server) && isStored("another oyster", server) }
                #expect(!isStored("walrus", server))

                try hans.enter("/set history-private on")
                try hans.enter("/private luke this may be read, dodo")
                try eventually("as the user wants it") { isStored("dodo", server) }
                #expect(!isStored("walrus", server))
            }
        }

        @Test func withoutARoomForItTheClientGoesOn() throws {
            try withServerAndTerminals { server, tmux in
                let yoda = try tmux.screen()
                let data = "\(server.folder)/\(ObjectIdentifier(yoda).hashValue.magnitude)"
                try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
                // A file where the folder should be.
                try write("", to: "\(data)/history")
                try yoda.startAndLogIn("yoda", server)
                try yoda.waitFor("There is no local history in this run")
                try yoda.enter("all the same")
                try yoda.waitFor("all the same")
                try yoda.waitFor("nobody online")
            }
        }
    }
}
