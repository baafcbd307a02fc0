package import ChatProtocol

/// Which style stands for what. Meaning is always in words or signs too: without colours nothing is lost.
package struct Theme: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// For a dark background, and for a light one.
        case dark, light
        /// The terminal's own two colours and attributes, which cannot be hard to read.
        case highContrast = "high-contrast"
        case none
    }

    /// What the user wants.
    package enum Choice: String, Sendable, CaseIterable {
        /// As the terminal's background is; where nothing is known of that, dark.
        case auto
        case dark, light
        case highContrast = "high-contrast"
        case none

        package func kind(on background: Background?) -> Kind {
            switch self {
            case .auto: background == .light ? .light : .dark
            case .dark: .dark
            case .light: .light
            case .highContrast: .highContrast
            case .none: .none
            }
        }
    }

    /// What is used: 0, 8, 16 or 256 colours.
    package let colors: Int
    /// What the terminal can show.
    package let terminalColors: Int
    package let kind: Kind

    package init(colors: Int, kind: Kind = .dark) {
        terminalColors = colors >= 256 ? 256 : colors >= 16 ? 16 : colors >= 8 ? 8 : 0
        self.colors = kind == .none || kind == .highContrast ? 0 : terminalColors
        self.kind = kind
    }

    /// The theme for a terminal of so many colours; `NO_COLOR` (no-color.org) in the environment, if not empty, turns them off.
    package static func suited(colors: Int, environment: [String: String]) -> Theme {
        let isOff = !(environment["NO_COLOR"] ?? "").isEmpty
        return Theme(colors: isOff ? 0 : colors)
    }

    package var text: Style { .plain }
    package var border: Style { color(240, 249, 8, fallback: .dim) }
    package var title: Style { color(250, 240, 7) }
    package var focusedTitle: Style { color(81, 25, 6).with(strong) }
    package var time: Style { grey }
    package var own: Style { color(252, 235, 7).with(.bold) }
    package var notice: Style { color(109, 24, 6) }
    package var fault: Style { color(203, 160, 1).with(strong) }
    package var presence: Style { grey }
    package var state: Style { grey }
    package var newLine: Style { color(179, 130, 3) }
    package var day: Style { grey }
    package var mention: Style { color(222, 94, 3).with(strong) }
    /// What is looked for.
    package var match: Style { color(222, 94, 3).with([.bold, .underline]) }
    package var unread: Style { color(179, 130, 3).with(.bold) }
    package var online: Style { color(77, 28, 2) }
    package var offline: Style { grey }
    package var status: Style { color(250, 240, 7) }
    package var warning: Style { color(179, 130, 3).with(strong) }
    package var hint: Style { color(179, 130, 3) }
    package var prompt: Style { color(81, 25, 6).with(.bold) }
    /// Where lines go past the server.
    package var privateTitle: Style { color(114, 28, 2) }
    package var privatePrompt: Style { privateTitle.with(strong) }
    package var dim: Style { grey }

    private var grey: Style { color(246, 241, 8, fallback: .dim) }
    /// What must be noticed.
    private var strong: Style.Attributes { kind == .highContrast ? [.bold, .reverse] : .bold }

    /// The colour of a name: always the same one. On the backgrounds that themes are for, its contrast is 4.5 to 1 at least (WCAG 2, AA).
    package func name(_ name: UserName) -> Style {
        guard colors > 0 else { return Style(nil, on: nil, .bold) }
        // FNV-1a: unlike `Hasher` the same in every process.
        var hash: UInt32 = 2_166_136_261
        for byte in name.text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let palette = colors < 256 ? Self.narrow : kind == .light ? Self.wideOnLight : Self.wide
        return Style(palette[Int(hash % UInt32(palette.count))])
    }

    /// Of middling brightness, apart from each other, and none that stands for something else.
    private static let wide: [UInt8] = [
        33, 37, 39, 43, 70, 71, 72, 74, 105, 107, 110, 111, 136, 137, 140, 141, 142, 143, 147, 149, 168, 169, 170, 172, 173, 175, 176, 205,
        208,
    ]
    /// Those of them, and others, that are dark enough for a light background.
    private static let wideOnLight: [UInt8] = [
        18, 19, 20, 22, 23, 24, 25, 26, 52, 53, 54, 55, 57, 58, 60, 61, 62, 88, 89, 90, 91, 92, 94, 95, 96, 97, 124, 125, 126, 127, 128,
        161, 162,
    ]
    private static let narrow: [UInt8] = [2, 4, 5, 6]

    /// A colour of the 256 for a dark and one for a light background, or one of the first 16; bright ones become ordinary where there are
    /// only 8, and grey becomes `fallback`, except where contrast is wanted.
    private func color(_ dark: UInt8, _ light: UInt8, _ narrow: UInt8, fallback: Style.Attributes = []) -> Style {
        let fallback = kind == .highContrast ? [] : fallback
        // Yellow and white are not seen on white.
        let few: UInt8? = kind != .light ? narrow : narrow == 3 ? 5 : narrow == 6 ? 4 : narrow == 7 ? nil : narrow
        switch colors {
        case 256: return Style(kind == .light ? light : dark)
        case 16: return Style(few)
        case 8: return narrow < 8 ? Style(few) : Style(nil, on: nil, fallback)
        default: return Style(nil, on: nil, fallback)
        }
    }
}
