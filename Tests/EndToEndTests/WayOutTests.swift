import Foundation
import Testing

/// However the client ends, the terminal is as it was: its settings, and every mode that was switched on is off.
extension EndToEnd {
    @Suite struct WayOutTests {
        enum Face: String, CaseIterable { case fullScreen, lineMode }

        static let endings: [Int32] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL, SIGFPE]

        @Test(arguments: Face.allCases, endings) func everySignalLeavesAnOrdinaryTerminal(_ face: Face, _ signal: Int32) throws {
            try withClient(face) { terminal, client in
                client.send(signal)
                _ = try client.wait()
            }
        }

        @Test(arguments: Face.allCases) func quittingLeavesAnOrdinaryTerminal(_ face: Face) throws {
            try withClient(face) { terminal, client in
                terminal.type("\u{4}")
                if face == .fullScreen { terminal.type("\u{4}") }
                _ = try client.wait()
            }
        }

        /// Stopped without warning, the client cannot give the terminal back; but it takes it again.
        @Test(arguments: Face.allCases) func afterAStopWithoutWarningTheTerminalIsTakenAgain(_ face: Face) throws {
            try withClient(face) { terminal, client in
                let taken = terminal.settings
                client.send(SIGSTOP)
                var state: Int32 = 0
                #expect(waitpid(client.pid, &state, WUNTRACED) == client.pid)
                // What a shell does.
                _ = try CommandRun("stty", ["-F", terminal.name, "sane"], folder: "/")
                #expect(terminal.settings != taken)
                let before = terminal.output.count
                client.send(SIGCONT)
                try terminal.wait(for: "\u{1B}[?2004h", from: before)
                try eventually("the settings are the client's") { terminal.settings == taken }
                client.send(SIGTERM)
                _ = try client.wait()
            }
        }

        private func withClient(_ face: Face, _ body: (RawTerminal, ChildProcess) throws -> Void) throws {
            let folder = try makeTemporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let terminal = try RawTerminal()
            let before = terminal.settings
            let arguments = ["localhost", "9", "--data", "\(folder)/data"] + (face == .lineMode ? ["--plain"] : [])
            let client = try terminal.start(Binaries.banter(), arguments, folder: folder)
            defer { client.end() }
            try terminal.wait(for: face == .lineMode ? "Username" : "Password")
            try terminal.wait(for: "\u{1B}[?2004h")
            #expect(terminal.settings != before)
            try body(terminal, client)
            try terminal.drain()
            #expect(terminal.settings == before)
            // Of all modes only the visible cursor, the wrapping at the margin and the steady cursor's opposite stay.
            let left = terminal.modes.filter { $0.value && ![25, 7, 12].contains($0.key) }
            #expect(left.isEmpty, "\(terminal.words)")
            #expect(terminal.modes[25] != false, "the cursor is visible")
        }
    }
}
