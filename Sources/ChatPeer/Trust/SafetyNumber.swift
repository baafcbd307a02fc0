package import ChatProtocol

/// Sixty digits that two people compare, by voice or side by side, to know that no one is between them.
///
/// Each side is a fingerprint of thirty digits, made as in Signal ("Numeric fingerprints", version 0): SHA-512, 5,200 times over, of
/// version ‖ key ‖ name at first and of the last digest ‖ key from then on, where the key is the 32 bytes of the pin and the name is
/// UTF-8; the first thirty bytes make six groups of five, each of which is five bytes as a big-endian number modulo 100,000. The two
/// fingerprints are joined in ascending order, so that both sides see the same.
package struct SafetyNumber: Hashable, Sendable {
    /// Sixty decimal digits.
    package let digits: String

    package init(_ one: (user: UserName, pin: PeerPin), _ other: (user: UserName, pin: PeerPin)) {
        digits = [one, other].map { Self.fingerprint(of: $0.user, $0.pin) }.sorted().joined()
    }

    /// Twelve groups of five digits.
    package var groups: [String] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count, by: 5).map { String(digits[$0..<min($0 + 5, digits.count)]) }
    }

    /// The groups with a space between them, `perLine` of them in each line.
    package func lines(perLine: Int) -> [String] {
        let groups = groups
        let width = max(1, perLine)
        return stride(from: 0, to: groups.count, by: width).map { start in
            groups[start..<min(start + width, groups.count)].joined(separator: " ")
        }
    }

    private static let version: [UInt8] = [0, 0]
    private static let rounds = 5200

    private static func fingerprint(of user: UserName, _ pin: PeerPin) -> String {
        let key = pin.bytes
        var digest = version + key + Array(user.text.utf8)
        for _ in 0..<rounds { digest = SHA512Hash.digest(digest + key) }
        return stride(from: 0, to: 30, by: 5).map { start in
            let number = digest[start..<start + 5].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            let text = String(number % 100_000)
            return String(repeating: "0", count: 5 - text.count) + text
        }.joined()
    }
}

extension PeerPin {
    /// The 32 bytes that ``text`` stands for.
    package var bytes: [UInt8] {
        let digits = text.utf8.map { $0 < 0x61 ? $0 - 0x30 : $0 - 0x61 + 10 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
