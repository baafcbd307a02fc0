import Foundation
import Testing

/// A terminal emulator without a window: tmux, with a server, a socket and settings of its own.
final class Tmux {
    private let folder: String
    private var count = 0

    /// - Parameter folder: where its socket is; a short path, for sockets have short names.
    init(folder: String) throws {
        self.folder = folder
        try write(
            """
            set -g status off
            set -s escape-time 0
            set -g default-terminal tmux-256color
            set -g history-limit 1000
            set -g allow-rename off

            """, to: "\(folder)/tmux.conf")
        // Not all shells take their prompt from the environment.
        try write("PS1='\(Screen.shellPrompt) '\n", to: "\(folder)/shell.rc")
    }

    /// A new screen of a fixed size with a shell on it.
    func screen(columns: Int = 100, rows: Int = 30, at place: SourceLocation = #_sourceLocation) throws -> Screen {
        count += 1
        let name = "s\(count)"
        // If this process is killed, the shell and what runs on it do not stay for ever.
        try command(["new-session", "-d", "-s", name, "-x", "\(columns)", "-y", "\(rows)", "timeout --foreground 900 sh -i"])
        let screen = Screen(tmux: self, name: name)
        try screen.waitFor(Screen.shellPrompt, at: place)
        return screen
    }

    @discardableResult
    func command(_ arguments: [String]) throws -> String {
        var environment = ChildProcess.environment(home: folder)
        environment["ENV"] = "\(folder)/shell.rc"
        let run = try CommandRun(
            "tmux", ["-u", "-S", "\(folder)/tmux", "-f", "\(folder)/tmux.conf"] + arguments, folder: folder, environment: environment)
        guard run.exit == .status(0) else { throw Failure("tmux \(arguments.joined(separator: " ")): \(run.errors)") }
        return run.output
    }

    /// Ends all screens and what runs on them.
    func end() {
        _ = try? command(["kill-server"])
    }
}

/// A server and terminals for as long as `body` runs.
func withServerAndTerminals(_ options: ServerProcess.Options = .init(), _ body: (ServerProcess, Tmux) throws -> Void) throws {
    try withServer(options) { server in
        let tmux = try Tmux(folder: server.folder)
        defer { tmux.end() }
        try body(server, tmux)
    }
}
