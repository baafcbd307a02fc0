/// How a cell looks: small and without padding, for every cell of every frame carries one.
package struct Style: Hashable, Sendable {
    package struct Attributes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let underline = Attributes(rawValue: 4)
        package static let reverse = Attributes(rawValue: 8)
    }

    /// 0 for none, otherwise one more than the colour: an optional has a byte that means nothing when there is none.
    private var foregroundCode: UInt16
    private var backgroundCode: UInt16
    package var attributes: Attributes

    package init(_ foreground: UInt8? = nil, on background: UInt8? = nil, _ attributes: Attributes = []) {
        foregroundCode = Self.code(foreground)
        backgroundCode = Self.code(background)
        self.attributes = attributes
    }

    package static let plain = Style()

    /// A colour of the terminal's palette; `nil` is the terminal's own.
    package var foreground: UInt8? { Self.color(foregroundCode) }
    package var background: UInt8? { Self.color(backgroundCode) }

    package func with(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }

    private static func code(_ color: UInt8?) -> UInt16 { color.map { UInt16($0) + 1 } ?? 0 }

    private static func color(_ code: UInt16) -> UInt8? { code == 0 ? nil : UInt8(truncatingIfNeeded: code - 1) }
}
