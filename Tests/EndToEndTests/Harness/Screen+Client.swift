import Foundation
import Testing

extension Screen {
    /// What the prompt says while plain text goes to everyone.
    static let everyonePrompt = "to everyone"

    /// Starts the client on this screen. Its process is a child of the shell, and its number is in the file that comes back.
    @discardableResult
    func startClient(_ server: ServerProcess, _ arguments: String = "", on prefix: [String] = []) throws -> String {
        let pidPath = "\(server.folder)/client.pid"
        let program = try Binaries.banter()
        // Each screen is a person with data of their own.
        let data = "\(server.folder)/\(ObjectIdentifier(self).hashValue.magnitude)"
        try enter(
            "sh -c 'echo $$ >\(pidPath); exec \(prefix.joined(separator: " ")) \"\(program)\" \(server.host) \(server.port) --data \(data) \(arguments)'"
        )
        return pidPath
    }

    /// Starts the full-screen client and logs in: name, Enter, password, Enter.
    func startAndLogIn(_ name: String, _ server: ServerProcess, at place: SourceLocation = #_sourceLocation) throws {
        try startClient(server)
        try fillInLogin(name, Accounts.password(of: name), at: place)
        try waitFor(Self.everyonePrompt, at: place)
    }

    /// Fills the login screen in.
    func fillInLogin(_ name: String, _ password: String, at place: SourceLocation = #_sourceLocation) throws {
        try waitForLogin(at: place)
        try enter(name)
        try waitFor(name, at: place)
        try enter(password)
    }

    func waitForLogin(at place: SourceLocation = #_sourceLocation) throws {
        let word = try Regex("password").ignoresCase()
        try waitUntil("the login screen", at: place) { lines in try isAlternate() && lines.contains { $0.contains(word) } }
    }

    /// The text on the input line, after the sign that ends the prompt and without the frame; `nil` if there is no such line.
    static func input(in lines: [String]) -> String? {
        guard let line = lines.last(where: { $0.contains("▸") }), let sign = line.lastIndex(of: "▸") else { return nil }
        var text = line[line.index(after: sign)...]
        while let last = text.last, last == " " || last == "│" { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return String(text)
    }
}
