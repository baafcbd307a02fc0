import ChatProtocol
import Testing

@testable import ChatClient
@testable import Terminal

/// Addresses that a terminal can open.
@Suite struct HyperlinkTests {
    @Test(arguments: [
        ("see https://example.org/a?b=c&d#e.", ["https://example.org/a?b=c&d#e"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("(https://en.wikipedia.org/wiki/Mos_Eisley_(disambiguation))", ["https://en.wikipedia.org/wiki/Mos_Eisley_(disambiguation)"]),
        ("mail mailto:yoda@dagobah.example, now", ["mailto:yoda@dagobah.example"]),
        ("http://a.example http://b.example", ["http://a.example", "http://b.example"]),
        ("“https://example.org”", ["https://example.org"]),
        (String(repeating: "http://", count: 2400), []),
        ("xhttp://no.example https:// mailto: ftp://no.example javascript:alert(1) file:///etc/passwd", []),
        ("https://müller.example/straße", ["https://m%C3%BCller.example/stra%C3%9Fe"]),
        ("", []), ("https://", []), ("h", []), ("http", []),
    ])
    func theyAreFoundInText(text: String, targets: [String]) {
        #expect(Hyperlink.all(in: text).map(\.target) == targets)
    }

    @Test func anAddressThatIsTooLongIsNone() {
        #expect(Hyperlink.all(in: "https://" + String(repeating: "a", count: 1_900)).count == 1)
        #expect(Hyperlink.all(in: "https://" + String(repeating: "a", count: 2_100)).isEmpty)
        #expect(Hyperlink.all(in: "https://" + String(repeating: "ä", count: 1_000)).isEmpty, "encoded it is too long")
    }

    @Test func noControlCharacterIsEverInATarget() {
        for value in UInt32(0)...0xA0 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for found in Hyperlink.all(in: "https://a\(Character(scalar))b") {
                #expect(found.target.utf8.allSatisfy { (0x21...0x7E).contains($0) })
            }
        }
    }

    @Test(arguments: [
        (["TERM": "xterm-256color"], false), (["TERM": "xterm-256color", "VTE_VERSION": "7006"], true),
        (["TERM": "linux", "VTE_VERSION": "7006"], false), (["TERM": "xterm-kitty"], true), (["TERM": "foot"], true),
        (["TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"], false),
        (["TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"], true),
        (["TERM": "screen-256color", "WT_SESSION": "1"], false), ([:], false),
    ])
    func theyAreUsedWhereTheTerminalIsKnownForThem(environment: [String: String], isKnown: Bool) {
        #expect(Hyperlink.isKnown { environment[$0] } == isKnown)
    }

    // MARK: On the screen

    private func client(_ text: String, width: Int = 80, links: String = "on") -> ScreenFixture {
        var client = ScreenFixture.online(width: width)
        client.enter("/set links \(links)")
        client.broadcast(from: "yoda", text)
        return client
    }

    /// The linked cells as text, by where they lead.
    private func linked(_ frame: Frame) -> [String: String] {
        var texts: [String: String] = [:]
        for row in frame.rows {
            for cell in row where cell.link != 0 && cell.width > 0 {
                texts[frame.links[cell.link] ?? "nowhere", default: ""].append(cell.text)
            }
        }
        return texts
    }

    @Test func theCellsOfAnAddressAreALink() {
        var client = client("look: https://example.org/film.")
        #expect(linked(client.frame()) == ["https://example.org/film": "https://example.org/film"])
    }

    @Test func theRowsOfAWrappedAddressAreOneLink() {
        let address = "https://example.org/" + String(repeating: "abcdefgh/", count: 20)
        var client = client("look: \(address)")
        let frame = client.frame()
        #expect(linked(frame) == [address: address])
        #expect(frame.rows.count { $0.contains { $0.link != 0 } } > 2)
        #expect(frame.links.count == 1)
    }

    @Test func whatIsDrawnOverALinkIsNone() {
        var client = client(String(repeating: "https://example.org/ ", count: 30))
        client.press(.control("g"))
        let frame = client.frame()
        for row in frame.rows where row.contains(where: { $0.text == "▸" }) {
            #expect(!row.dropFirst(20).prefix(30).contains { $0.link != 0 })
        }
    }

    @Test(arguments: ["off", "auto"]) func withoutBeingWantedThereAreNone(links: String) {
        var client = client("https://example.org", links: links)
        #expect(client.frame().links.isEmpty)
    }

    // MARK: What is written

    private func frame(_ texts: [(text: String, link: String?)], row: Int = 1) -> Frame {
        var frame = Frame(width: 40, height: 3)
        var column = 2
        for (text, link) in texts {
            let end = frame.put(text, row: row, column: column, style: Style(33))
            if let link { frame.link(row: row, columns: column..<end, to: link, identity: 7) }
            column = end
        }
        return frame
    }

    private func readable(_ text: String) -> String {
        String(text.map { $0 == "\u{1B}" ? "␛" : $0 })
    }

    @Test func theCellsAreWrittenAgainInTheirPlaceWithTheirColours() {
        let frame = frame([("a ", nil), ("https://x.example", "https://x.example"), (" b", nil)])
        guard let key = frame.links.keys.first else { return }
        #expect(
            readable(LinkWriter.text(for: frame, after: nil))
                == "␛7␛[2;5H␛]8;id=b\(key);https://x.example␛\\␛[0;38;5;33mhttps://x.example␛]8;;␛\\␛[0m␛8")
    }

    @Test func rowsThatDidNotChangeAreNotWritten() {
        let frame = frame([("https://x.example", "https://x.example")])
        #expect(LinkWriter.text(for: frame, after: frame) == "")
    }

    @Test func whatWasALinkIsWrittenWithoutIt() {
        let before = frame([("https://x.example", "https://x.example")])
        let after = frame([("https://x.example", nil)])
        #expect(readable(LinkWriter.text(for: after, after: before)) == "␛7␛[2;3H␛[0;38;5;33mhttps://x.example␛[0m␛8")
    }

    @Test func nothingIsWrittenWhereThereAreNoLinks() {
        let frame = frame([("plain", nil)])
        #expect(LinkWriter.text(for: frame, after: nil) == "")
    }
}
