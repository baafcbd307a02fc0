package import ChatProtocol

/// The binary hash tree of BEP 52: SHA-256, leaves of 16 KiB, hashes of zeros where the file has no leaves any more.
package enum MerkleTree {
    /// The root over `hashes`, filled up to `slots` with the root of a subtree of zeros.
    ///
    /// - Parameters:
    ///   - slots: a power of two, not below the number of hashes.
    ///   - height: how high above the leaves the hashes stand; 0 for leaves.
    package static func root(of hashes: some Collection<Hash256>, slots: Int, height: Int = 0) -> Hash256 {
        var row = Array(hashes)
        var slots = slots
        var height = height
        while slots > 1 {
            if row.count % 2 == 1 { row.append(padding(height: height)) }
            for index in 0..<row.count / 2 { row[index] = Hash256(row[2 * index], row[2 * index + 1]) }
            row.removeLast(row.count / 2)
            slots /= 2
            height += 1
        }
        return row.first ?? padding(height: height)
    }

    /// The root of a subtree of zeros.
    package static func padding(height: Int) -> Hash256 {
        var hash = Hash256.zero
        for _ in 0..<height { hash = Hash256(hash, hash) }
        return hash
    }

    /// The hashes beside the way from the subtree of `width` leaves that begins at leaf `start` up to the root over `leaves`, lowest first.
    package static func uncles(of start: Int, width: Int, leaves: [Hash256], slots: Int) -> [Hash256] {
        var uncles: [Hash256] = []
        var start = start
        var width = width
        while width < slots {
            let sibling = start ^ width
            let range = min(sibling, leaves.count)..<min(sibling + width, leaves.count)
            uncles.append(root(of: leaves[range], slots: width))
            start &= ~width
            width *= 2
        }
        return uncles
    }

    /// The root that the subtree at `start` and its uncles lead to.
    package static func root(from subtree: Hash256, at start: Int, width: Int, uncles: [Hash256]) -> Hash256 {
        var hash = subtree
        var width = width
        for uncle in uncles {
            hash = start & width == 0 ? Hash256(hash, uncle) : Hash256(uncle, hash)
            width *= 2
        }
        return hash
    }
}
