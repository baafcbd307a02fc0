import Crypto
import FoundationEssentials
package import NIOSSL

/// SHA-256 of a certificate (DER), as people compare it: `SHA256:` and base64 without padding, like ssh's.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(der: [UInt8]) {
        let digest = Data(SHA256.hash(data: der)).base64EncodedString()
        description = "SHA256:" + digest.prefix { $0 != "=" }
    }

    package init(_ certificate: NIOSSLCertificate) throws { self.init(der: try certificate.toDERBytes()) }

    /// Reads a fingerprint as printed; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix("SHA256:"), text.utf8.count == 50,
            Data(base64Encoded: text.dropFirst(7) + "=")?.count == SHA256.byteCount
        else { return nil }
        description = text
    }
}
