/// Earlier states of a line, newest last.
struct UndoStack: Sendable {
    static let bound = 100

    private var states: [(text: String, cursor: Int)] = []

    mutating func push(text: String, cursor: Int) {
        if let last = states.last, last.text == text {
            states[states.count - 1].cursor = cursor
            return
        }
        if states.count >= Self.bound { states.removeFirst() }
        states.append((text, cursor))
    }

    mutating func pop() -> (text: String, cursor: Int)? { states.popLast() }
}
