import ChatProtocol
import Foundation
import Testing

/// Connections that say nothing, or one byte a second, and never log in; who is cut off comes again within a second. A thread of its own
/// looks after all of them until ``end()``.
final class Strangers: Sendable {
    struct Counts {
        var opened = 0
        var cutOff = 0
        var held = 0
    }

    /// What is said by and by: the beginning of a request that never comes to its end.
    private static let words = Array((#"{"action":"whoelse","x":""# + String(repeating: "a", count: 1000)).utf8)
    private static let rounds = 10

    private struct Place {
        var socket: Int32 = -1
        var said = 0
    }

    private let port: UInt16
    private let sources: [String]
    private let talks: Bool
    private let counts = Locked(Counts())
    private let isOver = Flag(false)
    private let group = DispatchGroup()

    /// - Parameters:
    ///   - sources: the address that each of them comes from.
    ///   - talks: one byte a second from each.
    init(port: UInt16, sources: [String], talks: Bool) {
        self.port = port
        self.sources = sources
        self.talks = talks
        group.enter()
        Thread.detachNewThread { [self] in
            defer { group.leave() }
            run()
        }
    }

    var current: Counts { counts.withLock { $0 } }

    func end() {
        isOver.isSet = true
        group.wait()
    }

    /// A tenth of them is looked after every 100 ms, so each of them once a second.
    private func run() {
        var places = [Place](repeating: Place(), count: sources.count)
        defer { for place in places where place.socket >= 0 { close(place.socket) } }
        var round = 0
        while !isOver.isSet {
            let next = Deadline.after(0.1)
            var now = Counts()
            for index in stride(from: round % Self.rounds, to: places.count, by: Self.rounds) {
                look(after: &places[index], from: sources[index], &now)
            }
            round += 1
            let held = places.count { $0.socket >= 0 }
            counts.withLock { counts in
                counts.opened += now.opened
                counts.cutOff += now.cutOff
                counts.held = held
            }
            usleep(UInt32(next.milliseconds) * 1000)
        }
    }

    private func look(after place: inout Place, from source: String, _ now: inout Counts) {
        if place.socket >= 0 {
            var byte: UInt8 = 0
            var result = 1
            while result > 0 { result = recv(place.socket, &byte, 1, Int32(MSG_DONTWAIT)) }
            let isGone = result == 0 || (errno != EAGAIN && errno != EINPROGRESS && errno != ENOTCONN)
            guard isGone else {
                if talks {
                    byte = Self.words[place.said % Self.words.count]
                    place.said += 1
                    send(place.socket, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                }
                return
            }
            close(place.socket)
            now.cutOff += 1
        }
        place = Place()
        guard let socket = try? Socket.connect(to: "127.0.0.1", port: port, from: source, waits: false) else { return }
        place.socket = socket
        now.opened += 1
    }
}

/// How many files this process may have open; raised as far as it can be.
func raiseFileLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
}
