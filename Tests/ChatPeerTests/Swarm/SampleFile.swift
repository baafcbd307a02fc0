import ChatPeer
import ChatProtocol
import Testing

/// A file in memory, with content that is the same in every run.
struct SampleFile {
    let bytes: [UInt8]
    let description: FileDescription

    var content: FileContent { description.content }

    init(size: Int, name: String = "sample.bin", seed: UInt64 = 1) throws {
        bytes = Self.bytes(size, seed: seed)
        description = try Self.describe(bytes, name: name)
    }

    static func bytes(_ size: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            for index in 0..<size {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                buffer[index] = UInt8(truncatingIfNeeded: state >> 33)
            }
            count = size
        }
    }

    static func describe(_ bytes: [UInt8], name: String = "sample.bin") throws -> FileDescription {
        var builder = try #require(DescriptionBuilder(size: UInt64(bytes.count)))
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while builder.wanted > 0 {
                let end = start + builder.wanted
                builder.append(piece: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
        return builder.finished(name: try #require(SafeName(name)))
    }

    func leafHashes(ofPiece piece: Int) -> [Hash256] {
        let start = piece * content.pieceSize
        return bytes[start..<start + content.length(ofPiece: piece)].withUnsafeBytes { DescriptionBuilder.leaves(of: $0) }
    }

    func proof(of place: BlockPlace) -> BlockProof {
        BlockProof(of: place, in: content, pieceLeaves: leafHashes(ofPiece: place.piece))
    }

    func leaf(_ leaf: Int, ofPiece piece: Int) -> [UInt8] {
        let start = Int(content.offset(ofLeaf: leaf, inPiece: piece))
        return Array(bytes[start..<start + content.length(ofLeaf: leaf, inPiece: piece)])
    }
}
