/// Lines submitted before, and the walk through them that brings the unsent draft back.
struct LineHistory: Sendable {
    enum Direction: Sendable { case older, newer }

    let bound: Int
    private(set) var lines: [String] = []
    /// Which line is shown; `nil` while the draft is.
    private var position: Int?
    private var draft = ""

    init(bound: Int) { self.bound = bound }

    /// Ends the walk and keeps `line`, unless it is empty or the same as the last.
    mutating func add(_ line: String) {
        leave()
        guard bound > 0, !line.isEmpty, line != lines.last else { return }
        if lines.count >= bound { lines.removeFirst() }
        lines.append(line)
    }

    mutating func leave() {
        position = nil
        draft = ""
    }

    mutating func forgetLast() {
        _ = lines.popLast()
        leave()
    }

    /// The line to show instead of `current`, if there is one that way.
    mutating func move(_ direction: Direction, from current: String) -> String? {
        switch (direction, position) {
        case (.older, nil):
            guard !lines.isEmpty else { return nil }
            draft = current
            position = lines.count - 1
            return lines[lines.count - 1]
        case (.older, let place?):
            guard place > 0 else { return nil }
            position = place - 1
            return lines[place - 1]
        case (.newer, nil): return nil
        case (.newer, let place?):
            guard place + 1 < lines.count else {
                let line = draft
                leave()
                return line
            }
            position = place + 1
            return lines[place + 1]
        }
    }
}
