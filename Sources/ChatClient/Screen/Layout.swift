/// Where everything is on a screen of a given size. Pure: the same size and focus give the same places.
package struct Layout: Equatable, Sendable {
    package struct Rectangle: Equatable, Sendable {
        package var row: Int
        package var column: Int
        package var width: Int
        package var height: Int

        package var rows: Range<Int> { row..<row + height }
        package var columns: Range<Int> { column..<column + width }
    }

    package enum Shape: Equatable, Sendable {
        /// Too small for anything but a word about it.
        case unusable
        /// One pane, without borders at the sides: what is focused.
        case single
        /// Everyone above the conversations, the users at the side if `users` has a place.
        case full
    }

    /// Below this the screen says so.
    package static let least = (width: 20, height: 5)
    /// Below this the list of users shows only while it has the focus.
    package static let widthForUsers = 80
    /// Below this there is one pane at a time.
    static let leastFull = (width: 36, height: 11)

    package let width: Int
    package let height: Int
    package let shape: Shape
    /// Insides of the panes, without borders and padding; `nil` where a pane is not shown.
    package let everyone: Rectangle?
    package let conversation: Rectangle?
    package let users: Rectangle?
    /// The row that names a pane: of everyone (or of the only pane), of the conversations.
    package let topRow: Int
    package let tabsRow: Int?
    /// The line above the status, if there is one.
    package let statusBorderRow: Int?
    /// The column of the line between panes and users.
    package let usersBorderColumn: Int?
    /// Lines for transfers, above the status; of no height where there are none.
    package let transfers: Rectangle
    package let status: Rectangle
    package let input: Rectangle

    /// - Parameters:
    ///   - focus: which pane has the focus; decides what is shown where not everything fits.
    ///   - hasConversations: without any their pane is only as high as its hints.
    ///   - transfers: lines wanted for transfers; there are fewer where the panes need the room.
    ///   - inputRows: rows wanted for what is typed; there are at most ``mostInputRows(height:)``.
    ///   - arrangement: what the user has moved.
    init(
        width: Int, height: Int, focus: Pane = .everyone, hasConversations: Bool = true, transfers: Int = 0, inputRows: Int = 1,
        arrangement: Arrangement = Arrangement()
    ) {
        self.width = width
        self.height = height
        guard width >= Self.least.width, height >= Self.least.height else {
            shape = .unusable
            everyone = nil
            conversation = nil
            users = nil
            topRow = 0
            tabsRow = nil
            statusBorderRow = nil
            usersBorderColumn = nil
            let nowhere = Rectangle(row: 0, column: 0, width: 0, height: 0)
            self.transfers = nowhere
            status = nowhere
            input = nowhere
            return
        }
        let inputRows = max(1, min(inputRows, Self.mostInputRows(height: height)))
        let isFull = Self.isFull(width: width, height: height)
        let inputWidth = Self.inputWidth(width: width, height: height)
        let inputRow = height - inputRows - (isFull && !arrangement.isZoomed ? 1 : 0)
        guard isFull, !arrangement.isZoomed else {
            shape = .single
            let lines = height >= 8 ? min(transfers, 1) : 0
            let pane = Rectangle(row: 1, column: 0, width: width, height: inputRow - 2 - lines)
            self.transfers = Rectangle(row: inputRow - 1 - lines, column: 0, width: width, height: lines)
            everyone = focus == .everyone ? pane : nil
            conversation = focus == .conversations ? pane : nil
            users = focus == .users ? pane : nil
            topRow = 0
            tabsRow = nil
            statusBorderRow = nil
            usersBorderColumn = nil
            status = Rectangle(row: inputRow - 1, column: 0, width: width, height: 1)
            input = Rectangle(row: inputRow, column: 0, width: inputWidth, height: inputRows)
            return
        }
        shape = .full
        topRow = 0
        let showsUsers = width >= Self.widthForUsers || focus == .users
        let usersWidth = showsUsers ? max(14, min(24, width / 6)) : 0
        let border = showsUsers ? width - usersWidth - 1 : nil
        usersBorderColumn = border
        // Borders at top, between the panes, above the status and at the bottom; status and input.
        let lines = max(0, min(transfers, 4, (height - Self.leastFull.height) / 3))
        let free = inputRow - 4 - lines
        let lower = hasConversations ? arrangement.split.map { free - $0.upper(of: free) } ?? free / 2 : min(3, free / 2)
        let upper = free - lower
        let paneWidth = (border ?? width - 1) - 3
        everyone = Rectangle(row: 1, column: 2, width: paneWidth, height: upper)
        tabsRow = 1 + upper
        conversation = Rectangle(row: 2 + upper, column: 2, width: paneWidth, height: lower)
        statusBorderRow = inputRow - 2 - lines
        users = border.map { Rectangle(row: 1, column: $0 + 2, width: usersWidth - 3, height: inputRow - 3 - lines) }
        self.transfers = Rectangle(row: inputRow - 1 - lines, column: 2, width: width - 4, height: lines)
        status = Rectangle(row: inputRow - 1, column: 2, width: width - 4, height: 1)
        input = Rectangle(row: inputRow, column: 2, width: inputWidth, height: inputRows)
    }

    /// What is typed takes a third of the screen at the most.
    static func mostInputRows(height: Int) -> Int { max(1, height / 3) }

    /// How wide the input is, prompt included; known before the number of its rows, which depends on it.
    static func inputWidth(width: Int, height: Int) -> Int {
        isFull(width: width, height: height) ? width - 4 : width
    }

    private static func isFull(width: Int, height: Int) -> Bool { width >= leastFull.width && height >= leastFull.height }

    static func shape(width: Int, height: Int, isZoomed: Bool) -> Shape {
        guard width >= least.width, height >= least.height else { return .unusable }
        return isFull(width: width, height: height) && !isZoomed ? .full : .single
    }
}

/// What can have the focus.
package enum Pane: Hashable, Sendable, CaseIterable {
    case everyone, conversations, users
}
