import Foundation
import Testing

/// Stands between clients and a server in plain TCP, and rewrites what the server says: a server that lies.
final class LyingServer {
    let port: UInt16
    private let listener: Int32

    /// - Parameter lie: what the clients are told in place of each line; called on several threads.
    convenience init(before server: UInt16, lie: @escaping @Sendable (String) -> String) throws {
        try self.init(before: server, lieInBytes: { Array(lie(String(decoding: $0, as: UTF8.self)).utf8) })
    }

    /// The same for lies that are no text.
    init(before server: UInt16, lieInBytes lie: @escaping @Sendable ([UInt8]) -> [UInt8]) throws {
        let listener = try Self.socket(to: 0) { bind($0, $1, $2) }
        self.listener = listener
        guard listen(listener, 16) == 0 else { throw Failure.system("listen") }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(listener, $0, &length) }
        }
        port = UInt16(bigEndian: address.sin_port)
        // Ends when the listener is shut down.
        Thread.detachNewThread {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { break }
                guard let upstream = try? Self.socket(to: server, { connect($0, $1, $2) }) else {
                    close(client)
                    continue
                }
                Self.join(client, upstream, lie)
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// The thread of the second direction to end closes both.
    private static func join(_ client: Int32, _ server: Int32, _ lie: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        let open = OpenDirections()
        @Sendable func finish() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
            if open.endOne() { [client, server].forEach { close($0) } }
        }
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 16_384)
            var isFirst = true
            while true {
                let count = read(client, &buffer, buffer.count)
                guard count > 0 else { break }
                // What goes through the relay is left alone: it is encrypted from client to client.
                if isFirst, String(decoding: buffer[..<count], as: UTF8.self).contains("\"relay\"") { open.isRelay = true }
                isFirst = false
                guard write(server, buffer, count) == count else { break }
            }
            finish()
        }
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 16_384)
            var rest: [UInt8] = []
            while true {
                let count = read(server, &buffer, buffer.count)
                guard count > 0 else { break }
                rest += buffer[..<count]
                var told: [UInt8] = []
                if open.isRelay { (told, rest) = (rest, []) }
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    told += lie(Array(rest[..<end])) + [UInt8(ascii: "\n")]
                    rest.removeSubrange(...end)
                }
                guard write(client, told, told.count) == told.count else { break }
            }
            finish()
        }
    }

    private final class OpenDirections: @unchecked Sendable {
        // Touched under the lock alone.
        private var count = 2
        private var isForRelay = false
        private let lock = NSLock()

        var isRelay: Bool {
            get { lock.withLock { isForRelay } }
            set { lock.withLock { isForRelay = newValue } }
        }

        /// Whether it was the last.
        func endOne() -> Bool {
            lock.withLock {
                count -= 1
                return count == 0
            }
        }
    }

    private static func socket(
        to port: UInt16, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure.system("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else {
            close(socket)
            throw Failure.system("a socket of the lying server")
        }
        return socket
    }
}
