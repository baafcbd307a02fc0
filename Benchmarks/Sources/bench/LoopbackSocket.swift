import Glibc

/// A TCP socket for a moment.
enum LoopbackSocket {
    /// A port that is free now.
    static func freePort() -> Int {
        with(port: 0) { socket, address in
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            guard bind(socket, address, size) == 0, getsockname(socket, address, &size) == 0 else { return 0 }
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
    }

    static func canConnect(to port: Int) -> Bool {
        with(port: port) { connect($0, $1, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }

    private static func with<Result>(port: Int, _ body: (Int32, UnsafeMutablePointer<sockaddr>) -> Result) -> Result {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(socket, $0) } }
    }
}
