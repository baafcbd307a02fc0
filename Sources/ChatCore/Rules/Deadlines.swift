package import ChatProtocol
import HeapModule

/// When the next connection needs a look, and which. One entry is valid for each connection; the others are left to die.
///
/// A deadline that moves into the future, as inactivity does with every command, is not touched here: its entry fires at the
/// old time, finds nothing due, and is set anew.
package struct Deadlines: Sendable {
    private struct Entry: Comparable, Sendable {
        let at: UInt64
        let connection: ConnectionID

        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.connection) < (b.at, b.connection) }
    }

    private var heap = Heap<Entry>()

    package init() {}

    package var next: UInt64? { heap.min?.at }
    package var count: Int { heap.count }

    package mutating func insert(_ connection: ConnectionID, at: UInt64) {
        heap.insert(Entry(at: at, connection: connection))
    }

    /// Takes out the earliest entry that is due.
    package mutating func popDue(at now: UInt64) -> (connection: ConnectionID, at: UInt64)? {
        guard let first = heap.min, first.at <= now else { return nil }
        heap.removeMin()
        return (first.connection, first.at)
    }

    /// Takes out entries from the front as long as they are not valid, so that nobody is woken for them.
    package mutating func prune(where isValid: (ConnectionID, UInt64) -> Bool) {
        while let first = heap.min, !isValid(first.connection, first.at) { heap.removeMin() }
    }

    /// Keeps only the entries for which `isValid`.
    package mutating func compact(where isValid: (ConnectionID, UInt64) -> Bool) {
        heap = Heap(heap.unordered.filter { isValid($0.connection, $0.at) })
    }
}
