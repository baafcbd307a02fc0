/// How the user has arranged the panes; kept as long as the program runs.
struct Arrangement: Equatable, Sendable {
    /// Where everyone's part ends, as a share of the rows that both panes have.
    struct Split: Equatable, Sendable {
        var upper: Int
        var rows: Int

        /// Of so many rows; each pane keeps one.
        func upper(of free: Int) -> Int { max(1, min(free - 1, (free * upper + rows / 2) / max(1, rows))) }
    }

    /// The focused pane alone is shown, without borders.
    var isZoomed = false
    /// `nil` while nobody has moved the divider.
    var split: Split?
}

/// Moving what divides the screen.
extension Model {
    mutating func zoom() {
        arrangement.isZoomed.toggle()
        hint = Hint(
            text: arrangement.isZoomed ? "This pane alone · \(key(.zoom)) brings the others back" : "All panes",
            short: arrangement.isZoomed ? ["This pane alone · \(key(.zoom)) goes back", "This pane alone"] : [])
    }

    mutating func moveDivider(by rows: Int) {
        guard let row = layout.tabsRow, !conversations.isEmpty else {
            hint = Hint(text: "There is nothing to divide here")
            return
        }
        putDivider(at: row + rows)
    }

    /// Puts the divider into this row of the screen, or as near as the panes allow.
    mutating func putDivider(at row: Int) {
        let layout = layout
        guard let upper = layout.everyone, let lower = layout.conversation, !conversations.isEmpty else { return }
        let free = upper.height + lower.height
        let wanted = max(1, min(free - 1, row - upper.row))
        arrangement.split = Arrangement.Split(upper: wanted, rows: free)
    }
}
