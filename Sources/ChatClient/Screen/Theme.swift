package import ChatProtocol

/// Which style stands for what. Meaning is always in words or signs too: without colours nothing is lost.
package struct Theme: Equatable, Sendable {
    /// What the terminal can show: 0, 8, 16 or 256 colours.
    package let colors: Int

    package init(colors: Int) {
        self.colors = colors >= 256 ? 256 : colors >= 16 ? 16 : colors >= 8 ? 8 : 0
    }

    /// The theme for a terminal of so many colours; `NO_COLOR` (no-color.org) in the environment, if not empty, turns them off.
    package static func suited(colors: Int, environment: [String: String]) -> Theme {
        let isOff = !(environment["NO_COLOR"] ?? "").isEmpty
        return Theme(colors: isOff ? 0 : colors)
    }

    package var text: Style { .plain }
    package var border: Style { color(240, 8, fallback: .dim) }
    package var title: Style { color(250, 7) }
    package var focusedTitle: Style { color(81, 6).with(.bold) }
    package var time: Style { color(244, 8, fallback: .dim) }
    package var own: Style { color(252, 7).with(.bold) }
    package var notice: Style { color(109, 6) }
    package var fault: Style { color(203, 1).with(.bold) }
    package var presence: Style { color(244, 8, fallback: .dim) }
    package var state: Style { color(244, 8, fallback: .dim) }
    package var newLine: Style { color(179, 3) }
    package var day: Style { color(244, 8, fallback: .dim) }
    package var mention: Style { color(222, 3).with(.bold) }
    package var match: Style { color(222, 3).with([.bold, .underline]) }
    package var unread: Style { color(179, 3).with(.bold) }
    package var online: Style { color(77, 2) }
    package var offline: Style { color(244, 8, fallback: .dim) }
    package var status: Style { color(250, 7) }
    package var warning: Style { color(179, 3).with(.bold) }
    package var hint: Style { color(179, 3) }
    package var prompt: Style { color(81, 6).with(.bold) }
    /// Where lines go past the server.
    package var privateTitle: Style { color(114, 2) }
    package var privatePrompt: Style { privateTitle.with(.bold) }
    package var dim: Style { color(244, 8, fallback: .dim) }

    /// The colour of a name: always the same one, readable on light and on dark.
    package func name(_ name: UserName) -> Style {
        guard colors > 0 else { return Style(nil, on: nil, .bold) }
        // FNV-1a: unlike `Hasher` the same in every process.
        var hash: UInt32 = 2_166_136_261
        for byte in name.text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let palette = colors == 256 ? Self.wide : Self.narrow
        return Style(palette[Int(hash % UInt32(palette.count))])
    }

    /// Of middling brightness, apart from each other, and none that stands for something else.
    private static let wide: [UInt8] = [
        33, 39, 37, 43, 64, 70, 71, 72, 74, 99, 105, 107, 110, 133, 136, 137, 140, 141, 142, 143, 166, 168, 170, 172, 173, 175, 176, 205,
        208,
    ]
    private static let narrow: [UInt8] = [2, 4, 5, 6]

    /// A colour of the 256, or of the first 16; bright ones become ordinary where there are only 8, and grey becomes `fallback`.
    private func color(_ wide: UInt8, _ narrow: UInt8, fallback: Style.Attributes = []) -> Style {
        switch colors {
        case 256: Style(wide)
        case 16: Style(narrow)
        case 8: narrow < 8 ? Style(narrow) : Style(nil, on: nil, fallback)
        default: Style(nil, on: nil, fallback)
        }
    }
}
