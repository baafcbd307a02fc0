import Foundation

/// Sockets of TCP over IPv4, as the system has them.
enum Socket {
    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - source: where it comes from; `nil` for whatever the system chooses.
    ///   - receiveBuffer: bytes that the kernel keeps for a program that does not read; `nil` for the usual.
    ///   - waits: whether to return only when the connection stands.
    static func connect(
        to host: String, port: UInt16, from source: String? = nil, receiveBuffer: Int32? = nil, waits: Bool = true
    ) throws -> Int32 {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard socket >= 0 else { throw Failure.system("socket") }
        if var receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size)) }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if let source, with(source, 0, { Foundation.bind(socket, $0, $1) }) != 0 {
            let code = errno
            Foundation.close(socket)
            throw Failure.system("bind to \(source)", code)
        }
        guard with(host, port, { Foundation.connect(socket, $0, $1) }) == 0 || !waits && errno == EINPROGRESS else {
            let code = errno
            Foundation.close(socket)
            throw ConnectionEnded("connect: \(String(cString: strerror(code)))")
        }
        return socket
    }

    private static func with(_ host: String, _ port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
