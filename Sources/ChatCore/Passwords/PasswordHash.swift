import Crypto
import CryptoExtras
import FoundationEssentials

/// A salted slow hash of a password: scrypt (RFC 7914) with its parameters, in PHC string format
/// (`$scrypt$ln=17,r=8,p=1$salt$hash`, base64 without padding).
package struct PasswordHash: Equatable, Sendable {
    /// The default cost, as OWASP's Password Storage Cheat Sheet recommends: N = 2^17, r = 8, p = 1; 128 MiB and a few tenths
    /// of a second for each password.
    package static let recommendedCost = 17
    package static let costs = 4...20

    /// log2 of scrypt's N.
    package let cost: Int
    private let salt: [UInt8]
    private let key: [UInt8]

    private static let blockSize = 8
    private static let parallelism = 1
    private static let keyLength = 32

    /// Hashes `password`; takes as long as `cost` says.
    package init(of password: String, cost: Int, salt: [UInt8]) {
        self.cost = cost
        self.salt = salt
        key = Self.derive(password, salt: salt, cost: cost)
    }

    package init(of password: String, cost: Int) {
        self.init(of: password, cost: cost, salt: Self.random(count: 16))
    }

    /// The hash of nothing that is known: to be compared with takes as long, to be made takes nothing.
    package init(ofNothingAt cost: Int) {
        self.cost = cost
        salt = Self.random(count: 16)
        key = Self.random(count: Self.keyLength)
    }

    private static func random(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Reads a hash in PHC string format; `nil` for anything else, or for costs beyond what this build computes.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        var numbers: [Substring: Int] = [:]
        for pair in parts[2].split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let number = Int(sides[1]) else { return nil }
            numbers[sides[0]] = number
        }
        guard let cost = numbers["ln"], Self.costs.contains(cost), numbers["r"] == Self.blockSize, numbers["p"] == Self.parallelism,
            let salt = Self.bytes(parts[3]), let key = Self.bytes(parts[4]), salt.count >= 8, key.count == Self.keyLength
        else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    package var text: String { "$scrypt$ln=\(cost),r=\(Self.blockSize),p=\(Self.parallelism)$\(Self.base64(salt))$\(Self.base64(key))" }

    /// Compares in constant time; takes as long as the hash's own cost says.
    package func matches(_ password: String) -> Bool {
        SymmetricKey(data: Self.derive(password, salt: salt, cost: cost)) == SymmetricKey(data: key)
    }

    /// A password that may be set: 1 to 1024 bytes of UTF-8, no control characters.
    package static func isAcceptable(_ password: String) -> Bool {
        (1...1024).contains(password.utf8.count) && !password.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }

    private static func derive(_ password: String, salt: [UInt8], cost: Int) -> [UInt8] {
        // Longer passwords than any that can be set match nothing; they are cut so that they cost no more either.
        let bytes = Array(password.utf8.prefix(1025))
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: bytes, salt: salt, outputByteCount: keyLength, rounds: 1 << cost, blockSize: blockSize, parallelism: parallelism,
                maxMemory: (128 * blockSize << cost) + (1 << 20))
            return key.withUnsafeBytes { Array($0) }
        } catch {
            // Only parameters out of range or a lack of memory lead here, and a process without memory for it cannot go on safely.
            fatalError("scrypt with ln=\(cost) failed: \(error)")
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        String(Data(bytes).base64EncodedString().prefix { $0 != "=" })
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { Array($0) }
    }
}
