/// What is in a file, whatever its name: the root of its merkle tree (BEP 52) and its size. Two files are the same when these are.
///
/// Everything about its division follows from the size. Leaves of 16 KiB are what is checked; blocks of 16 leaves are what is asked for;
/// pieces of 256 KiB to 4 MiB are what is known to be had or lacked.
package struct FileContent: Hashable, Sendable {
    package static let leafSize = 16 * 1024
    package static let leavesPerBlock = 16
    package static let blockSize = leafSize * leavesPerBlock
    package static let pieceSizes: ClosedRange<Int> = 256 * 1024...4 * 1024 * 1024
    /// Up to here pieces stay as small as they can; beyond, they double until there are no more, or cannot grow further.
    private static let usualPieces = 1024
    /// Pieces at the most; a map of them is 8 KiB.
    package static let mostPieces = 64 * 1024
    /// The largest file, in bytes: 256 GiB.
    package static let largest = UInt64(mostPieces) * UInt64(pieceSizes.upperBound)

    /// Of the empty file, 32 zeros.
    package let root: Hash256
    /// Bytes.
    package let size: UInt64

    /// Returns `nil` for a size beyond ``largest``, and for an empty file with a root or a file with the root of the empty one.
    package init?(root: Hash256, size: UInt64) {
        guard size <= Self.largest, (size == 0) == (root == .zero) else { return nil }
        self.root = root
        self.size = size
    }

    /// Bytes of every piece but the last: a power of two.
    package var pieceSize: Int { Self.pieceSize(for: size) }
    package var pieceCount: Int { Self.ceiling(size, Self.pieceSize(for: size)) }

    /// Bytes of one piece; 0 for one that the file does not have.
    package func length(ofPiece piece: Int) -> Int {
        guard (0..<pieceCount).contains(piece) else { return 0 }
        return Int(min(UInt64(pieceSize), size - UInt64(piece) * UInt64(pieceSize)))
    }

    package func leafCount(inPiece piece: Int) -> Int { Self.ceiling(UInt64(length(ofPiece: piece)), Self.leafSize) }
    package func blockCount(inPiece piece: Int) -> Int { Self.ceiling(UInt64(length(ofPiece: piece)), Self.blockSize) }

    /// The block's leaves, counted from the start of its piece; empty for a block that the file does not have.
    package func leaves(of block: BlockPlace) -> Range<Int> {
        let count = leafCount(inPiece: block.piece)
        guard block.block >= 0, block.block < blockCount(inPiece: block.piece) else { return 0..<0 }
        let start = block.block * Self.leavesPerBlock
        return start..<min(count, start + Self.leavesPerBlock)
    }

    /// Bytes of a leaf, counted from the start of its piece.
    package func length(ofLeaf leaf: Int, inPiece piece: Int) -> Int {
        max(0, min(Self.leafSize, length(ofPiece: piece) - leaf * Self.leafSize))
    }

    package func length(of block: BlockPlace) -> Int {
        max(0, min(Self.blockSize, length(ofPiece: block.piece) - block.block * Self.blockSize))
    }

    /// Bytes from the start of the file.
    package func offset(ofLeaf leaf: Int, inPiece piece: Int) -> UInt64 {
        UInt64(piece) * UInt64(pieceSize) + UInt64(leaf) * UInt64(Self.leafSize)
    }

    /// Leaves of a piece's subtree, those of zeros included: a power of two. A file of one piece has no more than it needs.
    package var leafSlots: Int {
        guard pieceCount == 1 else { return pieceSize / Self.leafSize }
        return Self.powerOfTwo(atLeast: leafCount(inPiece: 0))
    }

    /// Leaves of a block's subtree.
    package var blockSlots: Int { min(leafSlots, Self.leavesPerBlock) }

    package static func pieceSize(for size: UInt64) -> Int {
        var pieceSize = pieceSizes.lowerBound
        while pieceSize < pieceSizes.upperBound, size > UInt64(pieceSize) * UInt64(usualPieces) { pieceSize *= 2 }
        return pieceSize
    }

    package static func powerOfTwo(atLeast count: Int) -> Int {
        var power = 1
        while power < count { power *= 2 }
        return power
    }

    private static func ceiling(_ size: UInt64, _ unit: Int) -> Int { Int(size / UInt64(unit)) + (size % UInt64(unit) == 0 ? 0 : 1) }
}

/// Which block: its piece, and its number within the piece.
package struct BlockPlace: Hashable, Sendable {
    package var piece: Int
    package var block: Int

    package init(piece: Int, block: Int) {
        self.piece = piece
        self.block = block
    }
}

/// A file that somebody offers: what is in it and what it is called there.
package struct SharedFile: Hashable, Sendable {
    package var name: SafeName
    package var content: FileContent

    package init(name: SafeName, content: FileContent) {
        self.name = name
        self.content = content
    }
}
