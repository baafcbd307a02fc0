import Foundation
import Testing

/// Links as the real program writes them to a real terminal.
extension EndToEnd {
    @Suite struct LinkOutputTests {
        private static let address = "https://example.org/film?id=1"

        @Test func anAddressIsWrittenAsALinkWhereTheTerminalIsKnownForIt() throws {
            try withServer { server in
                let output = try output(of: server, ["VTE_VERSION": "7006"])
                #expect(output.contains(";\(Self.address)\u{1B}\\"), "the link")
                #expect(output.contains("\u{1B}]8;;\u{1B}\\"), "and its end")
            }
        }

        @Test func elsewhereNothingOfLinksIsWritten() throws {
            try withServer { server in
                let output = try output(of: server, [:])
                #expect(!output.contains("\u{1B}]8;"))
            }
        }

        /// What a client writes that is shown an address.
        private func output(of server: ServerProcess, _ environment: [String: String]) throws -> String {
            let terminal = try RawTerminal()
            let arguments = [server.host, "\(server.port)", "--data", "\(server.folder)/links", "--user", "yoda"]
            let client = try terminal.start(Binaries.banter(), arguments, folder: server.folder, environment)
            defer { client.end() }
            try terminal.wait(for: "Password")
            terminal.type(Accounts.password(of: "yoda") + "\r")
            try terminal.wait(for: "to everyone")
            let hans = try RawClient.extended("hans", port: server.port)
            try hans.tell("yoda", "see \(Self.address) and tell me")
            try terminal.wait(for: "tell me")
            // The next thing drawn shows that all of the one before is written.
            terminal.type("xyzzy")
            try terminal.wait(for: "xyzzy")
            return String(decoding: terminal.output, as: UTF8.self)
        }
    }
}
