import Foundation
import Testing

@testable import ChatClient

/// What the README says of keys and settings is what the program does.
@Suite struct ReadmeTests {
    private func section(_ title: String) throws -> Substring {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "\n### \(title)\n"), "README has no section \(title)")
        let rest = text[start.upperBound...]
        return rest[..<(rest.range(of: "\n##")?.lowerBound ?? rest.endIndex)]
    }

    @Test func everyKeyIsInTheReadme() throws {
        let words = Set(try section("Keys").split { $0.isWhitespace || "|,;`…".contains($0) }.map { String($0) })
        let keys = KeyMap.standard.bindings.filter { binding in
            // The README has the first and the last of these.
            if case .conversation(2...8) = binding.action { false } else { true }
        }
        for key in keys.map(\.key) + KeyMap.editing.flatMap(\.keys) {
            // Of two in a row each.
            for name in key.name.split(separator: " ") { #expect(words.contains(String(name)), "\(key.name) is missing") }
        }
    }

    @Test func theReadmeNamesNoKeyThatDoesNothing() throws {
        let known = Set(
            (KeyMap.standard.bindings.map(\.key) + KeyMap.editing.flatMap(\.keys)).flatMap {
                $0.name.split(separator: " ").map(String.init)
            })
        let words = try section("Keys").split { $0.isWhitespace || "|,;`…".contains($0) }
        for word in words where word.hasPrefix("Ctrl-") || word.hasPrefix("Alt-") {
            #expect(known.contains(String(word)), "\(word) does nothing")
        }
    }
}
