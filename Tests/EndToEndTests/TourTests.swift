@testable import ChatClient
import ChatProtocol
import Foundation
import Testing

/// Every key that a person is told of, pressed on a real terminal of several sizes.
extension EndToEnd {
    @Suite struct TourTests {
        private static let others = ["hans", "luke", "vader", "r2d2", "c3p0", "leia", "obiwan", "chewy", "palpatine"]

        @Test(arguments: [(120, 40), (80, 24), (40, 12), (20, 5)]) func everyKeyDoesWhatItSays(columns: Int, rows: Int) throws {
            try withServerAndTerminals { server, tmux in
                let people = try Self.others.map { try RawClient.extended($0, port: server.port) }
                let screen = try tmux.screen(columns: columns, rows: rows)
                try screen.enter("export VISUAL='sed -i s/old/new/'")
                try screen.startClient(server, "--plaintext")
                try screen.fillInLogin("yoda", "wise")
                try screen.waitUntil("the main screen") { Screen.input(in: $0) == "" && $0.contains { $0.contains("Everyone") } }
                try Self.say(people, on: screen)
                // What came before a key may be drawn just after it.
                let picture = try #require(Self.pictures["\(columns)×\(rows)"])
                try screen.waitUntil("the picture\n\(picture)\n") { Self.picture(of: $0) == picture }

                let tour = Tour(on: screen)
                try Self.moveAround(tour, columns)
                try Self.look(tour, screen, server, isSingle: columns < 36)
                try Self.write(tour, columns)
                try Self.leave(tour, screen)
                #expect(Tour.allKeys.subtracting(tour.pressed).isEmpty, "every key has been pressed")
            }
        }

        /// Sixty lines to everyone, the second half of them while nobody looks, and a word from each.
        private static func say(_ people: [RawClient], on screen: Screen) throws {
            func say(_ numbers: ClosedRange<Int>) throws {
                for number in numbers { try people[0].send(.broadcast(text: "line \(number)", key: nil)) }
            }
            try say(1...30)
            try screen.waitFor("line 30")
            try screen.type("\u{1B}[O")
            // A key behind the news that nobody looks shows that it has arrived.
            try screen.type("x")
            try screen.waitUntil("the key") { Screen.input(in: $0) == "x" }
            try say(31...60)
            try screen.waitFor("line 60")
            for (name, person) in zip(others, people) { try person.tell("yoda", "from \(name)") }
            try screen.type("\u{1B}[I")
            try screen.press("BSpace")
            try screen.waitUntil("the key gone") { Screen.input(in: $0) == "" }
        }

        // MARK: The tour

        private static func moveAround(_ tour: Tour, _ columns: Int) throws {
            try tour.press(.function(1), shows: "Help ")
            try tour.press(.escape, shows: "line 60", hides: "Help ")
            try tour.press(.function(3), shows: "to hans ▸")
            try tour.press(.function(4), shows: "↑ ↓ choose")
            try tour.press(.escape, shows: "to hans ▸", hides: "↑ ↓ choose")
            try tour.press(.function(2), shows: "Everyone · F1 help")
            try tour.press(.alt(.character("a")), shows: "to luke ▸")
            try tour.press(.alt(.character("/")), shows: "Everyone · F1 help")
            for (number, name) in others.enumerated().reversed() {
                try tour.press(.alt(.character(Character("\(number + 1)"))), shows: "\(name) · online")
            }
            try tour.press(.control("n"), shows: "to luke ▸")
            try tour.press(.control("p"), shows: "to hans ▸")
            try tour.press(.control("g"), shows: "↑ ↓ choose")
            try tour.press(.escape, shows: "to hans ▸", hides: "↑ ↓ choose")
            try tour.press(.control("s"), shows: "search ▸")
            try tour.press(.escape, shows: "to hans ▸", hides: "search ▸")
            try tour.press(.control("r"), shows: "“” ▸")
            try tour.press(.escape, shows: "to hans ▸", hides: "“” ▸")
            try tour.press(.function(2), shows: "Everyone · F1 help")
        }

        private static func look(_ tour: Tour, _ screen: Screen, _ server: ServerProcess, isSingle: Bool) throws {
            try tour.press(.pageUp, shows: "↓", hides: "line 60")
            try tour.press(.pageDown, shows: "line 60")
            try tour.press(.alt(.home), shows: "line 1", hides: "line 60")
            try tour.press(.alt(.end), shows: "line 60")
            try tour.press(.alt(.character("u")), "the line “new” at the top") { lines in
                lines.firstIndex { $0.contains("─ new ─") } == 1 && lines[2].contains("line 31")
            }
            try tour.press(.alt(.character("z")), shows: "This pane alone")
            try tour.press(.alt(.character("z")), shows: "All panes")
            try tour.press(.alt(.end), shows: "line 60")
            let divider = try screen.lines().firstIndex { $0.contains("[1 hans]") }
            func moves(by count: Int) -> ([String]) -> Bool {
                { lines in
                    guard let divider, !isSingle else { return lines.contains { $0.contains("There is nothing") } }
                    return lines.firstIndex { $0.contains("[1 hans]") } == divider + count
                }
            }
            try tour.press(.alt(.up), "the divider goes up", moves(by: -1))
            try tour.press(.alt(.down), "the divider goes down", moves(by: 0))
            try tour.press(.alt(.character("m")), "the mouse is the terminal's") {
                $0.contains { $0.contains("ouse ") && $0.contains("Alt-M") }
            }
            try tour.press(.alt(.character("m")), shows: "The mouse works")
            try tour.press(.alt(.character("l")), shows: "Any key goes back")
            try tour.press(.alt(.character("l")), shows: "▸", hides: "Any key")
            try tour.press(.alt(.character("c")), shows: "Copied")
            try screen.scribble("scribbled over")
            try screen.waitFor("scribbled")
            try tour.press(.control("l"), shows: "line 60", hides: "scribbled")
        }

        private static func write(_ tour: Tour, _ columns: Int) throws {
            try tour.type("c", input: "c")
            try tour.press(.tab, input: "c3p0:")
            try tour.press(.tab, input: "chewy:")
            try tour.press(.backtab, input: "c3p0:")
            try tour.press(.control("c"), input: "")
            try tour.type("ab cd", input: "ab cd")
            try tour.press(.control("a"), then: "1", input: "1ab cd")
            try tour.press(.control("e"), then: "2", input: "1ab cd2")
            try tour.press(.control("b"), then: "3", input: "1ab cd32")
            try tour.press(.control("f"), then: "4", input: "1ab cd324")
            try tour.press(.alt(.character("b")), then: "5", input: "1ab 5cd324")
            try tour.press(.alt(.character("f")), then: "6", input: "1ab 5cd3246")
            try tour.press(.control("w"), input: "1ab")
            try tour.press(.control("y"), input: "1ab 5cd3246")
            try tour.press(.control("u"), input: "")
            try tour.press(.control("y"), input: "1ab 5cd3246")
            try tour.press(.alt(.character("y")), input: "5cd3246")
            try tour.press(.control("t"), input: "5cd3264")
            try tour.press(.control("_"), input: "5cd3246")
            try tour.press(.control("a"), then: "7 ", input: "7 5cd3246")
            try tour.press(.alt(.character("d")), input: "7")
            try tour.press(.control("a"), then: "8", input: "87")
            try tour.press(.control("k"), input: "8")
            try tour.press(.control("c"), input: "")
            try tour.type("ab cd", input: "ab cd")
            try tour.press(.home, then: "1", input: "1ab cd")
            try tour.press(.end, then: "2", input: "1ab cd2")
            try tour.press(.left, then: "3", input: "1ab cd32")
            try tour.press(.right, then: "4", input: "1ab cd324")
            try tour.press(.alt(.left), then: "5", input: "1ab 5cd324")
            try tour.press(.alt(.right), then: "6", input: "1ab 5cd3246")
            try tour.press(.backspace, input: "1ab 5cd324")
            try tour.press(.alt(.backspace), input: "1ab")
            try tour.press(.home, then: "x", input: "x1ab")
            try tour.press(.delete, input: "xab")
            try tour.press(.alt(.delete), then: "8", input: "x8")
            try tour.press(.alt(.enter), then: "9", "a second row of the draft") { lines in
                lines.contains { $0.hasSuffix("9") || $0.contains(" 9 ") }
            }
            try tour.press(.control("c"), input: "")
            try tour.type("old words", input: "old words")
            try tour.press(.sequence(.control("x"), .control("e")), input: "new words")
            try tour.press(.control("c"), input: "")
            try tour.type("by Enter", input: "by Enter")
            try tour.press(.enter, "the line is among the others") { lines in
                Screen.input(in: lines) == "" && lines.contains { $0.contains("by Enter") }
            }
            try tour.press(.up, input: "by Enter")
            try tour.press(.down, input: "")
            try tour.press(.alt(.character("r")), shows: "No line has")
        }

        private static func leave(_ tour: Tour, _ screen: Screen) throws {
            try tour.press(.control("d"), shows: "Ctrl-D again quits")
            try tour.press(.character("x"), input: "x")
            try tour.press(.control("z"), shows: Screen.shellPrompt)
            try screen.enter("fg")
            try screen.waitUntil("the client again") { Screen.input(in: $0) == "x" }
            try tour.press(.control("c"), input: "")
            try tour.press(.control("c"), shows: "Ctrl-C again quits")
            try tour.press(.control("c"), shows: Screen.shellPrompt)
        }

        // MARK: Pictures

        /// The screen with the time and the port that it has in ``pictures``.
        private static func picture(of lines: [String]) -> String {
            var lines = lines
            while lines.last == "" { lines.removeLast() }
            return lines.joined(separator: "\n").replacing(#/\b\d\d:\d\d\b/#, with: "14:02").replacing(
                #/127\.0\.0\.1:\d{5}/#, with: "127.0.0.1:12345")
        }

        private static let pictures = [
            "120×40": """
            ┌─ Everyone ───────────────────────────────────────────────────────────────────────────────────────┬─ Online · 10 ─────┐
            │ 14:02 hans  line 44                                                                              │ ● c3p0          1 │
            │             line 45                                                                              │ ● chewy         1 │
            │             line 46                                                                              │ ● hans            │
            │             line 47                                                                              │ ● leia          1 │
            │             line 48                                                                              │ ● luke          1 │
            │             line 49                                                                              │ ● obiwan        1 │
            │             line 50                                                                              │ ● palpatine     1 │
            │             line 51                                                                              │ ● r2d2          1 │
            │             line 52                                                                              │ ● vader         1 │
            │             line 53                                                                              │ ● yoda            │
            │             line 54                                                                              │                   │
            │             line 55                                                                              │                   │
            │             line 56                                                                              │                   │
            │             line 57                                                                              │                   │
            │             line 58                                                                              │                   │
            │             line 59                                                                              │                   │
            │             line 60                                                                              │                   │
            ├─[1 hans]─ 2 luke (1) ─ 3 vader (1) ─ 4 r2d2 (1) ─ 5 c3p0 (1) ─ 6 leia (1) ─ 7 obiwan (1) ─›(2)───┤                   │
            │ 14:02 hans  from hans                                                                            │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            │                                                                                                  │                   │
            ├──────────────────────────────────────────────────────────────────────────────────────────────────┴───────────────────┤
            │ Everyone · F1 help                                                  yoda@127.0.0.1:12345 · plain text, not encrypted │
            │ to everyone ▸                                                                                                        │
            └─ F1 help · F3 conversations · F4 users · Alt-A unread · Ctrl-G go to · Ctrl-S search · PgUp scroll · Alt-Z zoom ─────┘
            """,
            "80×24": """
            ┌─ Everyone ─────────────────────────────────────────────────────┬─ Online · 10┐
            │ 14:02 hans  line 52                                            │ ● c3p0    1 │
            │             line 53                                            │ ● chewy   1 │
            │             line 54                                            │ ● hans      │
            │             line 55                                            │ ● leia    1 │
            │             line 56                                            │ ● luke    1 │
            │             line 57                                            │ ● obiwan  1 │
            │             line 58                                            │ ● palpat… 1 │
            │             line 59                                            │ ● r2d2    1 │
            │             line 60                                            │ ● vader   1 │
            ├─[1 hans]─ 2 luke (1) ─ 3 vader (1) ─ 4 r2d2 (1) ─›(5)──────────┤ ● yoda      │
            │ 14:02 hans  from hans                                          │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            │                                                                │             │
            ├────────────────────────────────────────────────────────────────┴─────────────┤
            │ Everyone · F1 help          yoda@127.0.0.1:12345 · plain text, not encrypted │
            │ to everyone ▸                                                                │
            └─ F1 help · F3 conversations · F4 users · Alt-A unread · Ctrl-G go to ────────┘
            """,
            "40×12": """
            ┌─ Everyone ───────────────────────────┐
            │ 14:02 hans  line 58                  │
            │             line 59                  │
            │             line 60                  │
            ├─[1 hans]─ 2 luke (1) ─›(7)───────────┤
            │ 14:02 hans  from hans                │
            │                                      │
            │                                      │
            ├──────────────────────────────────────┤
            │ Everyone · F1 help     not encrypted │
            │ to everyone ▸                        │
            └─ F1 help · F3 talk · F4 users ───────┘
            """,
            "20×5": """
             Everyone    @9 new
            hans  line 59
                 line 60
            Everyone · F1 help
            ▸
            """,
        ]
    }
}
