import ChatPeer

/// One line for each transfer that is on its way, changed in place.
extension Model {
    func drawTransfers(_ place: Layout.Rectangle, in frame: inout Frame) {
        guard place.height > 0 else { return }
        let all = shownTransfers
        let shown = all.prefix(all.count > place.height ? place.height - 1 : place.height)
        for (row, transfer) in zip(place.rows, shown) {
            let line = TransferLine.text(transfer, width: place.width, isASCII: isSpoken, columns: DisplayWidth.cells)
            let style = transfer.status.isStalled ? options.theme.warning : options.theme.notice
            frame.put(line, row: row, column: place.column, style: style, limit: place.columns.upperBound)
        }
        guard shown.count < all.count else { return }
        let rest = all.count - shown.count
        let words = shown.isEmpty ? "\(rest) transfers · /transfers lists them" : "and \(rest) more · /transfers lists them"
        frame.put(words, row: place.rows.upperBound - 1, column: place.column, style: options.theme.dim, limit: place.columns.upperBound)
    }
}
