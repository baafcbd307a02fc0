extension BulkFrame {
    /// Reads one frame, without its length. A kind that this build does not know is `nil`.
    package static func decoding(_ bytes: UnsafeRawBufferPointer) throws(BadRequest) -> BulkFrame? {
        guard bytes.count <= limit else { throw BadRequest("frame longer than \(limit) bytes") }
        var input = FrameReader(bytes: bytes)
        let byte: UInt8 = try input.integer()
        guard let kind = Kind(rawValue: byte) else { return nil }
        let frame = try decode(kind, from: &input)
        guard input.isAtEnd else { throw BadRequest("frame of kind \(byte) is too long") }
        return frame
    }

    private static func decode(_ kind: Kind, from input: inout FrameReader) throws(BadRequest) -> BulkFrame {
        switch kind {
        case .ask: return .ask(try input.content())
        case .nothing: return .nothing(try input.content())
        case .holding:
            let content = try input.content()
            guard let pieces = PieceSet(bytes: input.rest(), capacity: content.pieceCount) else {
                throw BadRequest("map of pieces does not fit the file")
            }
            return .holding(content, pieces)
        case .have:
            let content = try input.content()
            return .have(content, piece: try input.piece(of: content))
        case .wantLayer:
            let content = try input.content()
            let from = try input.piece(of: content)
            let count: UInt16 = try input.integer()
            guard (1...min(mostHashes, content.pieceCount - from)).contains(Int(count)) else { throw BadRequest("hashes out of range") }
            return .wantLayer(content, from: from, count: Int(count))
        case .layer:
            let content = try input.content()
            let from = try input.piece(of: content)
            let hashes = try input.hashes()
            guard (1...min(mostHashes, content.pieceCount - from)).contains(hashes.count) else { throw BadRequest("hashes out of range") }
            return .layer(content, from: from, hashes)
        case .request:
            let content = try input.content()
            let number: UInt64 = try input.integer()
            let piece = try input.piece(of: content)
            let block: UInt8 = try input.integer()
            guard Int(block) < content.blockCount(inPiece: piece) else { throw BadRequest("no such block") }
            return .request(number, content, BlockPlace(piece: piece, block: Int(block)))
        case .proof:
            let number: UInt64 = try input.integer()
            let count: UInt8 = try input.integer()
            let hashes = try input.hashes()
            guard (1...FileContent.leavesPerBlock).contains(Int(count)), hashes.count >= Int(count),
                hashes.count - Int(count) <= mostUncles
            else { throw BadRequest("proof out of range") }
            return .proof(number, leaves: Array(hashes.prefix(Int(count))), uncles: Array(hashes.dropFirst(Int(count))))
        case .leaf:
            let number: UInt64 = try input.integer()
            let index: UInt8 = try input.integer()
            let data = input.rest()
            guard Int(index) < FileContent.leavesPerBlock, (1...FileContent.leafSize).contains(data.count) else {
                throw BadRequest("leaf out of range")
            }
            return .leaf(number, index: Int(index), data)
        case .refuse:
            let number: UInt64 = try input.integer()
            // A reason of a later version is still a refusal.
            return .refuse(number, Refusal(rawValue: try input.integer()) ?? .notOffered)
        case .cancel: return .cancel(try input.integer())
        }
    }
}

private struct FrameReader {
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func integer<Number: FixedWidthInteger & UnsignedInteger>() throws(BadRequest) -> Number {
        let end = position + MemoryLayout<Number>.size
        guard end <= bytes.count else { throw BadRequest("frame ends too early") }
        defer { position = end }
        return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
    }

    mutating func content() throws(BadRequest) -> FileContent {
        let end = position + Hash256.byteCount
        guard end <= bytes.count, let root = Hash256(bytes[position..<end]) else { throw BadRequest("frame ends too early") }
        position = end
        guard let content = FileContent(root: root, size: try integer()) else { throw BadRequest("no such file can be") }
        return content
    }

    mutating func piece(of content: FileContent) throws(BadRequest) -> Int {
        let piece: UInt32 = try integer()
        guard piece < content.pieceCount else { throw BadRequest("no such piece") }
        return Int(piece)
    }

    mutating func hashes() throws(BadRequest) -> [Hash256] {
        let rest = bytes[position...]
        guard rest.count % Hash256.byteCount == 0 else { throw BadRequest("hashes end too early") }
        var hashes: [Hash256] = []
        hashes.reserveCapacity(rest.count / Hash256.byteCount)
        while position < bytes.count {
            if let hash = Hash256(bytes[position..<position + Hash256.byteCount]) { hashes.append(hash) }
            position += Hash256.byteCount
        }
        return hashes
    }

    mutating func rest() -> [UInt8] {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
        position = bytes.count
        // The one array of nothing, which all threads share, is not to be written to.
        guard !rest.isEmpty else { return [] }
        return Array(unsafeUninitializedCapacity: rest.count) { array, count in
            UnsafeMutableRawBufferPointer(array).copyMemory(from: rest)
            count = rest.count
        }
    }
}
