import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct ResizingTests {
        private static let isLong = ProcessInfo.processInfo.environment["BANTER_LONG_TESTS"] != nil
        private static let resizes = isLong ? 1000 : 100
        /// Fewer than a room keeps.
        private static let mostLines = 9000
        private static let typed = "half typed: größer 日本 👩🏽‍🚀 end"

        @Test func anySizeInAFloodLeavesNothingBehindAndLosesNothing() async throws {
            try await withServer { server in
                let yoda = try PseudoTerminal.client("yoda", server)
                defer { yoda.end() }
                try yoda.type(Self.typed)
                let isResizing = Flag(true)
                let port = server.port
                var count = 0
                try await withThrowingTaskGroup(of: Int.self) { group in
                    group.addTask { try Self.flood(port: port, while: isResizing) }
                    // However this ends, the flood does too.
                    defer { isResizing.isSet = false }
                    try yoda.waitFor("flood ")
                    var random = Steady(state: 20_261_122)
                    for _ in 0..<Self.resizes {
                        yoda.resize(columns: Int.random(in: 1...200, using: &random), rows: Int.random(in: 1...60, using: &random))
                        // Sometimes before the client has drawn for the size before, sometimes after.
                        try yoda.read(for: Double(Int.random(in: 0...8, using: &random)) / 1000)
                    }
                    yoda.resize(columns: 120, rows: 40)
                    isResizing.isSet = false
                    for try await sent in group { count = sent }
                }
                try yoda.waitFor("flood \(count) and on")
                try yoda.waitFor("hans logged out")
                try yoda.waitUntil("the whole line that was typed") { lines in
                    Screen.input(in: lines).map { $0.hasPrefix("half typed: größer 日本 ") && $0.hasSuffix(" end") } ?? false
                }
                try expectFreshDrawing(on: yoda)
                try Self.expectAllLines(count, on: yoda)
            }
        }

        private static func flood(port: UInt16, while isWanted: Flag) throws -> Int {
            let hans = try RawClient.extended("hans", port: port)
            var sent = 0
            while isWanted.isSet, sent < mostLines {
                for _ in 0..<4 {
                    sent += 1
                    try hans.send(
                        .broadcast(text: "flood \(sent) and on: größer 漢字 \(String(repeating: "x", count: sent % 40))", key: nil), id: 1)
                }
                for _ in 0..<4 { try hans.first("reply") { if case .reply = $0 { () } else { nil } } }
            }
            return sent
        }

        /// Goes up page by page to the first line; no page lacks a line, and neighbours have one in common.
        private static func expectAllLines(_ count: Int, on terminal: PseudoTerminal) throws {
            let line = #/flood (\d+) and on/#
            func numbers(_ lines: [String]) -> [Int] { lines.compactMap { $0.firstMatch(of: line).flatMap { Int($0.1) } } }
            var top = try #require(numbers(terminal.screen.lines).first)
            #expect(numbers(terminal.screen.lines) == Array(top...count))
            while top > 1 {
                try terminal.type("\u{1B}[5~")
                var page: [Int] = []
                try terminal.waitUntil("a whole page before \(top)") { lines in
                    page = numbers(lines)
                    guard let first = page.first, let last = page.last else { return false }
                    return first < top && last >= top - 1 && page == Array(first...last)
                }
                top = page[0]
            }
        }

        /// The same sizes in every run.
        private struct Steady: RandomNumberGenerator {
            var state: UInt64

            mutating func next() -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state ^ state >> 29
            }
        }
    }
}
