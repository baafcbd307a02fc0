import ChatProtocol
import Foundation
import Testing

/// Letters as the real program writes them to a real terminal.
extension EndToEnd {
    @Suite struct EchoOutputTests {
        @Test func aLetterIsOnTheTerminalBeforeItIsDrawn() throws {
            try withServer { server in
                let terminal = try RawTerminal()
                let arguments = [server.host, "\(server.port)", "--data", "\(server.folder)/echo", "--user", "yoda"]
                let client = try terminal.start(Binaries.banter(), arguments, folder: server.folder)
                defer { client.end() }
                try terminal.wait(for: "Password")
                terminal.type(Accounts.password(of: "yoda") + "\r")
                try terminal.wait(for: "to everyone")
                // The first key after the login puts the words about it away.
                terminal.type("#")
                try terminal.wait(for: "#")
                for letter in ["x", "ж", "y"] {
                    let start = terminal.output.count
                    terminal.type(letter)
                    try terminal.wait(for: "\(letter)\u{8}\(letter)", from: start)
                    try #require(terminal.output[start...].starts(with: letter.utf8), "\(terminal.words)")
                }
            }
        }

        @Test func whatIsTypedAsFastAsCanBeStandsAsItWasTyped() throws {
            try withServer { server in
                let yoda = try PseudoTerminal.client("yoda", server, columns: 60, rows: 12)
                defer { yoda.end() }
                let vader = try RawClient.extended("vader", port: server.port)
                for round in 0..<5 {
                    let words = String(repeating: "the bright pig üñ ж \(round) ", count: 5).dropLast()
                    for letter in words {
                        try yoda.type(String(letter))
                        if letter == " " { try vader.send(.broadcast(text: "beside it \(round)", key: nil)) }
                    }
                    try yoda.type("\r")
                    try yoda.waitFor("beside it \(round)")
                    try vader.send(.broadcast(text: "round \(round)", key: nil))
                    try yoda.waitFor("round \(round)")
                    try expectFreshDrawing(on: yoda)
                }
            }
        }
    }
}
