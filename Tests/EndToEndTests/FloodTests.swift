import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct FloodTests {
        /// Broadcasts at full speed, at least this many and until the typing is done.
        private static let broadcasts = 20_000
        private static let typed = "the quick brown fox jumps over the lazy dog: größer 日本 0123!"

        @Test func typedTextIsNeverDisturbed() async throws {
            try #require(Self.typed.count == 60)
            try await withServer { server in
                let tmux = try Tmux(folder: server.folder)
                defer { tmux.end() }
                let screen = try tmux.screen(columns: 120, rows: 40)
                try screen.startAndLogIn("yoda", server)
                let port = server.port
                let isTyping = Flag(true)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try Self.flood(port: port, while: isTyping) }
                    // However this ends, the flood does too.
                    defer { isTyping.isSet = false }
                    try screen.waitFor("flood ")
                    try Self.type(on: screen)
                    isTyping.isSet = false
                    try await group.waitForAll()
                }
                try screen.waitFor("the last of the flood", within: 60)
                #expect(try Screen.input(in: screen.lines()) == Self.typed)
            }
        }

        /// Types one character after the other; every screen on the way shows no more and no less than what was typed, but for
        /// the key that is on its way.
        private static func type(on screen: Screen) throws {
            var soFar = ""
            for character in typed {
                let before = soFar
                soFar.append(character)
                try screen.type(String(character))
                try screen.waitUntil("“\(soFar)” on the input line") { lines in
                    let input = Screen.input(in: lines)
                    let shown = soFar.trimmingCharacters(in: .whitespaces)
                    if input == shown { return true }
                    if input == before.trimmingCharacters(in: .whitespaces) { return false }
                    throw Failure("typed “\(soFar)”, the input line shows “\(input ?? "nothing")”:\n\(lines.joined(separator: "\n"))")
                }
            }
        }

        /// Sends without waiting for replies, and goes on reading them.
        private static func flood(port: UInt16, while isTyping: Flag) throws {
            let hans = try RawClient.extended("hans", port: port)
            var (sent, answered) = (0, 0)
            func takeReplies(within seconds: Double) throws {
                while let message = try hans.next(within: seconds) {
                    if case .reply(.broadcast, _) = message { answered += 1 }
                    if seconds > 0, answered == sent { return }
                }
            }
            let deadline = Deadline.after(90)
            while sent < broadcasts || isTyping.isSet {
                if deadline.hasPassed { throw Failure("the flood took too long: \(answered) of \(sent) broadcasts answered") }
                var batch: [UInt8] = []
                for _ in 0..<200 {
                    sent += 1
                    batch += RequestFrame(.broadcast(text: "flood \(sent) and so on and on", key: nil), id: RequestID(Int64(sent)))
                        .encoded()
                }
                try hans.send(batch)
                try takeReplies(within: 0)
            }
            try takeReplies(within: Deadline.patience)
            guard answered == sent else { throw Failure("\(answered) of \(sent) broadcasts were answered") }
            // Who cannot keep up may have been cut off and be on the way back: the last one is for whoever is there to see it.
            try eventually("somebody gets the last broadcast") {
                try hans.send(.broadcast(text: "the last of the flood", key: nil))
                return try hans.first("reply") { message in
                    if case .reply(.broadcast(let sent, _, _, _), _) = message { sent } else { nil }
                } > 0
            }
        }
    }
}
