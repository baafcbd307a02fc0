import CEpoll
import Glibc

/// The least that a fan-out server must do, which the others are held against: one write for each receiver and turn, and nothing
/// else. No parsing, no rules, no limits; a login is whatever comes first, and what comes later goes to everyone else.
@main
struct Floor {
    private let listener: Int32
    private let poll = epoll_create1(0)
    private var clients: [Int32] = []
    private var greeted: Set<Int32> = []
    private var turn: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    static func main() {
        guard CommandLine.arguments.count == 2, let port = UInt16(CommandLine.arguments[1]), var floor = Floor(port: port) else {
            print("usage: floor PORT")
            exit(2)
        }
        floor.run()
    }

    private init?(port: UInt16) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let socket = listener
        let bound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(socket, $0.baseAddress, socklen_t(bytes.count)) }
        }
        guard bound == 0, listen(listener, 4096) == 0 else { return nil }
        watch(listener)
    }

    private func watch(_ socket: Int32) {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: socket))
        epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event)
    }

    private mutating func run() -> Never {
        var events = [epoll_event](repeating: epoll_event(), count: 1024)
        while true {
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            var sender: Int32?
            turn.removeAll(keepingCapacity: true)
            for event in events.prefix(Int(max(0, count))) {
                let socket = event.data.fd
                if socket == listener {
                    accept()
                } else if takes(from: socket) {
                    sender = socket
                }
            }
            if let sender { deliver(from: sender) }
        }
    }

    private mutating func accept() {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        watch(socket)
        clients.append(socket)
    }

    /// Reads what is there; true if it is for the others.
    private mutating func takes(from socket: Int32) -> Bool {
        let count = read(socket, &buffer, buffer.count)
        guard count > 0 else {
            close(socket)
            clients.removeAll { $0 == socket }
            greeted.remove(socket)
            return false
        }
        if greeted.insert(socket).inserted {
            let welcome = "{\"status\":\"SUCCESS\"}\n"
            _ = write(socket, welcome, welcome.utf8.count)
            return false
        }
        turn.append(contentsOf: buffer[..<count])
        return true
    }

    private func deliver(from sender: Int32) {
        turn.withUnsafeBytes { bytes in
            for client in clients where client != sender {
                var offset = 0
                while offset < bytes.count {
                    let written = write(client, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                    if written < 0 { break }
                    offset += written
                }
            }
        }
    }
}
