import Glibc

/// Where a client may be reached by another: an address in numbers and a port of 1024 or more.
///
/// Multicast, broadcast and unspecified addresses are none: nobody can be made to talk to those.
package struct Candidate: Hashable, Sendable, CustomStringConvertible {
    /// How many one client may name.
    package static let most = 8

    package let address: String
    package let port: UInt16

    package init?(address: String, port: UInt16) {
        guard port >= 1024, Self.isUsable(address) else { return nil }
        self.address = address
        self.port = port
    }

    /// `192.0.2.1:5000` or `[2001:db8::1]:5000`.
    package init?(_ text: String) {
        guard text.utf8.count <= 64, let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var address = text[..<colon]
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = address.dropFirst().dropLast()
        } else if address.contains(":") {
            return nil
        }
        self.init(address: String(address), port: port)
    }

    package var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// On the machine itself; offered only to those who reach the server over loopback too.
    package var isLoopback: Bool { address.hasPrefix("127.") || address == "::1" }

    private static func isUsable(_ address: String) -> Bool {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 {
            let first = UInt32(bigEndian: four.s_addr) >> 24
            return first != 0 && first < 224
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        return bytes[0] != 0xFF && bytes.contains { $0 != 0 }
    }
}
