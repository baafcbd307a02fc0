/// How a cell looks: small and equatable, for every cell of every frame carries one.
package struct Style: Hashable, Sendable {
    package struct Attributes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let underline = Attributes(rawValue: 4)
        package static let reverse = Attributes(rawValue: 8)
    }

    /// A colour of the terminal's palette; `nil` is the terminal's own.
    package var foreground: UInt8?
    package var background: UInt8?
    package var attributes: Attributes

    package init(_ foreground: UInt8? = nil, on background: UInt8? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    package static let plain = Style()

    package func with(_ more: Attributes) -> Style {
        Style(foreground, on: background, attributes.union(more))
    }
}
