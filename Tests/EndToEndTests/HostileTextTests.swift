import ChatClient
import ChatProtocol
import Foundation
import Testing

/// What others write reaches the terminal as text or not at all: a ``StrictTerminal`` looks at every byte of the client's output.
extension EndToEnd {
    @Suite struct HostileTextTests {
        private static let attacks = [
            "\u{1B}[2J\u{1B}[H\u{1B}[31mred", "\u{1B}]0;owned\u{7}\u{1B}]52;c;b3duZWQ=\u{7}", "\u{1B}]8;;http://evil.example\u{1B}\\link",
            "\u{1B}P+q544e\u{1B}\\\u{1B}_apc\u{1B}\\\u{1B}c\u{1B}#8", "\u{9B}2J\u{9D}0;owned\u{9C}\u{90}q\u{9C}\u{85}",
            "\u{0}\u{5}\u{7}\u{8}\u{B}\u{C}\u{E}\u{F}\u{18}\u{7F}", "\u{202E}live\u{202C} \u{2066}isolated\u{2069}\u{200F}\u{061C}",
            "a\u{200B}b\u{200D}c\u{FEFF}d\u{2060}e\u{00AD}f\u{3164}\u{2800}", "\u{E0041}\u{E0042}\u{E007F}\u{FE0F}\u{E000}\u{10FFFF}",
            "👨‍👩‍👧‍👦 👩🏽‍🚀 ❤️‍🔥 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪🇫🇷🇯🇵🇩", "漢字カナ한글 ｆｕｌｌ", "e" + String(repeating: "\u{301}", count: 50) + " \u{301}\u{20DD}",
            "שלום עולם مرحبا بالعالم", "क्षि நி ไทย", "fake\nyoda: line\r\n14:05 yoda   more\u{2028}and\u{2029}more\u{85}again",
        ]

        @Test(arguments: [(80, 24), (40, 12)]) func nothingOfOthersControlsTheTerminal(columns: Int, rows: Int) throws {
            try withServer { server in
                try Self.turnTheBellOff(server)
                let liar = try LyingServer(before: server.port, lieInBytes: Self.lie)
                let yoda = try PseudoTerminal.client(
                    "yoda", server, port: liar.port, columns: columns, rows: rows, more: ["--plaintext"])
                defer { yoda.end() }
                let vader = try RawClient.extended("vader", port: server.port)
                try yoda.type("half typed ")
                for (number, attack) in Self.attacks.enumerated() {
                    try vader.send(.broadcast(text: "\(attack) end\(number)", key: nil))
                    try yoda.waitFor("end\(number)")
                    try Self.checkFrame(yoda.screen.lines, columns, rows)
                }
                try vader.send(.broadcast(text: String(repeating: "0123456789", count: 1000) + " longend", key: nil))
                try yoda.waitFor("longend")

                // Names, files' names and bytes that no honest server would pass on.
                for lie in ["a liar's name", "raw bytes"] {
                    try vader.send(.broadcast(text: lie, key: nil))
                    try yoda.waitFor("sense")
                }
                try yoda.type("\u{15}")
                try yoda.enter("/searchfile film")
                try vader.send(.broadcast(text: "after it all", key: nil))
                try yoda.waitFor("after it all")
                try yoda.type("half typed ")
                try yoda.waitUntil("the input line") { Screen.input(in: $0) == "half typed" }
                try Self.checkFrame(yoda.screen.lines, columns, rows)
                #expect(yoda.screen.bells == 0)
                #expect(yoda.screen.reports == [], "nothing was sent to the terminal beside the screen")
                try expectFreshDrawing(on: yoda)
            }
        }

        @Test(arguments: [(80, 24), (40, 12)]) func aTerminalWithWidthsOfItsOwnShowsItRight(columns: Int, rows: Int) throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen(columns: columns, rows: rows)
                try screen.startAndLogIn("yoda", server)
                let vader = try RawClient.extended("vader", port: server.port)
                for (number, attack) in Self.attacks.enumerated() {
                    try vader.send(.broadcast(text: "\(attack) end\(number)", key: nil))
                    try screen.waitFor("end\(number)")
                    try Self.checkFrame(screen.lines(), columns, rows)
                }
            }
        }

        private static func turnTheBellOff(_ server: ServerProcess) throws {
            let folder = "\(server.folder)/.config/banter"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try write("bell = off\n", to: "\(folder)/config")
        }

        /// Names with sequences in them, bytes that are no UTF-8, and a file that is called what no file is called.
        @Sendable private static func lie(_ line: [UInt8]) -> [UInt8] {
            let text = String(decoding: line, as: UTF8.self)
            if text.contains("a liar's name") {
                return Array(text.replacingOccurrences(of: "\"vader\"", with: "\"va\\u001b[2J\\u009b1mder\\u202e\"").utf8)
            }
            if text.contains("raw bytes"), let place = line.firstIndex(of: UInt8(ascii: "w")) {
                return Array(line[..<place]) + [0x9B, 0x32, 0x4A, 0xC0, 0x80, 0xFF] + Array(line[place...])
            }
            let file =
                #"{"name":"fi\u001b]0;owned\u0007lm\u202e","root":"\#(String(repeating: "5d", count: 32))","size":5,"n_owners":0,"owners":[]}"#
            return Array(
                text.replacingOccurrences(of: "FILE_NOT_EXIST", with: "SUCCESS")
                    .replacingOccurrences(of: "\"files\":[]", with: "\"files\":[\(file)]").utf8)
        }

        /// Every line begins and ends with the frame and is as wide as the screen.
        private static func checkFrame(_ lines: [String], _ columns: Int, _ rows: Int, at place: SourceLocation = #_sourceLocation) throws {
            // tmux ends the last line too.
            let shown = lines.count == rows + 1 && lines.last == "" ? lines.dropLast() : lines[...]
            var isRight = shown.count == rows
            for line in shown {
                let hasFrame = "┌├└│".contains(line.first ?? " ") && "┐┤┘│".contains(line.last ?? " ")
                isRight = isRight && hasFrame && DisplayWidth.cells(line) == columns
            }
            guard isRight else { throw Failure("the frame is broken:\n\(lines.joined(separator: "\n"))", at: place) }
        }
    }
}

/// Fails if the screen shows anything that is not there when it is drawn anew. To be called when nothing else happens.
func expectFreshDrawing(on terminal: PseudoTerminal, at place: SourceLocation = #_sourceLocation) throws {
    let typed = Screen.input(in: terminal.screen.lines) ?? ""
    // A letter may be drawn before what came earlier; any other key has all drawn, and so shows that everything before it has been.
    func settle() throws {
        try terminal.type("#")
        try terminal.waitUntil("the key", at: place) { Screen.input(in: $0)?.hasSuffix("#") ?? false }
        try terminal.type("\u{5}\u{7F}")
        try terminal.waitUntil("the key gone", at: place) { Screen.input(in: $0) == typed }
    }
    try settle()
    let before = terminal.screen.lines
    try terminal.type("\u{C}")
    try settle()
    let after = terminal.screen.lines
    let texts = (before.joined(separator: "\n"), after.joined(separator: "\n"))
    #expect(before == after, "before\n\(texts.0)\nafter\n\(texts.1)")
}
