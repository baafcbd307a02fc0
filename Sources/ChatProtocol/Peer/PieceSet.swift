/// A set of a file's pieces, as a map of bits.
package struct PieceSet: Hashable, Sendable {
    /// How many pieces the file has.
    package let capacity: Int
    /// How many of them are in the set.
    package private(set) var count = 0
    private var words: [UInt64]

    /// - Parameter capacity: at most ``FileContent/mostPieces``.
    package init(capacity: Int) {
        self.capacity = Swift.max(0, Swift.min(capacity, FileContent.mostPieces))
        words = Array(repeating: 0, count: (self.capacity + 63) / 64)
    }

    package init(all capacity: Int) {
        self.init(capacity: capacity)
        for index in words.indices { words[index] = .max }
        if self.capacity % 64 != 0 { words[words.count - 1] = .max >> UInt64(64 - self.capacity % 64) }
        count = self.capacity
    }

    /// Reads a map with the first piece in the highest bit of the first byte. Refuses another length and bits that stand for no piece.
    package init?(bytes: some Collection<UInt8>, capacity: Int) {
        self.init(capacity: capacity)
        guard capacity == self.capacity, bytes.count == (capacity + 7) / 8 else { return nil }
        for (index, byte) in bytes.enumerated() where byte != 0 {
            for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 {
                guard index * 8 + bit < capacity else { return nil }
                insert(index * 8 + bit)
            }
        }
    }

    package var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (capacity + 7) / 8)
        for piece in self { bytes[piece / 8] |= 0x80 >> UInt8(piece % 8) }
        return bytes
    }

    package var isFull: Bool { count == capacity }
    package var isEmpty: Bool { count == 0 }
    /// Bytes in memory, about.
    package var weight: Int { words.count * 8 }

    package func contains(_ piece: Int) -> Bool {
        guard piece >= 0, piece < capacity else { return false }
        return words[piece / 64] & (1 << UInt64(piece % 64)) != 0
    }

    /// Returns whether the piece is new; one that the file does not have is not.
    @discardableResult
    package mutating func insert(_ piece: Int) -> Bool {
        guard piece >= 0, piece < capacity, !contains(piece) else { return false }
        words[piece / 64] |= 1 << UInt64(piece % 64)
        count += 1
        return true
    }

    @discardableResult
    package mutating func remove(_ piece: Int) -> Bool {
        guard contains(piece) else { return false }
        words[piece / 64] &= ~(1 << UInt64(piece % 64))
        count -= 1
        return true
    }

    package mutating func subtract(_ other: PieceSet) {
        for index in words.indices where index < other.words.count { words[index] &= ~other.words[index] }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package func intersection(_ other: PieceSet) -> PieceSet {
        var common = self
        for index in common.words.indices { common.words[index] &= index < other.words.count ? other.words[index] : 0 }
        common.count = common.words.reduce(0) { $0 + $1.nonzeroBitCount }
        return common
    }

    package func isDisjoint(with other: PieceSet) -> Bool {
        !zip(words, other.words).contains { $0 & $1 != 0 }
    }
}

extension PieceSet: Sequence {
    /// In ascending order.
    package struct Iterator: IteratorProtocol {
        fileprivate let words: [UInt64]
        fileprivate var index = 0
        fileprivate var rest: UInt64

        package mutating func next() -> Int? {
            while rest == 0 {
                index += 1
                guard index < words.count else { return nil }
                rest = words[index]
            }
            let bit = rest.trailingZeroBitCount
            rest &= rest - 1
            return index * 64 + bit
        }
    }

    package func makeIterator() -> Iterator { Iterator(words: words, rest: words.first ?? 0) }

    package var underestimatedCount: Int { count }
}
