import ChatProtocol
import Glibc

extension Candidate {
    /// An address in which one on this machine could hide: `::ffff:127.0.0.1`, or in the old form `::127.0.0.1`.
    var isIPv4InIPv6: Bool {
        var six = in6_addr()
        guard inet_pton(AF_INET6, address, &six) == 1 else { return false }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        return bytes.prefix(10).allSatisfy { $0 == 0 } && (bytes[10] == 0xFF || bytes[12] != 0)
    }
}
