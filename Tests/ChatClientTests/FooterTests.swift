import Testing

@testable import ChatClient

@Suite struct FooterTests {
    private func footer(_ client: inout ScreenFixture) -> String { client.lines().last ?? "" }

    @Test func theBottomBorderHasTheKeysOfTheFocusedPane() {
        var client = ScreenFixture.online()
        #expect(footer(&client).hasPrefix("└─ F1 help · F3 conversations · F4 users · Ctrl-G go to"))
        client.press(.function(4))
        #expect(footer(&client).hasPrefix("└─ F1 help · F2 everyone · F3 conversations · Ctrl-G go to ─"))
        client.press(.function(2))
        client.message(from: "yoda", "shown at once, in the conversation that opens")
        client.message(from: "vader", "join me")
        #expect(footer(&client).contains("Alt-A unread"))
    }

    @Test func reboundKeysAreShownAsTheyAreAndUnboundOnesNotAtAll() {
        var client = ScreenFixture.online()
        client.enter("/set bind F1 none")
        client.enter("/set bind F9 switcher")
        client.enter("/set bind Ctrl-G none")
        #expect(!footer(&client).contains("help"))
        #expect(footer(&client).contains("F9 go to"))
    }

    @Test func itCanBeTurnedOff() {
        var client = ScreenFixture.online()
        client.enter("/set footer off")
        #expect(!footer(&client).contains("help"))
        client.enter("/set footer on")
        #expect(footer(&client).contains("help"))
    }

    @Test func itIsThereOnLowScreensAndFoldsAwayWhereAnotherKeyboardHolds() {
        var client = ScreenFixture.online(width: 40, height: 11)
        #expect(footer(&client).hasPrefix("└─ F1 help · F3 talk · F4 users ─"))
        client.resize(width: 80, height: 16)
        #expect(footer(&client).contains("help"))
        client.press(.control("g"))
        #expect(!footer(&client).contains("help"))
    }

    @Test func itShowsWholeEntriesAndKeepsTheCorners() {
        var client = ScreenFixture.online()
        for width in 36...140 {
            client.resize(width: width, height: 20)
            let line = footer(&client)
            #expect(DisplayWidth.cells(line) == width)
            #expect(line.hasPrefix("└─ F1 help ") && line.hasSuffix("─┘"))
            let words = ["help", "conversations", "talk", "users", "go to", "search", "scroll", "zoom"]
            let entries = line.split(separator: "·").map { $0.filter { !"└─┘".contains($0) } }
            #expect(entries.allSatisfy { entry in words.contains { entry.dropLast(entry.last == " " ? 1 : 0).hasSuffix($0) } })
        }
    }
}

@Suite struct EditingKeysTests {
    @Test func helpTellsOfEditingKeysThatTheLineTakes() {
        for entry in KeyMap.editing {
            for key in entry.keys {
                var editor = LineEditor()
                _ = editor.handle(.paste("one two three"))
                // One that needs something to have happened before: a cut, and putting it back.
                _ = editor.handle(.control("w"))
                _ = editor.handle(.paste("four five"))
                _ = editor.handle(.alt(.left))
                if key == .alt(.character("y")) {
                    _ = editor.handle(.control("w"))
                    _ = editor.handle(.control("y"))
                }
                if key == .up || key == .down {
                    _ = editor.handle(.enter)
                    _ = editor.handle(.paste("draft"))
                    if key == .down { _ = editor.handle(.up) }
                }
                #expect(editor.handle(key) != .ignored, "\(key.name)")
            }
        }
    }

    @Test func aKeyThatDoesSomethingElseNowIsNoEditingKeyAnyMore() {
        let map = KeyMap.standard.rebound([.control("t"): .zoom, .control("w"): nil, .control("y"): .mouse])
        #expect(!map.editing.contains { $0.words == "swap two characters" })
        #expect(map.editing.contains { $0.keys == "Alt-Y" })
        // Unbound means that the line has it.
        #expect(map.editing.contains { $0.keys == "Ctrl-W" })
        #expect(map.editing.contains { $0.keys.hasSuffix("Ctrl-D") })
    }
}
