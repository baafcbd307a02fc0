import ChatProtocol
import Foundation
import Testing

/// `$EDITOR` on a real terminal: what it gets, what it leaves, and who has the terminal when.
extension EndToEnd {
    @Suite struct DraftInEditorTests {
        @Test func theDraftGoesToTheEditorAndComesBackWhileMessagesArrive() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                let before = try start(
                    screen, server,
                    """
                    stat -c '%a' "$1" "$(dirname "$1")" >modes
                    echo "$1" >path
                    cat "$1" >draft
                    stty -a >stty-inside
                    echo EDITOR IS OPEN
                    until [ -e go ]; do sleep 0.05; done
                    printf 'from the editor' >"$1"
                    touch "$1~"
                    """)
                try screen.type("half typed")
                try screen.press("C-x", "C-e")
                try screen.waitFor("EDITOR IS OPEN")
                #expect(try !screen.isAlternate(), "the editor has the ordinary screen")
                #expect(contents(of: "\(server.folder)/stty-inside") == before, "and an ordinary terminal")
                #expect(contents(of: "\(server.folder)/modes") == "600\n700\n")
                #expect(contents(of: "\(server.folder)/draft") == "half typed\n")
                let hans = try RawClient.extended("hans", port: server.port)
                try hans.tell("yoda", "while you were writing")
                try screen.resize(columns: 80, rows: 24)
                try write("", to: "\(server.folder)/go")
                try screen.waitUntil("the edited draft") { Screen.input(in: $0) == "from the editor" }
                try screen.waitFor("while you were writing")
                let path = contents(of: "\(server.folder)/path").split(separator: "\n").first.map(String.init) ?? ""
                #expect(path.hasSuffix("/message.txt"))
                #expect(!FileManager.default.fileExists(atPath: (path as NSString).deletingLastPathComponent), "nothing is left")
                try screen.press("Enter")
                let text = try hans.first("broadcast") { message in
                    if case .event(.broadcast(_, let text, _)) = message { text } else { nil }
                }
                #expect(text == "from the editor")
            }
        }

        @Test(arguments: [("exit 3", "status 3"), ("exec nothing-such", "no editor"), ("kill -9 $$", "signal 9")])
        func anEditorThatFailsLeavesTheDraftAndNoFile(body: String, words: String) throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                _ = try start(screen, server, "echo changed >\"$1\"; echo \"$1\" >path\n\(body)")
                try screen.type("still here")
                try screen.press("C-x", "C-e")
                try screen.waitFor("The draft is as it was")
                try screen.waitUntil("the draft") { Screen.input(in: $0) == "still here" }
                let path = contents(of: "\(server.folder)/path").split(separator: "\n").first.map(String.init) ?? ""
                #expect(!path.isEmpty && !FileManager.default.fileExists(atPath: (path as NSString).deletingLastPathComponent))
            }
        }

        @Test func theEndOfTheProgramEndsTheEditorToo() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                _ = try start(screen, server, "echo \"$1\" >path; echo $$ >editor.pid; echo EDITOR IS OPEN; exec sleep 600")
                try screen.press("C-x", "C-e")
                try screen.waitFor("EDITOR IS OPEN")
                let client = try #require(pid_t(contents(of: "\(server.folder)/client.pid").filter(\.isNumber)))
                let editor = try #require(pid_t(contents(of: "\(server.folder)/editor.pid").filter(\.isNumber)))
                kill(client, SIGTERM)
                try screen.waitUntil("the shell prompt") { $0.last { !$0.isEmpty }?.hasPrefix(Screen.shellPrompt) ?? false }
                try eventually("the editor is gone") { kill(editor, 0) != 0 }
                #expect(try !screen.isAlternate())
            }
        }

        /// Logged in, with an editor of these lines; what `stty -a` said before.
        private func start(_ screen: Screen, _ server: ServerProcess, _ script: String) throws -> String {
            let editor = "\(server.folder)/editor"
            try write("#!/bin/sh\ncd \(server.folder)\n\(script)\n", to: editor)
            chmod(editor, 0o700)
            try screen.run("export VISUAL=\(editor); stty -a >\(server.folder)/before")
            try screen.startAndLogIn("yoda", server)
            return contents(of: "\(server.folder)/before")
        }
    }
}
