import ChatProtocol

/// The leaf hashes of the pieces served last, so that a piece is hashed once and not for each of its blocks and each who asks.
struct LeafCache {
    /// 64 pieces of 4 MiB are 256 MiB of data and half a MiB here.
    private let capacity = 64
    private var leaves: [Key: [Hash256]] = [:]
    private var order: [Key] = []

    private struct Key: Hashable {
        let root: Hash256
        let piece: Int
    }

    subscript(root: Hash256, piece: Int) -> [Hash256]? {
        get { leaves[Key(root: root, piece: piece)] }
        set {
            let key = Key(root: root, piece: piece)
            if leaves.updateValue(newValue ?? [], forKey: key) == nil { order.append(key) }
            // The oldest goes, however often it was asked for: requests for a piece come close together.
            if order.count > capacity { leaves[order.removeFirst()] = nil }
        }
    }

    mutating func forget(_ root: Hash256) {
        order.removeAll { $0.root == root }
        leaves = leaves.filter { $0.key.root != root }
    }
}
