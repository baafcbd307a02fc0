import Foundation
import Testing

/// One terminal of ``Tmux``: what a person would see on it, and keys to press.
final class Screen {
    static let shellPrompt = "shell>"

    private let tmux: Tmux
    private let name: String
    private var runs = 1000

    init(tmux: Tmux, name: String) {
        self.tmux = tmux
        self.name = name
    }

    // MARK: Keys

    /// Types the text as it is.
    func type(_ text: String) throws { try tmux.command(["send-keys", "-t", name, "-l", "--", text]) }

    /// Presses keys by their names in tmux: `Enter`, `C-c`, `F1`, `M-a`.
    func press(_ keys: String...) throws { try tmux.command(["send-keys", "-t", name] + keys) }

    /// Types a line and Enter.
    func enter(_ line: String) throws {
        try type(line)
        try press("Enter")
    }

    /// Pastes the text as a terminal does, between the marks of bracketed paste if the program asked for them.
    func paste(_ text: String) throws {
        try tmux.command(["set-buffer", "--", text])
        try tmux.command(["paste-buffer", "-p", "-t", name])
    }

    func resize(columns: Int, rows: Int) throws {
        try tmux.command(["resize-window", "-t", name, "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// Writes to the terminal behind the program's back.
    func scribble(_ text: String) throws {
        let terminal = try tmux.command(["display-message", "-p", "-t", name, "#{pane_tty}"]).filter { !$0.isWhitespace }
        let descriptor = try openFile(terminal, O_WRONLY | O_NOCTTY)
        defer { close(descriptor) }
        let bytes = Array("\u{1B}[2;1H\(text)".utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure.system("write to \(terminal)") }
    }

    // MARK: Sight

    /// The lines on the screen now, without spaces at their ends.
    func lines() throws -> [String] {
        try tmux.command(["capture-pane", "-p", "-t", name]).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether a program has the whole screen for itself.
    func isAlternate() throws -> Bool {
        try tmux.command(["display-message", "-p", "-t", name, "#{alternate_on}"]).hasPrefix("1")
    }

    /// Waits until `text` is on the screen.
    func waitFor(_ text: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation) throws {
        try waitUntil("“\(text)” on the screen", within: seconds, at: place) { lines in lines.contains { $0.contains(text) } }
    }

    /// Waits until something on the screen matches, upper and lower case alike.
    func waitFor(matching pattern: String, at place: SourceLocation = #_sourceLocation) throws {
        let expression = try Regex(pattern).ignoresCase()
        try waitUntil("“\(pattern)” on the screen", at: place) { lines in lines.contains { $0.contains(expression) } }
    }

    /// Waits until `text` is nowhere on the screen.
    func waitUntilGone(_ text: String, at place: SourceLocation = #_sourceLocation) throws {
        try waitUntil("“\(text)” gone", at: place) { lines in !lines.contains { $0.contains(text) } }
    }

    /// Waits until `holds` is true of the screen; the screen is part of the error if it never is.
    func waitUntil(
        _ what: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation,
        _ holds: ([String]) throws -> Bool
    ) throws {
        let deadline = Deadline.after(seconds)
        while true {
            let lines = try lines()
            if try holds(lines) { return }
            if deadline.hasPassed {
                throw Failure("not within \(seconds) s: \(what); the screen was\n\(lines.joined(separator: "\n"))", at: place)
            }
            usleep(20_000)
        }
    }

    // MARK: The shell

    /// Runs a command line in the shell and waits until it is done.
    func run(_ line: String, at place: SourceLocation = #_sourceLocation) throws {
        runs += 1
        // The sum is not what was typed, so its sight is the shell's answer and not the echo.
        try enter("\(line); echo finished-$((\(runs)+0))")
        try waitFor("finished-\(runs)", at: place)
    }
}
