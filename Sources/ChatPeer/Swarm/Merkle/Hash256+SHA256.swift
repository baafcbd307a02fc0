package import ChatProtocol
import Crypto

// The only place of the swarm that knows who computes SHA-256.
extension Hash256 {
    /// SHA-256 of `bytes`: the hash of a leaf.
    package init(of bytes: UnsafeRawBufferPointer) {
        var function = SHA256()
        function.update(bufferPointer: bytes)
        self.init(function.finalize())
    }

    package init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Hash256(of: $0) }
    }

    /// The hash of a node: SHA-256 over its two children.
    package init(_ left: Hash256, _ right: Hash256) {
        self = withUnsafeTemporaryAllocation(byteCount: 2 * Hash256.byteCount, alignment: 1) { buffer in
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[..<Hash256.byteCount]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[Hash256.byteCount...]).copyMemory(from: $0) }
            return Hash256(of: UnsafeRawBufferPointer(buffer))
        }
    }

    private init(_ digest: SHA256Digest) {
        self = digest.withUnsafeBytes { Hash256($0) } ?? .zero
    }
}
