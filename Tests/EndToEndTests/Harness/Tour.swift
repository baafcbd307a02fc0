@testable import ChatClient
import Foundation
import Testing

/// Presses one key after the other and looks what each has done; knows at the end which have been pressed.
final class Tour {
    private let screen: Screen
    private(set) var pressed: Set<String> = []

    init(on screen: Screen) { self.screen = screen }

    /// All that a person is told of: the keys of the live table and those of the line.
    static var allKeys: Set<String> {
        Set(KeyMap.standard.bindings.map(\.key.name) + KeyMap.editing.flatMap { $0.keys.map(\.name) })
    }

    /// Presses a key, types `then`, and waits until the screen is as it should be.
    func press(
        _ key: Key, then text: String = "", _ what: String = "", at place: SourceLocation = #_sourceLocation,
        _ holds: ([String]) -> Bool
    ) throws {
        pressed.insert(key.name)
        switch key {
        case .sequence(let first, let second): try screen.press(first.tmuxName, second.tmuxName)
        default: try screen.press(key.tmuxName)
        }
        if !text.isEmpty { try screen.type(text) }
        try screen.waitUntil("what \(key.name) does\(what.isEmpty ? "" : ": \(what)")", at: place, holds)
    }

    func press(
        _ key: Key, shows text: String, hides gone: String? = nil, at place: SourceLocation = #_sourceLocation
    ) throws {
        try press(key, "“\(text)”", at: place) { lines in
            let screen = lines.joined(separator: "\n")
            return screen.contains(text) && !(gone.map { screen.contains($0) } ?? false)
        }
    }

    /// The key changes the line that is typed.
    func press(_ key: Key, then text: String = "", input: String, at place: SourceLocation = #_sourceLocation) throws {
        try press(key, then: text, "“\(input)” on the input line", at: place) { Screen.input(in: $0) == input }
    }

    func type(_ text: String, input: String, at place: SourceLocation = #_sourceLocation) throws {
        try screen.type(text)
        try screen.waitUntil("“\(input)” on the input line", at: place) { Screen.input(in: $0) == input }
    }
}

extension Key {
    /// As tmux calls it.
    fileprivate var tmuxName: String {
        switch self {
        case .control(let character): "C-\(character)"
        case .alt(let key): "M-" + key.tmuxName
        case .character(let character): String(character)
        case .pageUp: "PPage"
        case .pageDown: "NPage"
        case .backtab: "BTab"
        case .escape: "Escape"
        case .backspace: "BSpace"
        default: name
        }
    }
}
