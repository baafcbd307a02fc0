/// What is said about a command while it is typed.
extension Model {
    /// What is said while a line that was held back is typed on.
    var heldHint: [String]? {
        guard screen == .main else { return nil }
        return inRoom { room in
            guard let held = room.heldLine, held.first != "/", room.editor.bytes >= held.utf8.count, room.editor.text.hasPrefix(held) else {
                return nil
            }
            return [
                "Not sent yet · Enter sends the whole line · \(key(.interrupt)) clears it", "Not sent yet · Enter sends the whole line",
                "Not sent yet",
            ]
        }
    }

    /// `nil` for a line that is no command, or one about which there is nothing to say.
    var commandHint: [String]? {
        guard screen == .main, room.editor.bytes < 256, room.editor.characters.first == "/" else { return nil }
        let line = room.editor.text
        let name = firstWord(of: line)
        if let entry = Self.entry(named: name) {
            let usage = "/\(name)\(entry.arguments.isEmpty ? "" : " " + entry.arguments)"
            // What it wants is more than what it does, where both have no room.
            return ["\(usage): \(entry.words)"] + (entry.arguments.isEmpty ? [entry.words] : [usage])
        }
        // The name is complete, and there is none such: Enter says so.
        guard line.utf8.count == name.utf8.count + 1 else { return nil }
        let names = Self.commandNames.filter { $0.hasPrefix(name) }
        return names.isEmpty ? nil : ["\(key(.complete)): " + names.map { "/" + $0 }.joined(separator: " ")]
    }

    /// In order.
    static var commandNames: [String] { (CommandTable.entries.map(\.name) + localCommands.map(\.name)).sorted() }

    private static func entry(named name: String) -> (arguments: String, words: String)? {
        if let entry = CommandTable.entry(named: name) { return (entry.arguments, entry.summary) }
        return localCommands.first { $0.name == name }.map { ($0.arguments, $0.words) }
    }
}
