/// What the mouse did, and over which cell; of the buttons only the first is told.
package struct MouseEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case press, drag, release
        case wheel(up: Bool)
    }

    package var kind: Kind
    /// From 0 at the top.
    package var row: Int
    /// From 0 at the left.
    package var column: Int

    package init(_ kind: Kind, row: Int, column: Int) {
        self.kind = kind
        self.row = row
        self.column = column
    }

    /// Reads the numbers of an SGR report (xterm's mode 1006): button, column and row from 1. `nil` for other buttons.
    init?(button: Int, column: Int, row: Int, isRelease: Bool) {
        guard row > 0, column > 0 else { return nil }
        let kind: Kind
        // Shift, Alt and Control (4, 8, 16) make no difference.
        switch (button & ~28, isRelease) {
        case (0, false): kind = .press
        case (0, true): kind = .release
        case (32, _): kind = .drag
        case (64, false): kind = .wheel(up: true)
        case (65, false): kind = .wheel(up: false)
        default: return nil
        }
        self.init(kind, row: row - 1, column: column - 1)
    }
}
