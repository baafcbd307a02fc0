import Glibc

/// Whom a limit for each address is for: an IPv4 address, or the first 64 bits of an IPv6 address.
///
/// Whoever has one address of IPv6 has 2^64 of them at least (RFC 4291, 2.5.4), and limits for single ones would not hold.
package struct Origin: Hashable, Sendable {
    private let text: String

    /// - Parameter address: in numbers; with or without a zone (`%eth0`), which tells links apart.
    package init(_ address: String) {
        let zone = address.firstIndex(of: "%") ?? address.endIndex
        var six = in6_addr()
        guard inet_pton(AF_INET6, String(address[..<zone]), &six) == 1 else {
            text = address
            return
        }
        let network = withUnsafeBytes(of: &six) { bytes in bytes.prefix(8).map { String($0, radix: 16) } }
        text = network.joined(separator: ":") + address[zone...]
    }
}
