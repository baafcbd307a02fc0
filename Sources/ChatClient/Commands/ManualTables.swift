/// The live tables of the client, for its manual page: what the program obeys is what is written down.
package enum ManualTables {
    package typealias Entry = (term: String, words: String)

    /// Keys of the full screen and what they do, unless they are bound anew.
    package static var keys: [Entry] { KeyMap.standard.help.map { ($0.keys, $0.words) } }

    /// Keys of the line.
    package static var editingKeys: [Entry] { KeyMap.standard.editing.map { ($0.keys, $0.words) } }

    /// Commands of line mode, which the full screen has after a slash.
    package static var commands: [Entry] { CommandTable.entries.map { ($0.usage, $0.summary) } }

    /// Commands of the full screen alone.
    package static var screenCommands: [Entry] {
        Model.localCommands.map { ("/" + $0.name + ($0.arguments.isEmpty ? "" : " " + $0.arguments), $0.words) }
    }

    /// Settings with what they may be.
    package static var settings: [Entry] {
        SettingKey.allCases.map { key in
            let values = key.values.map { " One of: " + $0.joined(separator: ", ") + "." } ?? ""
            return ("\(key.rawValue) = \(Settings()[key])", key.words + values)
        }
    }

    /// What a key can be bound to.
    package static var actions: [String] { UserAction.names + ["none"] }
}
