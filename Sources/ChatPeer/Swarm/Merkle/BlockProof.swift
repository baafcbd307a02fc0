package import ChatProtocol

/// The hashes with which each leaf of one block can be checked as it comes, given the hash of the piece.
package struct BlockProof: Equatable, Sendable {
    package let leaves: [Hash256]
    package let uncles: [Hash256]

    /// Proves a block to others.
    ///
    /// - Parameter pieceLeaves: the hashes of all leaves of the piece.
    package init(of place: BlockPlace, in content: FileContent, pieceLeaves: [Hash256]) {
        let range = content.leaves(of: place)
        leaves = Array(pieceLeaves[range])
        uncles = MerkleTree.uncles(
            of: range.lowerBound, width: content.blockSlots, leaves: pieceLeaves, slots: content.leafSlots)
    }

    /// Takes a proof from others; returns `nil` if it does not lead to `pieceHash`.
    package init?(of place: BlockPlace, in content: FileContent, leaves: [Hash256], uncles: [Hash256], pieceHash: Hash256) {
        let range = content.leaves(of: place)
        let levels = content.leafSlots.trailingZeroBitCount - content.blockSlots.trailingZeroBitCount
        guard !range.isEmpty, leaves.count == range.count, uncles.count == levels else { return nil }
        let subtree = MerkleTree.root(of: leaves, slots: content.blockSlots)
        let root = MerkleTree.root(from: subtree, at: range.lowerBound, width: content.blockSlots, uncles: uncles)
        guard root == pieceHash else { return nil }
        self.leaves = leaves
        self.uncles = uncles
    }
}
