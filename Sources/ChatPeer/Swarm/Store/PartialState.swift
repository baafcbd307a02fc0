import ChatProtocol

/// What is kept beside an unfinished download: its description, and which pieces it is said to have. Read with suspicion: the hashes must
/// lead to the root, and the pieces are hashed again.
struct PartialState: Equatable, Sendable {
    var description: FileDescription
    var claimed: PieceSet

    private static let magic: [UInt8] = Array("BANTERP1".utf8)
    /// Bytes: the longest name and the largest file.
    static let most = 64 + SafeName.most + FileContent.mostPieces * Hash256.byteCount + FileContent.mostPieces / 8

    init(description: FileDescription) {
        self.description = description
        claimed = PieceSet(capacity: description.content.pieceCount)
    }

    /// Returns `nil` for anything that ``encoded()`` did not make.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        guard take(8).map({ Array($0) }) == Self.magic, let size = take(8), let root = take(32).flatMap({ Hash256($0) }),
            let length = take(1)?.first, let text = take(Int(length)).flatMap({ String(validating: $0, as: UTF8.self) }),
            let name = SafeName(text),
            let content = FileContent(root: root, size: size.reduce(0) { $0 << 8 | UInt64($1) })
        else { return nil }
        var layer: [Hash256] = []
        for _ in 0..<content.pieceCount {
            guard let hash = take(32).flatMap({ Hash256($0) }) else { return nil }
            layer.append(hash)
        }
        guard let description = FileDescription(file: SharedFile(name: name, content: content), layer: layer),
            let claimed = PieceSet(bytes: rest, capacity: content.pieceCount)
        else { return nil }
        self.description = description
        self.claimed = claimed
    }

    /// Where in the file the map of pieces begins.
    var mapOffset: Int { 8 + 8 + 32 + 1 + description.file.name.text.utf8.count + description.layer.count * Hash256.byteCount }

    func encoded() -> [UInt8] {
        var bytes = Self.magic
        withUnsafeBytes(of: description.content.size.bigEndian) { bytes.append(contentsOf: $0) }
        bytes += description.content.root.bytes
        bytes.append(UInt8(description.file.name.text.utf8.count))
        bytes += description.file.name.text.utf8
        for hash in description.layer { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes + claimed.bytes
    }
}
