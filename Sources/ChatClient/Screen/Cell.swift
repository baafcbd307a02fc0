/// One place on the screen.
package struct Cell: Hashable, Sendable {
    package var text: Character
    package var style: Style
    /// 1 or 2 columns; 0 for the right half of the wide character before it.
    package var width: UInt8
    /// A key of ``Frame/links``; 0 for none.
    package var link: UInt16 = 0

    package init(_ text: Character, _ style: Style = .plain, width: UInt8 = 1) {
        self.text = text
        self.style = style
        self.width = width
    }

    package static let blank = Cell(" ")
}
