/// What goes from client to client over a link for bulk data, after the `hello` of each side: binary, for speed.
///
/// A frame is its length (4 bytes, that of what follows), one byte for its kind, and its fields; all numbers are unsigned, highest byte
/// first. Both sides may ask and serve at the same time. Frames of an unknown kind are passed over, so that later versions can add some.
package enum BulkFrame: Equatable, Sendable {
    /// What do you have of this? Answered with ``holding``, and with ``have`` as more comes in, or with ``nothing``.
    case ask(FileContent)
    case holding(FileContent, PieceSet)
    case nothing(FileContent)
    /// One more piece.
    case have(FileContent, piece: Int)
    /// The hashes of the pieces, from one on; at most ``mostHashes`` at a time.
    case wantLayer(FileContent, from: Int, count: Int)
    case layer(FileContent, from: Int, [Hash256])
    /// One block, please: its ``proof``, and then each ``leaf``, or ``refuse``. The asker chooses the number.
    case request(UInt64, FileContent, BlockPlace)
    /// The hashes of the block's leaves, and those that lead from them up to the hash of the piece.
    case proof(UInt64, leaves: [Hash256], uncles: [Hash256])
    /// - Parameter index: within the block.
    case leaf(UInt64, index: Int, [UInt8])
    case refuse(UInt64, Refusal)
    /// Not needed any more; what is on its way already may still come.
    case cancel(UInt64)

    package enum Refusal: UInt8, Sendable, CaseIterable {
        case notOffered = 1
        /// Too many requests wait.
        case busy = 2
        /// The file is not what it was.
        case changed = 3
    }

    /// Bytes of a frame without its length.
    package static let limit = 64 * 1024
    package static let mostHashes = 1024
    package static let mostUncles = 8
}
