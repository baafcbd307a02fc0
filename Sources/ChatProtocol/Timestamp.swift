/// A point in civil time, in milliseconds since 1970-01-01 00:00 UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

    package func advanced(bySeconds seconds: Double) -> Timestamp {
        // Saturating: a request may name any number of seconds.
        let sum = Double(milliseconds) + seconds * 1000
        return Timestamp(milliseconds: Int64(max(-9e18, min(9e18, sum))))
    }
}
