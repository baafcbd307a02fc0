import Foundation
import Testing

/// The theme and the terminal's background, with the real program and a terminal that answers, or does not.
extension EndToEnd {
    @Suite struct BackgroundTests {
        private static let question = "\u{1B}]11;?\u{7}"
        private static let white = "\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\"
        /// The colour of the prompt on a dark and on a light background.
        private static let (dark, light) = ("38;5;81m", "38;5;25m")

        /// Logs yoda in on a terminal that, if it is to, answers that it is white; returns what was written, or what was after something.
        private func output(
            of server: ServerProcess, _ environment: [String: String] = [:], answers: Bool, after awaited: String? = nil
        ) throws -> String {
            let terminal = try RawTerminal()
            let arguments = [server.host, "\(server.port)", "--data", "\(server.folder)/data", "--user", "yoda"]
            let client = try terminal.start(Binaries.banter(), arguments, folder: server.folder, environment)
            defer { client.end() }
            try terminal.wait(for: Self.question)
            try terminal.wait(for: "Password")
            if answers { terminal.type(Self.white) }
            if let awaited { try terminal.wait(for: awaited) }
            let start = terminal.output.count
            terminal.type(Accounts.password(of: "yoda") + "\r")
            try terminal.wait(for: "to everyone", from: start)
            terminal.type("xyzzy")
            try terminal.wait(for: "xyzzy", from: start)
            let written = String(decoding: terminal.output, as: UTF8.self)
            #expect(!written.contains("rgb"), "the answer is not typed")
            return awaited == nil ? written : String(decoding: terminal.output[start...], as: UTF8.self)
        }

        @Test func aTerminalThatSaysItIsWhiteGetsTheLightTheme() throws {
            try withServer { server in
                let output = try output(of: server, answers: true, after: Self.light)
                #expect(output.contains(Self.light) && !output.contains(Self.dark))
            }
        }

        @Test func oneThatSaysNothingKeepsNobodyWaiting() throws {
            try withServer { server in
                let output = try output(of: server, answers: false)
                #expect(output.contains(Self.dark) && !output.contains(Self.light))
            }
        }

        @Test func theEnvironmentCountsUntilTheTerminalAnswers() throws {
            try withServer { server in
                let output = try output(of: server, ["COLORFGBG": "0;15"], answers: false)
                #expect(output.contains(Self.light) && !output.contains(Self.dark))
            }
        }

        /// Whoever takes the program up again may do so with another terminal.
        @Test func theTerminalIsAskedAgainWhenItIsTakenBack() throws {
            try withServer { server in
                let terminal = try RawTerminal()
                let arguments = [server.host, "\(server.port)", "--data", "\(server.folder)/data", "--user", "yoda"]
                let client = try terminal.start(Binaries.banter(), arguments, folder: server.folder)
                defer { client.end() }
                try terminal.wait(for: "Password")
                try terminal.wait(for: Self.dark)
                let start = terminal.output.count
                client.send(SIGCONT)
                try terminal.wait(for: Self.question, from: start)
                terminal.type(Self.white)
                try terminal.wait(for: Self.light, from: start)
            }
        }

        @Test func theThemeThatWasChosenHoldsAgainstIt() throws {
            try withServer { server in
                let folder = "\(server.folder)/.config/banter"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try write("theme = dark\n", to: "\(folder)/config")
                let output = try output(of: server, answers: true)
                #expect(output.contains(Self.dark) && !output.contains(Self.light))
            }
        }
    }
}
