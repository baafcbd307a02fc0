package import ChatProtocol
import Crypto

/// SHA-256 of a ``ResumeToken``: what is kept of it, so that nobody who reads the store can take up a session.
package struct TokenDigest: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ token: ResumeToken) { bytes = Array(SHA256.hash(data: Array(token.text.utf8))) }

    package init?(bytes: [UInt8]) {
        guard bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }
}
