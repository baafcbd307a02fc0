import Glibc

/// What is drawn, for whoever shows it, and as text for whoever looks at it.
extension Frame {
    package func row(_ number: Int) -> [Cell] { grid[number] }

    package func text(of glyph: Glyph) -> Character {
        if let scalar = glyph.scalar { return Character(scalar) }
        return glyph.cluster.flatMap { clusters[$0] } ?? "\u{FFFD}"
    }

    // MARK: Beside another

    /// What has to be drawn, by rows, where `other` was drawn before: the columns from the first to the last that differ, whole characters.
    package func changes(since other: Frame?) -> [(row: Int, columns: Range<Int>)] {
        guard let other, isComparable(with: other) else { return (0..<height).map { ($0, 0..<width) } }
        var changes: [(row: Int, columns: Range<Int>)] = []
        for number in 0..<height {
            if let columns = Self.changes(in: grid[number], since: other.grid[number]) { changes.append((number, columns)) }
        }
        return changes
    }

    /// Whether equal cells show the same in both, which have the same size.
    func isComparable(with other: Frame) -> Bool {
        guard width == other.width, height == other.height else { return false }
        if clusters.isEmpty || other.clusters.isEmpty { return true }
        return clusters.allSatisfy { key, text in other.clusters[key].map { $0.unicodeScalars.elementsEqual(text.unicodeScalars) } ?? true }
    }

    private static func changes(in row: [Cell], since old: [Cell]) -> Range<Int>? {
        row.withUnsafeBufferPointer { row in
            old.withUnsafeBufferPointer { old in
                // Cells have no padding, so their bytes tell; the same bytes need not even be looked at.
                guard let here = row.baseAddress, let there = old.baseAddress, here != there,
                    memcmp(here, there, row.count * MemoryLayout<Cell>.stride) != 0
                else { return nil }
                var first = 0
                while first < row.count, row[first] == old[first] { first += 1 }
                var end = row.count
                while end > first, row[end - 1] == old[end - 1] { end -= 1 }
                guard first < end else { return nil }
                if row[first].width == 0, first > 0 { first -= 1 }
                return first..<end
            }
        }
    }

    // MARK: As text

    /// A cell as it is seen.
    package struct Drawn: Equatable, Sendable {
        package let text: Character
        package let style: Style
        package let width: UInt8
        package let link: UInt16
    }

    package var rows: [[Drawn]] {
        (0..<height).map { number in
            row(number).map { Drawn(text: text(of: $0.glyph), style: $0.style, width: $0.width, link: $0.link) }
        }
    }

    /// One line a row, without the blanks at the ends of lines.
    package var text: String { lines.joined(separator: "\n") }

    package var lines: [String] {
        (0..<height).map { number in
            var line = ""
            for cell in row(number) where cell.width > 0 { line.append(text(of: cell.glyph)) }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
