import Crypto

/// The one hash that safety numbers are made of.
enum SHA512Hash {
    /// 64 bytes.
    static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: bytes)) }
}
