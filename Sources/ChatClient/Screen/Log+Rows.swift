import ChatProtocol

/// From entries to rows of the screen.
extension Log {
    /// Lines by the same speaker within this many milliseconds carry the name once.
    private static let foldWindow: Int64 = 300_000

    /// The rows of an entry: perhaps what is missing before it, perhaps a day, perhaps "new", then time, name and text, then what became of it.
    ///
    /// - Parameter isFirst: the entry is the first on the screen, so that time and name must not be folded away.
    mutating func rows(of index: Int, _ metrics: LogMetrics, isFirst: Bool = false) -> [LogRow] {
        var rows: [LogRow] = []
        let theme = metrics.theme
        let previous = index > 0 ? entries[index - 1] : nil
        let time = entries[index].time
        let civil = calendar.civil(time, metrics.timeZone)
        let previousCivil = previous.map { calendar.civil($0.time, metrics.timeZone) }

        if index == 0, dropped > 0 {
            rows.append(Self.rule("\(dropped) earlier \(dropped == 1 ? "line is" : "lines are") not kept", theme.day))
        }
        if let previousCivil, !civil.isSameDay(as: previousCivil) {
            rows.append(Self.rule(civil.longDay, theme.day))
        }
        if newLine == entries[index].number, index > 0 || dropped > 0 || marksFirst {
            rows.append(Self.rule("new", theme.newLine))
        }
        let follows = rows.isEmpty && previous != nil
        let showsTime = isFirst || !follows || previousCivil?.clock != civil.clock
        let showsName =
            isFirst || !follows || metrics.isSpoken || entries[index].speaker == nil || previous?.speaker != entries[index].speaker
            || time.milliseconds - (previous?.time.milliseconds ?? 0) > Self.foldWindow

        let (label, labelStyle, textStyle) = appearance(of: entries[index], theme, metrics.isSpoken)
        let isSaid = entries[index].speaker != nil
        // A name that does not fit its column takes from the first line of its text, or has a line of its own.
        let labelCells = DisplayWidth.cells(label)
        let isLong = showsName && labelCells > metrics.nameWidth
        let room = metrics.width - metrics.textColumn
        let firstColumn = isLong ? metrics.nameColumn + labelCells + 2 : metrics.textColumn
        let first = metrics.width - firstColumn
        let hasOwnLine = isLong && first < min(12, room)

        let lines = withEntry(at: index) { $0.lines(width: room, first: isLong && !hasOwnLine ? first : room) }
        var head = LogRow()
        if metrics.hasTime, showsTime { head.add(metrics.clock.text(civil), at: 0, theme.time) }
        if showsName {
            head.add(
                DisplayWidth.truncated(label, width: max(1, metrics.width - metrics.nameColumn)), at: metrics.nameColumn, labelStyle)
        }
        if hasOwnLine {
            rows.append(head)
            head = LogRow()
        }
        // Lines are slices of one text, so a place in that is a place in them.
        var marked = metrics.pattern.flatMap { pattern in lines.first.map { pattern.ranges(in: $0.base) } } ?? []
        // The store finds words that stand apart, or differ in their accents: then the whole line stands out.
        if marked.isEmpty, metrics.found == entries[index].number, let text = lines.first?.base {
            marked = [text.startIndex..<text.endIndex]
        }
        let links = metrics.hasLinks && isSaid ? withEntry(at: index) { $0.links } : []
        let matchStyle = metrics.found == entries[index].number ? theme.match.with(.reverse) : theme.match
        for (number, line) in lines.enumerated() {
            var row = number == 0 ? head : LogRow()
            let column = number == 0 && isLong && !hasOwnLine ? firstColumn : metrics.textColumn
            row.add(line, at: column, textStyle, isSaid: isSaid)
            row.entry = entries[index].number
            for found in links {
                let shown = found.range.clamped(to: line.startIndex..<line.endIndex)
                guard !shown.isEmpty else { continue }
                let start = column + DisplayWidth.cells(line[..<shown.lowerBound])
                row.pieces.append(LogRow.Piece(column: start, text: line[shown], style: textStyle, isSaid: true, link: found.target))
            }
            for range in marked {
                let shown = range.clamped(to: line.startIndex..<line.endIndex)
                guard !shown.isEmpty else { continue }
                row.add(line[shown], at: column + DisplayWidth.cells(line[..<shown.lowerBound]), matchStyle, isSaid: isSaid)
                row.isMatch = true
            }
            rows.append(row)
        }
        let lastColumn = lines.count == 1 && isLong && !hasOwnLine ? firstColumn : metrics.textColumn
        addState(of: index, to: &rows, lastLine: lines.last ?? "", startsAt: lastColumn, metrics)
        return rows
    }

    private func appearance(of entry: Entry, _ theme: Theme, _ isSpoken: Bool) -> (label: String, Style, text: Style) {
        switch entry.content {
        case .said(.me, _): ("me", theme.own, theme.text)
        case .said(.other(let name), _):
            // An account may be called "me", but not with an @.
            (name.text == "me" ? "@me" : name.text, theme.name(name), entry.isMention ? theme.mention : theme.text)
        case .presence(let fold): (isSpoken ? "note" : fold.came.isEmpty ? "←" : "→", theme.presence, theme.presence)
        case .notice: (isSpoken ? "note" : "·", theme.notice, theme.notice)
        case .fault: (isSpoken ? "error" : "!", theme.fault, theme.fault)
        }
    }

    private static func rule(_ text: String, _ style: Style) -> LogRow {
        var row = LogRow()
        row.isRule = true
        row.add(text, at: 0, style)
        return row
    }

    // MARK: What became of a line

    /// Puts the state to the right of the last line if it fits there, below it otherwise.
    private func addState(
        of index: Int, to rows: inout [LogRow], lastLine: Substring, startsAt column: Int, _ metrics: LogMetrics
    ) {
        guard let (words, style) = state(of: index, metrics) else { return }
        let shown = DisplayWidth.truncated(words, width: metrics.width)
        let cells = DisplayWidth.cells(shown)
        let place = metrics.width - cells
        if column + DisplayWidth.cells(lastLine) + 2 <= place, !rows.isEmpty {
            rows[rows.count - 1].add(shown, at: place, style)
            return
        }
        // A long reason wraps like text, for it must be read.
        for line in Wrapper.lines(words, width: metrics.width - metrics.textColumn) {
            var row = LogRow()
            row.add(line, at: max(metrics.textColumn, metrics.width - DisplayWidth.cells(line)), style)
            rows.append(row)
        }
    }

    private func state(of index: Int, _ metrics: LogMetrics) -> (String, Style)? {
        let entry = entries[index]
        let theme = metrics.theme
        if let sent = entry.sentBefore {
            let civil = metrics.timeZone.civil(sent)
            let isToday = civil.isSameDay(as: metrics.timeZone.civil(entry.time))
            return (
                "sent " + (isToday ? "" : civil.shortDay + " ") + (metrics.clock == .off ? .hours24 : metrics.clock).text(civil),
                theme.state
            )
        }
        if metrics.isSpoken { return spokenState(of: entry, metrics).map { ($0, theme.state) } }
        guard let delivery = entry.delivery else { return nil }
        // In full for the newest of its kind; before that the sign is enough.
        switch delivery {
        case .queued: return (metrics.isOnline ? "…" : "… queued", theme.state)
        case .delivered: return (isLastDelivered(index, metrics) ? "✓ delivered" : "✓", theme.state)
        case .sent(let sequence):
            if isDelivered(sequence, metrics) { return (isLastDelivered(index, metrics) ? "✓ delivered" : "✓", theme.state) }
            return ("· sent", theme.state)
        case .reached(let count, let isPartial):
            let who = count == 0 ? "nobody online then" : "to \(count)"
            return ((count == 0 ? "· " : "✓ ") + who + (isPartial ? ", not to some who block you" : ""), theme.state)
        case .failed(let reason): return ("✗ failed: \(reason) · \(metrics.retryKey) retries", theme.fault)
        }
    }

    private func spokenState(of entry: Entry, _ metrics: LogMetrics) -> String? {
        if metrics.found == entry.number { return "found" }
        switch entry.delivery {
        case nil: return entry.isMention ? "mentions you" : nil
        case .queued: return metrics.isOnline ? "on its way" : "queued"
        case .delivered: return "delivered"
        case .sent(let sequence): return isDelivered(sequence, metrics) ? "delivered" : "sent"
        case .reached(let count, let isPartial):
            return (count == 0 ? "nobody online then" : "to \(count)") + (isPartial ? ", not to some who block you" : "")
        case .failed(let reason): return "failed: \(reason), \(metrics.retryKey) retries"
        }
    }

    private func isDelivered(_ sequence: UInt64?, _ metrics: LogMetrics) -> Bool {
        sequence.map { $0 <= metrics.deliveredThrough } ?? false
    }

    private func isLastDelivered(_ index: Int, _ metrics: LogMetrics) -> Bool {
        for later in entries[(index + 1)...] {
            switch later.delivery {
            case .sent(let sequence): return !isDelivered(sequence, metrics)
            case .delivered: return false
            default: continue
            }
        }
        return true
    }
}
