/// Which rows of a log are on the screen, and moving through them. Only the entries that are looked at are wrapped.
extension Log {
    enum Move: Equatable, Sendable {
        case page(up: Bool)
        case toTop, toEnd, toNew
        /// So many rows towards the end, or towards the start if it is less than 0.
        case rows(Int)
        /// To an entry, and in it to what is looked for.
        case to(Number)

        var isUp: Bool {
            switch self {
            case .page(let up): up
            case .rows(let count): count < 0
            case .toTop: true
            case .toEnd, .toNew, .to: false
            }
        }

        /// Whether it wants what may have been hidden.
        var looksBack: Bool {
            switch self {
            case .toNew, .to: true
            default: isUp
            }
        }
    }

    private struct Place {
        var index: Int
        var row: Int
    }

    /// A row, and which of its entry's it is.
    private typealias Numbered = (index: Int, row: Int, content: LogRow)

    /// The rows to draw, at most `height`, from the top. Notes in ``below`` how many messages are below them.
    mutating func visible(height: Int, _ metrics: LogMetrics) -> [LogRow] {
        guard height > 0, !entries.isEmpty else { return [] }
        func key() -> DrawnLog.Key {
            DrawnLog.Key(height: height, metrics: metrics, anchor: anchor, newLine: newLine, hiddenThrough: hiddenThrough)
        }
        if let drawn, undrawn == nil, drawn.revision == revision, drawn.key == key() { return drawn.rows }
        let rows = rows(height: height, metrics)
        drawn = DrawnLog(key: key(), revision: revision, rows: rows)
        return rows
    }

    private mutating func rows(height: Int, _ metrics: LogMetrics) -> [LogRow] {
        if isHidden {
            isEndShown = true
            below = 0
            undrawn = nil
            return []
        }
        let bottom = bottomPlace(metrics)
        // From the bottom up, the last row first.
        var upwards: [Numbered] = []
        var index = bottom.index
        upwards.append(contentsOf: numbered(index, metrics).prefix(bottom.row + 1).reversed())
        while upwards.count < height, index > 0, anchor != nil || entries[index - 1].number != hiddenThrough {
            index -= 1
            upwards.append(contentsOf: numbered(index, metrics).reversed())
        }
        var rows = Array(upwards.prefix(height).reversed())
        // At the top of the log: the screen is filled downwards.
        var last = bottom.index
        if rows.count < height, anchor != nil {
            rows.append(contentsOf: numbered(last, metrics).dropFirst(bottom.row + 1))
            while rows.count < height, last + 1 < entries.count {
                last += 1
                rows.append(contentsOf: numbered(last, metrics))
            }
            rows = Array(rows.prefix(height))
        }
        isEndShown = false
        if let shown = rows.last, shown.index == entries.count - 1 { isEndShown = shown.row == numbered(shown.index, metrics).count - 1 }
        noteDrawn(from: rows.first)
        unfoldFirst(of: &rows, metrics)
        below = anchor == nil ? 0 : entries[(last + 1)...].count { $0.speaker != nil }
        return rows.map(\.content)
    }

    /// When more came since the last draw than the screen holds, nobody has seen where it begins: there goes the line "new".
    private mutating func noteDrawn(from top: Numbered?) {
        guard let first = undrawn else { return }
        undrawn = nil
        guard isAtEnd, unread == 0, !isCatchingUp, let top, let index = index(of: first) else { return }
        guard index < top.index || index == top.index && top.row > 0 else { return }
        newLine = first
        isCatchingUp = true
    }

    private mutating func numbered(_ index: Int, _ metrics: LogMetrics) -> [Numbered] {
        rows(of: index, metrics).enumerated().map { (index, $0.offset, $0.element) }
    }

    /// Gives the first entry whose text begins on the screen its time and name back, if that fits in the rows it has. A rule that belongs to it
    /// may be above the screen.
    private mutating func unfoldFirst(of rows: inout [Numbered], _ metrics: LogMetrics) {
        var own: (index: Int, rows: [LogRow])?
        for (place, (index, row, content)) in rows.enumerated() where !content.isRule {
            let folded = own.flatMap { $0.index == index ? $0.rows : nil } ?? self.rows(of: index, metrics)
            own = (index, folded)
            guard row == folded.prefix(while: \.isRule).count else { continue }
            let full = self.rows(of: index, metrics, isFirst: true)
            if full.count == folded.count { rows[place].content = full[row] }
            return
        }
    }

    /// Whether the oldest row is on the screen.
    mutating func showsTop(height: Int, _ metrics: LogMetrics) -> Bool {
        guard height > 0, !entries.isEmpty else { return true }
        let bottom = bottomPlace(metrics)
        var above = bottom.row + 1
        var index = bottom.index
        while above <= height, index > 0 {
            index -= 1
            above += rows(of: index, metrics).count
        }
        return above <= height
    }

    mutating func scroll(_ move: Move, height: Int, _ metrics: LogMetrics) {
        guard height > 0, !entries.isEmpty else { return }
        if hiddenThrough != nil, move.looksBack, bringBack(height: height, metrics), case .page = move { return }
        switch move {
        case .page(let up): scroll(by: (up ? -1 : 1) * max(1, height - 1), height: height, metrics)
        case .rows(let count): scroll(by: count, height: height, metrics)
        case .toTop: scroll(by: -(Int.max / 2), height: height, metrics)
        case .toEnd: anchor = nil
        case .toNew:
            guard let newLine, let index = index(of: newLine) else { return }
            // The line "new" at the top of the screen.
            settle(Place(index: index, row: -1), plus: height, height: height, metrics)
        case .to(let number):
            guard let index = index(of: number) else { return }
            let row = rows(of: index, metrics).firstIndex(where: \.isMatch) ?? 0
            settle(Place(index: index, row: row), plus: (height - 1) / 2, height: height, metrics)
        }
    }

    /// What was hidden is shown again; returns whether that changes what is on the screen.
    private mutating func bringBack(height: Int, _ metrics: LogMetrics) -> Bool {
        var shown = 0
        var index = entries.count
        while anchor == nil, shown < height, index > 0, entries[index - 1].number != hiddenThrough {
            index -= 1
            shown += rows(of: index, metrics).count
        }
        showAll()
        return anchor == nil && shown < height
    }

    private mutating func scroll(by count: Int, height: Int, _ metrics: LogMetrics) {
        if count < 0, -count > Self.bound * 16 {
            settle(Place(index: 0, row: -1), plus: height, height: height, metrics)
            return
        }
        settle(bottomPlace(metrics), plus: count, height: height, metrics)
    }

    /// Makes the row `count` rows from `place` the last on the screen, as far as the log reaches.
    private mutating func settle(_ place: Place, plus count: Int, height: Int, _ metrics: LogMetrics) {
        var place = place
        place.row += count
        while place.row < 0, place.index > 0 {
            place.index -= 1
            place.row += rows(of: place.index, metrics).count
        }
        // Not so far up that the screen would not be full.
        var above = place.row + 1
        var index = place.index
        while above < height, index > 0 {
            index -= 1
            above += rows(of: index, metrics).count
        }
        if above < height { place = Place(index: 0, row: height - 1) }

        var size = rows(of: place.index, metrics).count
        while place.row >= size, place.index + 1 < entries.count {
            place.row -= size
            place.index += 1
            size = rows(of: place.index, metrics).count
        }
        if place.index == entries.count - 1, place.row >= size - 1 {
            anchor = nil
        } else {
            anchor = Anchor(entry: entries[place.index].number, row: place.row)
        }
    }

    private mutating func bottomPlace(_ metrics: LogMetrics) -> Place {
        if let anchor, let index = index(of: anchor.entry) {
            return Place(index: index, row: max(0, min(anchor.row, rows(of: index, metrics).count - 1)))
        }
        let index = entries.count - 1
        return Place(index: index, row: rows(of: index, metrics).count - 1)
    }
}
