import ChatProtocol
import Foundation
import Testing

/// A client in plain TCP that sends and shows exactly what it is told to: as an original client (bare objects, one read for each
/// reply) or as an extended one (frames). Everything it waits for has a deadline.
final class RawClient {
    private let socket: Int32
    private var buffer: [UInt8] = []
    /// Where in `buffer` the bytes begin that are not yet used.
    private var start = 0
    private var splitter = FrameSplitter(limit: WireLimits.frameFromServer)
    private var isOpen = true

    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - source: where it comes from; `nil` for whatever the system chooses.
    ///   - receiveBuffer: bytes that the kernel keeps for this client when it does not read; `nil` for the usual.
    init(host: String = "127.0.0.1", port: UInt16, from source: String? = nil, receiveBuffer: Int32? = nil) throws {
        socket = try Socket.connect(to: host, port: port, from: source, receiveBuffer: receiveBuffer)
    }

    deinit { close() }

    /// Closes the connection; harmless when it is closed already.
    func close() {
        if isOpen { Foundation.close(socket) }
        isOpen = false
    }

    /// Ends the connection in both directions, also under a thread that waits for it in ``next(within:)``.
    func hangUp() { shutdown(socket, Int32(SHUT_RDWR)) }

    // MARK: Sending

    /// Sends in one call and touches nothing else of this client: for another thread than the one that receives.
    func post(_ request: Request, id: Int64? = nil) {
        let bytes = RequestFrame(request, id: id.map { RequestID($0) }).encoded()
        _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Sends the bytes as they are, without a newline.
    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ request: Request, id: Int64? = nil) throws {
        try send(RequestFrame(request, id: id.map { RequestID($0) }).encoded())
    }

    func send(_ bytes: [UInt8]) throws {
        guard try offer(bytes) == bytes.count else { throw ConnectionEnded("ended by the server while sending") }
    }

    /// Sends as much as the server takes and keeps what it says meanwhile; returns how many bytes went out before it ended the
    /// connection, or all of them.
    func offer(_ bytes: [UInt8], within seconds: Double = Deadline.patience) throws -> Int {
        let deadline = Deadline.after(seconds)
        var sent = 0
        while sent < bytes.count {
            var entry = pollfd(fd: socket, events: Int16(POLLIN | POLLOUT), revents: 0)
            let ready = poll(&entry, 1, deadline.milliseconds)
            if ready == 0 { throw Failure("the server has taken \(sent) of \(bytes.count) bytes within \(seconds) s") }
            if Int32(entry.revents) & (POLLIN | POLLHUP | POLLERR) != 0, try !fill() { return sent }
            guard Int32(entry.revents) & POLLOUT != 0 else { continue }
            let count = bytes.withUnsafeBytes { pointer in
                Foundation.send(
                    socket, pointer.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EPIPE || errno == ECONNRESET {
                return sent
            } else if errno != EAGAIN, errno != EINTR {
                throw Failure.system("send")
            }
        }
        return sent
    }

    // MARK: Receiving as an original client does

    /// What one `read(2)` brings; empty at the end of the stream.
    func readOnce(at place: SourceLocation = #_sourceLocation) throws -> [UInt8] {
        precondition(start == buffer.count, "bytes of an earlier read are left over")
        guard try waitUntilReady(socket, by: .after(Deadline.patience)) else { throw Failure("nothing to read", at: place) }
        _ = try fill()
        let bytes = Array(buffer[start...])
        start = buffer.count
        return bytes
    }

    /// One read, which must bring exactly one object that has at least the members of `pattern`, with the same values.
    @discardableResult
    func hears(_ pattern: String, at place: SourceLocation = #_sourceLocation) throws -> JSONObject {
        let bytes = try readOnce(at: place)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let object = try? JSONParser.object(in: bytes) else {
            throw Failure("one read brought no single object but: \(text)", at: place)
        }
        guard try object.matches(pattern) else { throw Failure("expected \(pattern), got \(text)", at: place) }
        return object
    }

    /// Sends a bare object; one read must bring a reply that matches.
    @discardableResult
    func ask(_ request: String, _ pattern: String, at place: SourceLocation = #_sourceLocation) throws -> JSONObject {
        try send(request)
        return try hears(pattern, at: place)
    }

    /// The server closes the connection and says nothing more before.
    func hearsTheEnd(at place: SourceLocation = #_sourceLocation) throws {
        let bytes = try readOnce(at: place)
        guard bytes.isEmpty else { throw Failure("expected the end, got \(String(decoding: bytes, as: UTF8.self))", at: place) }
    }

    // MARK: Receiving frames

    /// The next frame; `nil` when there is none within `seconds`. Throws ``ConnectionEnded`` at the end of the stream.
    func next(within seconds: Double) throws -> ServerMessage? {
        let deadline = Deadline.after(seconds)
        while true {
            if let frame = try buffered() { return frame }
            guard try waitUntilReady(socket, by: deadline) else { return nil }
            guard try fill() else { throw ConnectionEnded("ended by the server") }
        }
    }

    /// The next frame that `pick` has a use for; others are passed over.
    func first<Found>(
        _ what: String, within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation,
        _ pick: (ServerMessage) -> Found?
    ) throws -> Found {
        let deadline = Deadline.after(seconds)
        while let message = try next(within: Double(deadline.milliseconds) / 1000) {
            if let found = pick(message) { return found }
        }
        throw Failure("no \(what) within \(seconds) s", at: place)
    }

    /// Everything the server says until it ends the connection.
    func untilEnd(within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation) throws -> [ServerMessage] {
        let deadline = Deadline.after(seconds)
        var messages: [ServerMessage] = []
        do {
            while let message = try next(within: Double(deadline.milliseconds) / 1000) { messages.append(message) }
        } catch is ConnectionEnded {
            return messages
        }
        throw Failure("the server did not end the connection within \(seconds) s; it said \(messages.suffix(5))", at: place)
    }

    private func buffered() throws -> ServerMessage? {
        while start < buffer.count {
            let (step, message) = try buffer.withUnsafeBytes { bytes -> (FrameSplitter.Step, ServerMessage?) in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                let step = splitter.next(in: rest)
                guard case .frame(let skip, let length, _) = step else { return (step, nil) }
                return (step, try ServerMessage.decoding(UnsafeRawBufferPointer(rebasing: rest[skip..<skip + length])))
            }
            switch step {
            case .needMore: return nil
            case .space(let count): start += count
            case .frame(let skip, let length, _):
                start += skip + length
                if let message { return message }
            case .garbage, .fatal:
                let text = String(decoding: buffer[start...].prefix(200), as: UTF8.self)
                throw Failure("the server sent what is no frame: \(text)")
            }
        }
        return nil
    }

    /// One read into the buffer; `false` at the end of the stream.
    private func fill() throws -> Bool {
        if start == buffer.count || start > 1 << 20 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        // Filling the room with zeros first would take a debug build milliseconds.
        let (count, code) = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { room in
            let count = recv(socket, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            let code = errno
            if count > 0 { buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<count])) }
            return (count, code)
        }
        if count > 0 { return true }
        if count == 0 || code == ECONNRESET || code == EPIPE { return false }
        if code == EAGAIN || code == EINTR { return true }
        throw Failure.system("recv", code)
    }
}

extension JSONObject {
    /// Whether every member of the object written in `pattern` is here with the same value; more may be.
    func matches(_ pattern: String) throws -> Bool {
        try JSONParser.object(in: Array(pattern.utf8)).members.allSatisfy { self[$0.key] == $0.value }
    }
}
