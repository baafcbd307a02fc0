/// A line of the table, for whoever has to look at it.
package struct TablePlace: Equatable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int

    package var description: String { "\(file):\(line)" }
}

/// A line of the table that cannot be read.
package struct TableFault: Error, Equatable, Sendable, CustomStringConvertible {
    package let place: TablePlace
    package let reason: String

    package var description: String { "\(place): \(reason)" }
}

/// What is wrong with a piece of a line; the parser adds the place.
struct Unreadable: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
