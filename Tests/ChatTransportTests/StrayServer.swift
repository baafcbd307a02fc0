import Foundation

/// Something else than a Banter server, on a free loopback port: it answers the first connection with a text and waits for its end.
enum StrayServer {
    struct Failure: Error {
        let code = errno
    }

    /// Returns the port.
    static func start(answering text: String) throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw Failure() }
        Thread.detachNewThread {
            let connection = accept(listener, nil, nil)
            close(listener)
            let bytes = Array(text.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            var buffer = [UInt8](repeating: 0, count: 4096)
            while recv(connection, &buffer, buffer.count, 0) > 0 {}
            close(connection)
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
