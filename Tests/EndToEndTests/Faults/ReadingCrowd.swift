import ChatProtocol
import Foundation
import Testing

/// People who are logged in and only read: some always, some until they are told to stop. One thread reads for all of them and notes how
/// long broadcasts take to each.
final class ReadingCrowd: Sendable {
    private struct State {
        /// When each broadcast was sent (uptime), in their order.
        var sent: [UInt64] = []
        var milliseconds: [Double] = []
        /// Broadcasts that have come, of all who read.
        var received = 0
        var readers = 0
    }

    private struct Member {
        var socket: Int32
        var stops: Bool
        /// Lines so far: the reply to the login, then broadcasts.
        var lines = 0
        var isGone = false
    }

    private let state = Locked(State())
    private let isStopped = Flag(false)
    private let isOver = Flag(false)
    private let group = DispatchGroup()

    /// Logs `user0`, `user1`, … in.
    ///
    /// - Parameter stopping: so many of them will stop reading; the kernel keeps little for those.
    init(count: Int, stopping: Int, port: UInt16) throws {
        var members: [Member] = []
        // Fewer at a time than may stand before login from one address.
        for first in stride(from: 0, to: count, by: 25) {
            let batch = try (first..<min(first + 25, count)).map { number in
                let stops = number < stopping
                let socket = try Socket.connect(to: "127.0.0.1", port: port, receiveBuffer: stops ? 4096 : nil)
                let login = Request.Login(
                    name: UserName("user\(number)"), password: "secret", dialect: Dialect(isExtended: true, wantsPresence: false))
                let bytes = RequestFrame(.login(login)).encoded()
                guard Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Failure.system("send") }
                return Member(socket: socket, stops: stops)
            }
            for member in batch {
                var buffer = [UInt8](repeating: 0, count: 4096)
                guard try waitUntilReady(member.socket, by: .after(Deadline.patience)) else { throw Failure("no reply to a login") }
                let length = recv(member.socket, &buffer, buffer.count, Int32(MSG_PEEK))
                let text = String(decoding: buffer.prefix(max(0, length)), as: UTF8.self)
                guard text.contains("SUCCESS") else { throw Failure("login: \(text)") }
            }
            members += batch
        }
        state.withLock { $0.readers = count - stopping }
        group.enter()
        let handed = Unchecked(members)
        Thread.detachNewThread { [self] in
            defer { group.leave() }
            read(for: handed.value)
        }
    }

    func stopReading() { isStopped.isSet = true }

    func end() {
        isOver.isSet = true
        group.wait()
    }

    /// To be called right before a broadcast.
    func broadcasts() { state.withLock { $0.sent.append(Deadline.uptime()) } }

    /// Broadcasts that have reached everyone who reads to the end.
    var hasAll: Bool { state.withLock { $0.received >= $0.readers * $0.sent.count } }

    /// Takes the times so far away.
    func takeTimes() -> PingPong.Times {
        state.withLock { state in
            defer { state.milliseconds = [] }
            return PingPong.Times(state.milliseconds)
        }
    }

    private func read(for people: [Member]) {
        var people = people
        defer { people.forEach { close($0.socket) } }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var alive = Deadline.after(10)
        while !isOver.isSet {
            let reading = people.indices.filter { !people[$0].isGone && !(people[$0].stops && isStopped.isSet) }
            var entries = reading.map { pollfd(fd: people[$0].socket, events: Int16(POLLIN), revents: 0) }
            guard poll(&entries, nfds_t(entries.count), 100) >= 0 else { continue }
            for (place, entry) in entries.enumerated() where entry.revents != 0 { take(from: &people[reading[place]], &buffer) }
            if alive.hasPassed {
                // Who only reads would be asked whether it is there.
                alive = .after(10)
                let pong = RequestFrame(.pong).encoded()
                for person in people { Foundation.send(person.socket, pong, pong.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) }
            }
        }
    }

    private func take(from member: inout Member, _ buffer: inout [UInt8]) {
        let count = recv(member.socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            if count == 0 || errno != EAGAIN { member.isGone = true }
            return
        }
        let now = Deadline.uptime()
        var lines = 0
        buffer.withUnsafeBytes { bytes in
            var rest = bytes.baseAddress
            var left = count
            while left > 0, let start = rest, let end = memchr(start, 10, left) {
                lines += 1
                left -= UnsafeRawPointer(end) - start + 1
                rest = UnsafeRawPointer(end) + 1
            }
        }
        guard lines > 0 else { return }
        let first = member.lines
        member.lines += lines
        guard !member.stops else { return }
        state.withLock { state in
            // The first line of all is the reply to the login.
            for line in max(first, 1)..<max(first + lines, 1) where line <= state.sent.count {
                state.milliseconds.append(Double(now - state.sent[line - 1]) / 1e6)
                state.received += 1
            }
        }
    }
}
