/// What a client's identity is known by: SHA-256 of its certificate's public key info (SubjectPublicKeyInfo, DER), in hexadecimal.
package struct PeerPin: Hashable, Sendable, CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    package let text: String

    package init?(_ text: String) {
        let isDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 64, isDigits else { return nil }
        self.text = text
    }

    /// - Parameter digest: 32 bytes.
    package init?(digest: some Collection<UInt8>) {
        guard digest.count == 32 else { return nil }
        self.init(
            digest.map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }.joined())
    }

    package var description: String { text }
}
