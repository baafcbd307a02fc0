import ChatProtocol
import Glibc

/// The addresses of this machine under which others may reach it.
enum LocalAddresses {
    /// IPv4 first, then IPv6, both without those that mean something on one link alone; then loopback, if asked for.
    static func all(includingLoopback: Bool) -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var four: [String] = []
        var six: [String] = []
        var loopback: [String] = []
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let entry = entry?.pointee, let address = entry.ifa_addr, entry.ifa_flags & UInt32(IFF_UP) != 0 else {
                continue
            }
            guard let text = text(of: address) else { continue }
            if entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0 {
                if text == "127.0.0.1" || text == "::1" { loopback.append(text) }
            } else if text.contains(":") {
                six.append(text)
            } else {
                four.append(text)
            }
        }
        if !includingLoopback { loopback = [] }
        return (four + six).prefix(Candidate.most - loopback.count) + loopback
    }

    /// The address in numbers; `nil` for what others cannot use.
    private static func text(of address: UnsafeMutablePointer<sockaddr>) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isUsable: Bool
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            isUsable = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { four in
                let bytes = withUnsafeBytes(of: four.pointee.sin_addr) { Array($0) }
                inet_ntop(AF_INET, &four.pointee.sin_addr, &text, socklen_t(text.count))
                let isLinkLocal = bytes[0] == 169 && bytes[1] == 254
                return bytes[0] != 0 && bytes[0] < 224 && !isLinkLocal
            }
        case AF_INET6:
            isUsable = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                let bytes = withUnsafeBytes(of: six.pointee.sin6_addr) { Array($0) }
                inet_ntop(AF_INET6, &six.pointee.sin6_addr, &text, socklen_t(text.count))
                let isGlobal = bytes[0] & 0xE0 == 0x20
                let isUniqueLocal = bytes[0] & 0xFE == 0xFC
                let isLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
                return isGlobal || isUniqueLocal || isLoopback
            }
        default: return nil
        }
        guard isUsable else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
