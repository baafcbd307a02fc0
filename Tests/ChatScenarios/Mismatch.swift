/// Where a world does not do as the table says.
package struct Mismatch: Sendable, CustomStringConvertible {
    package let scenario: String
    package let place: TablePlace
    /// The connection that saw something else, if it is about one.
    package let connection: String?
    package let expected: String
    package let got: String

    package var description: String {
        let who = connection.map { "\($0): " } ?? ""
        return "\(place) “\(scenario)”\n  \(who)expected \(expected)\n  \(who)got      \(got)"
    }
}
