import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct SettingsFileTests {
    @Test func linesSetWhatTheySay() {
        let file = SettingsFile(
            """
            # a comment
            theme = light
              mouse=off\t
            downloads = /tmp/a folder # with a sign

            time 12h
            bind Ctrl-O switcher
            bind Alt-up none
            """)
        #expect(file.faults == [])
        #expect(file.settings.theme == .light)
        #expect(!file.settings.mouse)
        #expect(file.settings.downloads == "/tmp/a folder # with a sign")
        #expect(file.settings.clock == .hours12)
        #expect(file.settings.bindings == [.control("o"): .switcher, .alt(.up): nil])
        #expect(file.settings.bell)
    }

    @Test func badLinesAreToldWithTheirNumbersAndChangeNothing() {
        let file = SettingsFile(
            "theme = light\ntheme = pink\nnonsense\nbind A zoom\nbind Ctrl-O dance\n= on\nbell =\nmouse = off\u{1B}[31m\n")
        #expect(file.faults.map(\.line) == [2, 3, 4, 5, 6, 7, 8])
        #expect(file.faults.first?.words == "theme is auto, dark, light, high-contrast, none")
        #expect(file.settings.theme == .light)
        #expect(file.settings.bindings.isEmpty)
        #expect(file.settings.mouse && file.settings.bell)
        #expect(file.faults.allSatisfy { !$0.words.contains("\u{1B}") })
    }

    @Test func aFileFullOfNonsenseTellsTheFirstOfIt() {
        #expect(SettingsFile(String(repeating: "nonsense\n", count: 5000)).faults.count == 10)
    }

    @Test(
        arguments: [
            ("# mine\ntheme = dark\nbell = on\n", "theme = light", "# mine\ntheme = light\nbell = on\n"),
            ("# mine\n#theme = dark\n\nbell = on", "theme = light", "# mine\n#theme = dark\ntheme = light\n\nbell = on\n"),
            ("bell = on\n", "theme = light", "bell = on\ntheme = light\n"),
            ("theme = dark\ntheme = none\n", "theme = light", "theme = dark\ntheme = light\n"),
            ("", "bind Ctrl-O zoom", "bind Ctrl-O zoom\n"),
            (
                "bind ctrl-o help # no\nbind ctrl-o help\nnonsense\n", "bind Ctrl-O zoom",
                "bind ctrl-o help # no\nbind Ctrl-O zoom\nnonsense\n"
            ),
        ])
    func aChangeIsWrittenWhereTheFileSpeaksOfIt(before: String, change: String, after: String) throws {
        var file = SettingsFile(before)
        file.write(try SettingChange(change))
        #expect(file.text == after)
    }

    @Test func theNewFileSetsNothingAndShowsEverything() throws {
        let file = SettingsFile.standard
        #expect(file.settings == Settings())
        #expect(file.faults == [])
        for key in SettingKey.allCases { #expect(file.text.contains("\n#\(key.rawValue) = ")) }
        for name in UserAction.names { #expect(file.text.contains(name)) }
        let lines = file.text.split(separator: "\n").filter { $0.hasPrefix("#") && $0.dropFirst().first != " " }
        let uncommented = SettingsFile(lines.map { $0.dropFirst() + "\n" }.joined())
        #expect(uncommented.faults == [])
    }

    @Test func everyActionAndEveryKeyThatIsBoundHasANameThatIsReadBack() {
        for binding in KeyMap.standard.bindings {
            #expect(UserAction(name: binding.action.name) == binding.action)
            #expect(Key(name: binding.key.name) == binding.key)
            #expect(!binding.action.words.isEmpty)
        }
        for name in ["a", "Enter", "Ctrl-I", "Ctrl-", "Alt-", "Alt-Alt-x", "F99", "", "Backspace", "Ctrl-ä"] {
            #expect(Key(name: name) == nil)
        }
        #expect(Key(name: "ctrl-up") == .alt(.up))
        #expect(Key(name: "ALT-PGUP") == .alt(.pageUp))
    }
}

@Suite struct ModelSettingsTests {
    private var changes: (ScreenFixture) -> [SettingsDeed] {
        { $0.effects.compactMap { if case .settings(let deed) = $0 { deed } else { nil } } }
    }

    @Test func setChangesAtOnceAndInTheFile() throws {
        var client = ScreenFixture.online()
        client.enter("/set theme light")
        #expect(client.model.options.theme.kind == .light)
        #expect(changes(client) == [.write(.value(.theme, "light"))])
        client.enter("/set mouse off")
        #expect(client.effects.contains(.mouse(false)))
        client.enter("/set bind Ctrl-O zoom")
        client.press(.control("o"))
        #expect(client.model.arrangement.isZoomed)
        #expect(client.screen().contains("Alt-Z"))
    }

    @Test func aWrongSettingIsRefusedWithAWordAboutIt() {
        var client = ScreenFixture.online()
        client.enter("/set theme pink")
        #expect(client.screen().contains("theme is auto, dark, light, high-contrast, none"))
        client.press(.up)
        #expect(client.inputLine() == "/set theme pink")
        #expect(changes(client).isEmpty)
    }

    @Test func setAloneListsEverythingAndMakesTheFile() {
        var client = ScreenFixture.online(height: 40)
        client.enter("/set")
        #expect(changes(client) == [.create])
        for key in SettingKey.allCases { #expect(client.screen().contains("\(key.rawValue) = ")) }
    }

    @Test func reloadTakesTheFileInAndTellsOfItsFaults() {
        var client = ScreenFixture.online(height: 40)
        client.enter("/reload")
        #expect(changes(client) == [.read])
        client.update(.settings("time = 12h\nbind F1 none\nbind F5 help\nnonsense\n"))
        #expect(client.screen().contains("line 4: There is no setting nonsense"))
        #expect(client.screen().contains(" 2:02pm"))
        #expect(client.screen().contains("F5 shows all keys and commands"))
        client.press(.function(1))
        #expect(!client.screen().contains("Help"))
        client.press(.function(5))
        #expect(client.screen().contains("Help"))
        client.press(.function(5))
        client.update(.settings(""))
        #expect(client.screen().contains("14:02"))
        #expect(client.screen().contains("F1 shows all keys and commands"))
    }

    @Test func whatTheCommandLineSaysHoldsOverTheFile() {
        var client = ScreenFixture.online()
        client.model.options.fixed = [.value(.serve, "nobody")]
        client.update(.settings("serve = everyone\n"))
        #expect(client.model.options.serves == .nobody)
        client.enter("/set serve verified")
        #expect(client.model.options.serves == .verified)
    }

    @Test func everyThemeShowsTheSameWords() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "hello hans")
        let words = client.screen()
        for choice in Theme.Choice.allCases {
            let kind = choice.kind(on: nil)
            client.model.adopt(
                {
                    var settings = Settings()
                    settings.theme = choice
                    return settings
                }())
            let frame = client.frame()
            #expect(frame.text == words)
            let hasColours = frame.rows.joined().contains { $0.style.foreground != nil }
            #expect(hasColours == (kind == .dark || kind == .light))
            if kind == .highContrast { #expect(frame.rows.joined().allSatisfy { !$0.style.attributes.contains(.dim) }) }
        }
    }

    @Test func notificationsAreSentOnlyWhileNobodyLooks() {
        var client = ScreenFixture.online()
        client.enter("/set notifications osc9")
        client.effects = []
        client.message(from: "yoda", "seen")
        client.message(from: "vader", "elsewhere")
        #expect(client.effects.filter { if case .report = $0 { true } else { false } }.isEmpty)
        client.press(.focusOut)
        client.pass(seconds: 2)
        client.message(from: "vader", "away")
        #expect(client.effects.contains(.report(TerminalReport(text: "\u{1B}]9;vader wrote to you\u{7}"))))
    }

    @Test func altCCopiesTheLastMessageOrWhatSearchHasFound() {
        var client = ScreenFixture.online()
        client.broadcast(from: "luke", "first")
        client.broadcast(from: "luke", "second")
        client.effects = []
        client.press(.alt(.character("c")))
        #expect(client.effects == [.report(TerminalReport(text: "\u{1B}]52;c;c2Vjb25k\u{7}"))])
        client.effects = []
        client.press(.control("s"))
        client.type("irs")
        client.press(.alt(.character("c")))
        #expect(client.effects == [.report(TerminalReport(text: "\u{1B}]52;c;Zmlyc3Q=\u{7}"))])
    }

    @Test func notificationsCarryNothingThatCouldEndThem() {
        let report = TerminalReport.notification("a\u{7}b\u{1B}]52;c;x\u{9C}\n", by: .osc777)
        #expect(report?.text == "\u{1B}]777;notify;Banter;ab]52,c,x⏎\u{7}")
    }
}
