/// Names one connection for as long as the process lives; never used twice.
package struct ConnectionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Hashed at once, as the number is, and not through a hasher that is set up and run down around it: that is half of a look into a
    /// dictionary, and every message costs several.
    package func _rawHashValue(seed: Int) -> Int { rawValue._rawHashValue(seed: seed) }

    package var description: String { "c\(rawValue)" }

    package static func < (a: ConnectionID, b: ConnectionID) -> Bool { a.rawValue < b.rawValue }
}
