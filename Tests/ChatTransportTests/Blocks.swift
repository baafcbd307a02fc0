import ChatProtocol
import Glibc

extension BulkFrame {
    static let leavesPerBlock = UInt64(FileContent.leavesPerBlock)

    /// What is in each leaf with this place in its block.
    private static let data = (0..<FileContent.leavesPerBlock).map { index in
        (0..<FileContent.leafSize).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ index) }
    }

    /// The leaves of a block, as they answer a request.
    static func block(_ number: UInt64) -> [BulkFrame] { data.indices.map { .leaf(number, index: $0, data[$0]) } }

    /// This is the leaf that comes at `place` when blocks from 0 on are sent.
    func isLeaf(at place: UInt64) -> Bool {
        guard case .leaf(place / Self.leavesPerBlock, let index, let data) = self, index == Int(place % Self.leavesPerBlock) else {
            return false
        }
        return data.count == Self.data[index].count && memcmp(data, Self.data[index], data.count) == 0
    }
}

/// Looks at blocks as they come in, in their order, and says how far they have come.
final class BlockCheck: Sendable {
    /// Leaves seen; the first wrong one is the last that counts.
    let count = Locked<UInt64>(0)
    /// Blocks that were whole and right.
    let whole = Awaited<UInt64>()

    func take(_ frame: BulkFrame) {
        let finished: UInt64? = count.withLock { count in
            guard frame.isLeaf(at: count) else { return nil }
            count += 1
            return count % BulkFrame.leavesPerBlock == 0 ? count / BulkFrame.leavesPerBlock : nil
        }
        if let finished { whole.add(finished) }
    }

    /// Waits for so many blocks.
    func wait(for blocks: UInt64) async throws {
        for number in stride(from: 8, to: blocks, by: 8) { _ = try await whole.next { $0 >= number } }
        _ = try await whole.next { $0 >= blocks }
    }
}
