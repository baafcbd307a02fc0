extension BulkFrame {
    enum Kind: UInt8 {
        case ask = 1
        case holding, nothing, have, wantLayer, layer, request, proof, leaf, refuse, cancel
    }

    /// Bytes of the frame with its length in front.
    package var encodedCount: Int { 4 + Self.kindCount + fieldsCount }

    private static let kindCount = 1
    private static let contentCount = Hash256.byteCount + 8
    private static let numberCount = 8

    private var fieldsCount: Int {
        switch self {
        case .ask, .nothing: Self.contentCount
        case .holding(_, let pieces): Self.contentCount + (pieces.capacity + 7) / 8
        case .have: Self.contentCount + 4
        case .wantLayer: Self.contentCount + 6
        case .layer(_, _, let hashes): Self.contentCount + 4 + hashes.count * Hash256.byteCount
        case .request: Self.contentCount + Self.numberCount + 5
        case .proof(_, let leaves, let uncles): Self.numberCount + 1 + (leaves.count + uncles.count) * Hash256.byteCount
        case .leaf(_, _, let data): Self.numberCount + 1 + data.count
        case .refuse: Self.numberCount + 1
        case .cancel: Self.numberCount
        }
    }

    /// The frame with its length in front.
    package func encoded() -> [UInt8] {
        Array(unsafeUninitializedCapacity: encodedCount) { array, count in
            count = encode(into: UnsafeMutableRawBufferPointer(array))
        }
    }

    /// Writes the frame with its length in front, ``encodedCount`` bytes, for which there must be room. Returns their number.
    package func encode(into bytes: UnsafeMutableRawBufferPointer) -> Int {
        var out = FrameWriter(bytes: bytes)
        out.integer(UInt32(Self.kindCount + fieldsCount))
        switch self {
        case .ask(let content): out.begin(.ask, content)
        case .nothing(let content): out.begin(.nothing, content)
        case .holding(let content, let pieces):
            out.begin(.holding, content)
            pieces.bytes.withUnsafeBytes { out.bytes($0) }
        case .have(let content, let piece):
            out.begin(.have, content)
            out.integer(UInt32(clamping: piece))
        case .wantLayer(let content, let from, let count):
            out.begin(.wantLayer, content)
            out.integer(UInt32(clamping: from))
            out.integer(UInt16(clamping: count))
        case .layer(let content, let from, let hashes):
            out.begin(.layer, content)
            out.integer(UInt32(clamping: from))
            out.hashes(hashes)
        case .request(let number, let content, let place):
            out.begin(.request, content)
            out.integer(number)
            out.integer(UInt32(clamping: place.piece))
            out.integer(UInt8(clamping: place.block))
        case .proof(let number, let leaves, let uncles):
            out.begin(.proof, number)
            out.integer(UInt8(clamping: leaves.count))
            out.hashes(leaves)
            out.hashes(uncles)
        case .leaf(let number, let index, let data):
            out.begin(.leaf, number)
            out.integer(UInt8(clamping: index))
            data.withUnsafeBytes { out.bytes($0) }
        case .refuse(let number, let refusal):
            out.begin(.refuse, number)
            out.integer(refusal.rawValue)
        case .cancel(let number): out.begin(.cancel, number)
        }
        return out.position
    }
}

/// Writes into room that was measured before.
private struct FrameWriter {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var position = 0

    init(bytes: UnsafeMutableRawBufferPointer) { room = bytes }

    mutating func begin(_ kind: BulkFrame.Kind, _ content: FileContent) {
        integer(kind.rawValue)
        content.root.withUnsafeBytes { bytes($0) }
        integer(content.size)
    }

    mutating func begin(_ kind: BulkFrame.Kind, _ number: UInt64) {
        integer(kind.rawValue)
        integer(number)
    }

    mutating func integer(_ number: some FixedWidthInteger & UnsignedInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes($0) }
    }

    mutating func hashes(_ hashes: [Hash256]) {
        for hash in hashes { hash.withUnsafeBytes { bytes($0) } }
    }

    mutating func bytes(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= room.count - position, "a frame is longer than it was measured")
        UnsafeMutableRawBufferPointer(rebasing: room[position...]).copyMemory(from: bytes)
        position += bytes.count
    }
}
