import ChatProtocol

/// A transfer as one line of text: `[1] film.mkv  ████████░░░░  62 %  41.2 MB/s  0:12  3 peers`.
package enum TransferLine {
    /// - Parameters:
    ///   - width: columns; what does not fit is left out, the least important first.
    ///   - isASCII: for terminals that draw nothing else.
    ///   - columns: how many columns a text takes; where characters are wider than one, the screen knows better.
    package static func text(
        _ transfer: ListedTransfer, width: Int, isASCII: Bool = false, columns: (String) -> Int = { $0.count }
    ) -> String {
        let status = transfer.status
        let number = "[\(transfer.number)]"
        let name = status.file.name.text
        let state = state(of: status)
        // From all that there is to tell to the least.
        for parts in [state.all, state.some, state.few] {
            let rest = parts.isEmpty ? "" : "  " + parts.joined(separator: "  ")
            let used = columns(number) + 1 + columns(name) + columns(rest)
            if status.isOver || !isDrawn(status) {
                if used <= width { return "\(number) \(name)\(rest)" }
            } else if used + 2 + shortestBar <= width {
                let bar = bar(status.fraction, width: min(longestBar, width - used - 2), isASCII: isASCII)
                return "\(number) \(name)  \(bar)\(rest)"
            }
        }
        let rest = state.few.map { "  " + $0 }.joined()
        let room = width - columns(number) - 1 - columns(rest)
        if room >= shortestName { return "\(number) \(cut(name, to: room, isASCII: isASCII, columns))\(rest)" }
        return cut("\(number)\(rest)", to: width, isASCII: isASCII, columns)
    }

    /// `999 B`, `1.0 kB`, `41.2 MB`, `512 GB`: units of 1,000, three figures.
    package static func size(_ bytes: Double) -> String {
        guard bytes.isFinite, bytes >= 0 else { return "?" }
        guard bytes >= 999.5 else { return "\(Int(bytes.rounded())) B" }
        var value = bytes / 1000
        for unit in ["kB", "MB", "GB"] {
            if value < 99.95 { return "\(tenths(value)) \(unit)" }
            if value < 999.5 { return "\(Int(value.rounded())) \(unit)" }
            value /= 1000
        }
        return value < 1e9 ? "\(tenths(value)) TB" : "?"
    }

    /// `0:07`, `12:40`, `3:00:15`; beyond four days, days.
    package static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
        let whole = Int(seconds.rounded(.up))
        guard whole < 4 * 86_400 else { return "\(whole / 86_400) days" }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
    }

    /// `width` columns, of which `fraction` (0 to 1) are full.
    package static func bar(_ fraction: Double, width: Int, isASCII: Bool = false) -> String {
        let inner = max(0, isASCII ? width - 2 : width)
        // Full when all is there, and not before.
        let part = fraction.isFinite ? Int(max(0, min(fraction, 1)) * Double(inner)) : 0
        let full = fraction >= 1 ? inner : max(0, min(inner - 1, part))
        let bar = String(repeating: isASCII ? "#" : "█", count: full) + String(repeating: isASCII ? "." : "░", count: inner - full)
        return isASCII ? "[\(bar)]" : bar
    }

    // MARK: -

    private static let shortestBar = 6
    private static let longestBar = 24
    private static let shortestName = 8

    private static func isDrawn(_ status: TransferStatus) -> Bool {
        switch status.phase {
        case .seeking, .failed, .ended, .finished: false
        case .preparing, .fetching, .settling: true
        }
    }

    private static func state(of status: TransferStatus) -> (all: [String], some: [String], few: [String]) {
        switch status.phase {
        case .finished: return (["done", size(Double(status.wanted))], ["done"], ["done"])
        case .ended, .failed: return ([status.words], [status.words], [status.phase == .ended ? "ended" : "failed"])
        default: break
        }
        // Whole only when it is whole.
        let share = "\(min(status.fraction >= 1 ? 100 : 99, Int(max(0, status.fraction) * 100))) %"
        guard status.phase == .fetching, !status.isPaused, !status.isStalled, !status.peers.isEmpty else {
            return ([share, status.words], [share, status.words], [share])
        }
        let rate = size(status.rate) + "/s"
        let count = status.peers.count
        let peers = count == 1 ? "1 peer" : "\(count) peers"
        let left = status.timeLeft.map { [time($0)] } ?? []
        return ([share, rate] + left + [peers], [share, rate] + left, [share])
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func cut(_ text: String, to width: Int, isASCII: Bool, _ columns: (String) -> Int) -> String {
        guard columns(text) > width else { return text }
        let mark = isASCII ? "..." : "…"
        guard width > columns(mark) else { return String(repeating: ".", count: max(0, min(width, 1))) }
        var kept = text
        while columns(kept) + columns(mark) > width, !kept.isEmpty { kept.removeLast() }
        return kept + mark
    }
}
