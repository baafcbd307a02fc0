import Glibc
import NIOCore

/// One client of the load: logs in, then counts what it receives and checks that nothing is missing, doubled or out of order.
///
/// Lives on its crowd's event loop.
final class Client: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let index: Int
    private let crowd: Crowd
    private var channel: (any Channel)?
    private var stage = 0
    private var heard = ""
    private(set) var isReady = false
    /// Deliveries so far; also the number that the next one must have.
    private(set) var received = 0
    private var acknowledged = 0
    private var part: [UInt8] = []
    private var pings = Occurrences(of: "ping\"}")
    /// The replies to what this client sent, if it sends and is answered.
    var confirmations: Occurrences?
    /// Messages sent.
    var sent = 0
    /// Whether all that was sent was answered, by a server that answers.
    var isConfirmed: Bool { confirmations.map { $0.count == sent } ?? true }

    init(_ index: Int, in crowd: Crowd) {
        self.index = index
        self.crowd = crowd
    }

    func say(_ text: String) {
        guard let channel else { return }
        channel.writeAndFlush(channel.allocator.buffer(string: text), promise: nil)
    }

    func close() { channel?.close(promise: nil) }

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        say(crowd.dialect.hello(index))
    }

    func channelInactive(context: ChannelHandlerContext) {
        channel = nil
        crowd.fail("client \(index) was disconnected; it had last heard: \(heard.suffix(200))")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { crowd.fail("client \(index): \(error)") }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        crowd.bytesHeard += buffer.readableBytes
        buffer.withUnsafeReadableBytes { bytes in
            if !isReady {
                logIn(bytes)
            } else if crowd.isCounting {
                count(bytes)
                confirmations?.look(in: bytes)
            } else {
                answer(bytes)
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard crowd.isCounting else { return }
        if received > acknowledged, crowd.acknowledges, let text = crowd.dialect.acknowledgement(received) {
            acknowledged = received
            say(text)
        }
        crowd.progressed(self)
    }

    private func logIn(_ bytes: UnsafeRawBufferPointer) {
        heard += String(decoding: bytes, as: UTF8.self)
        switch crowd.dialect.next(index, stage: stage, heard: heard) {
        case .wait: break
        case .say(let text):
            stage += 1
            heard = ""
            say(text)
        case .ready:
            isReady = true
            heard = ""
            crowd.ready()
        case .refused: crowd.fail("client \(index) was refused: \(heard)")
        }
    }

    /// Shows that it is there, while nothing is measured but that.
    private func answer(_ bytes: UnsafeRawBufferPointer) {
        let before = pings.count
        pings.look(in: bytes)
        if pings.count > before { say("{\"action\":\"pong\"}\n") }
    }

    private func count(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var index = 0
        if !part.isEmpty {
            index = min(Mark.length - part.count, bytes.count)
            part.append(contentsOf: bytes[..<index])
            guard part.count == Mark.length else { return }
            part.withUnsafeBytes { check($0) }
            part.removeAll(keepingCapacity: true)
        }
        while index < bytes.count, let found = memchr(base + index, Int32(Mark.sign), bytes.count - index) {
            let start = UnsafeRawPointer(found) - base
            index = start + Mark.length
            guard index <= bytes.count else {
                part.append(contentsOf: bytes[start...])
                return
            }
            check(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
        }
    }

    private func check(_ mark: UnsafeRawBufferPointer) {
        let number = Mark.number(in: mark)
        guard number == received else { return crowd.fail("client \(index) received message \(number) and not \(received)") }
        received += 1
        crowd.delivered(mark)
    }
}
