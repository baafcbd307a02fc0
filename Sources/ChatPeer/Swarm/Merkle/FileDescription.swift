package import ChatProtocol

/// A file and the hashes of its pieces, proven to belong to its root: with it, every piece can be checked alone.
package struct FileDescription: Equatable, Sendable {
    package let file: SharedFile
    /// One hash for each piece; at most ``FileContent/mostPieces``, that is 2 MiB.
    package let layer: [Hash256]

    package var content: FileContent { file.content }

    /// Returns `nil` if the hashes do not lead to the file's root.
    package init?(file: SharedFile, layer: [Hash256]) {
        guard layer.count == file.content.pieceCount, Self.root(of: layer, in: file.content) == file.content.root else { return nil }
        self.file = file
        self.layer = layer
    }

    /// For hashes that were just computed from the file itself.
    fileprivate init(name: SafeName, size: UInt64, layer: [Hash256], leafSlots: Int) {
        let root = layer.isEmpty ? .zero : FileDescription.root(of: layer, leafSlots: leafSlots)
        // The builder takes no more than the size it was given, and that is within bounds.
        guard let content = FileContent(root: root, size: size) else { preconditionFailure("a size beyond the bounds was hashed") }
        file = SharedFile(name: name, content: content)
        self.layer = layer
    }

    private static func root(of layer: [Hash256], in content: FileContent) -> Hash256 {
        layer.isEmpty ? .zero : root(of: layer, leafSlots: content.leafSlots)
    }

    private static func root(of layer: [Hash256], leafSlots: Int) -> Hash256 {
        MerkleTree.root(of: layer, slots: FileContent.powerOfTwo(atLeast: layer.count), height: leafSlots.trailingZeroBitCount)
    }
}

/// Hashes a file piece after piece into its description; holds one piece's leaves and the layer, never the file.
package struct DescriptionBuilder: Sendable {
    package let size: UInt64
    package let pieceSize: Int
    private var layer: [Hash256] = []
    private var hashed: UInt64 = 0

    /// Returns `nil` for a size beyond ``FileContent/largest``.
    package init?(size: UInt64) {
        guard size <= FileContent.largest else { return nil }
        self.size = size
        pieceSize = FileContent.pieceSize(for: size)
    }

    /// Bytes that the next piece has; 0 when there is none left.
    package var wanted: Int { Int(min(UInt64(pieceSize), size - hashed)) }
    package var progress: UInt64 { hashed }

    /// Takes the next piece, whole.
    package mutating func append(piece: UnsafeRawBufferPointer) {
        precondition(piece.count == wanted && wanted > 0, "a piece must come whole")
        layer.append(MerkleTree.root(of: Self.leaves(of: piece), slots: leafSlots))
        hashed += UInt64(piece.count)
    }

    /// Call when nothing is wanted any more.
    package func finished(name: SafeName) -> FileDescription {
        precondition(wanted == 0, "the file is not hashed to its end")
        return FileDescription(name: name, size: size, layer: layer, leafSlots: leafSlots)
    }

    /// The hashes of the leaves in these bytes; the last may be short.
    package static func leaves(of bytes: UnsafeRawBufferPointer) -> [Hash256] {
        stride(from: 0, to: bytes.count, by: FileContent.leafSize).map { start in
            Hash256(of: UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + FileContent.leafSize, bytes.count)]))
        }
    }

    private var leafSlots: Int {
        guard size <= UInt64(pieceSize) else { return pieceSize / FileContent.leafSize }
        return FileContent.powerOfTwo(atLeast: (Int(size) + FileContent.leafSize - 1) / FileContent.leafSize)
    }
}
