import ChatProtocol
import Testing

@testable import ChatClient

/// What is written can be read: contrast as WCAG 2 defines it, 4.5 to 1 at least.
@Suite struct ContrastTests {
    private struct Color {
        var red, green, blue: Double

        init(_ hexadecimal: UInt32) {
            (red, green, blue) = (Double(hexadecimal >> 16), Double(hexadecimal >> 8 & 255), Double(hexadecimal & 255))
        }

        /// Of the 256 of xterm, from the 16th on: those before are the terminal's own.
        init?(palette: UInt8) {
            guard palette >= 16 else { return nil }
            if palette >= 232 {
                let grey = 8 + 10 * (UInt32(palette) - 232)
                self.init(grey << 16 | grey << 8 | grey)
            } else {
                let steps: [UInt32] = [0, 95, 135, 175, 215, 255]
                let number = Int(palette) - 16
                self.init(steps[number / 36] << 16 | steps[number / 6 % 6] << 8 | steps[number % 6])
            }
        }

        var luminance: Double {
            func linear(_ value: Double) -> Double {
                let share = value / 255
                // The power by its series of roots would need Foundation; the standard library has no pow.
                return share <= 0.03928 ? share / 12.92 : power((share + 0.055) / 1.055)
            }
            return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        }

        /// To the 2.4th: squared, times the square of the fifth root, which Newton finds.
        private func power(_ base: Double) -> Double {
            var root = 1.0
            for _ in 0..<60 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
            return base * base * root * root
        }

        func contrast(_ other: Color) -> Double {
            let (light, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
            return (light + 0.05) / (dark + 0.05)
        }
    }

    /// Black and a usual dark grey; white and a usual cream.
    private static let backgrounds: [Theme.Kind: [UInt32]] = [.dark: [0x000000, 0x1E1E1E], .light: [0xFFFFFF, 0xFDF6E3]]

    @Test func theMeasureIsRight() {
        #expect(abs(Color(0x000000).contrast(Color(0xFFFFFF)) - 21) < 0.001)
        #expect(abs(Color(0x777777).contrast(Color(0xFFFFFF)) - 4.478) < 0.001)
    }

    @Test(arguments: [Theme.Kind.dark, .light]) func everyNameIsReadable(kind: Theme.Kind) {
        let theme = Theme(colors: 256, kind: kind)
        var colors: Set<UInt8> = []
        for number in 0..<2000 {
            guard let name = UserName("user\(number)"), let color = theme.name(name).foreground else { continue }
            colors.insert(color)
            #expect(theme.name(name) == theme.name(name))
        }
        #expect(colors.count >= 29, "many people can be told apart")
        for color in colors {
            for background in Self.backgrounds[kind] ?? [] {
                let contrast = Color(palette: color).map { $0.contrast(Color(background)) } ?? 0
                #expect(contrast >= 4.5, "\(color) on \(background)")
            }
        }
    }

    @Test(arguments: [Theme.Kind.dark, .light]) func everythingElseThatIsWrittenIsReadable(kind: Theme.Kind) {
        let theme = Theme(colors: 256, kind: kind)
        let styles = [
            theme.text, theme.title, theme.focusedTitle, theme.time, theme.own, theme.notice, theme.fault, theme.presence, theme.state,
            theme.newLine, theme.day, theme.mention, theme.match, theme.unread, theme.online, theme.offline, theme.status, theme.warning,
            theme.hint, theme.prompt, theme.privateTitle, theme.dim,
        ]
        for color in Set(styles.compactMap(\.foreground)) {
            let contrast = Color(palette: color).map { $0.contrast(Color(Self.backgrounds[kind]?.first ?? 0)) } ?? 0
            #expect(contrast >= 4.5, "\(color)")
        }
    }

    @Test func aNameKeepsItsColourInEveryRunOfTheProgram() {
        guard let yoda = UserName("yoda") else { return }
        #expect(Theme(colors: 256).name(yoda).foreground == Theme(colors: 256).name(yoda).foreground)
        #expect(Theme(colors: 0).name(yoda) == Style(nil, on: nil, .bold))
    }
}
