/// One place on the screen: plain data, so that thousands of them are copied and compared as bytes.
package struct Cell: Hashable, Sendable {
    package var glyph: Glyph
    package var style: Style
    /// 1 or 2 columns; 0 for the right half of the wide character before it.
    package var width: UInt8
    /// A key of ``Frame/links``; 0 for none.
    package var link: UInt16 = 0

    package init(_ glyph: Glyph, _ style: Style = .plain, width: UInt8 = 1) {
        self.glyph = glyph
        self.style = style
        self.width = width
    }

    package static let blank = Cell(.blank)
}

/// What one cell shows: a code point, or a key of ``Frame/clusters`` for what is more than one.
package struct Glyph: Hashable, Sendable {
    private static let clusterBit: UInt32 = 1 << 31

    private let value: UInt32

    package init(_ scalar: Unicode.Scalar) { value = scalar.value }

    /// - Parameter key: 31 bits.
    init(cluster key: UInt32) { value = key | Self.clusterBit }

    package static let blank = Glyph(" ")

    /// `nil` for a cluster.
    package var scalar: Unicode.Scalar? { Unicode.Scalar(value) }

    /// `nil` for a code point.
    var cluster: UInt32? { value & Self.clusterBit == 0 ? nil : value & ~Self.clusterBit }
}
