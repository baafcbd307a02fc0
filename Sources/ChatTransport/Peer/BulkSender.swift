import ChatProtocol
import NIOCore

/// Sends the frames of one link for bulk data, a block or two at a time, with room for others between.
///
/// The event loop looks at its sockets only when no task waits. A socket that takes a block at once lets the next one be handed over at
/// once, and so on without an end; links for chat would wait for as long. So each turn is followed by a rest, in which the loop goes
/// around. What waits is bounded by the gauge.
final class BulkSender {
    /// Bytes of a turn, and the rest after it.
    private static let turn = 2 * FileContent.blockSize
    private static let rest = TimeAmount.microseconds(20)

    private let link: PeerLinkID
    private let gauge: BulkGauge
    private let context: ChannelHandlerContext
    private let tell: (PeerHost.Report) -> Void
    private var waiting = CircularBuffer<ByteBuffer>()
    private var isResting = false
    private var isToldFull = false

    init(_ link: PeerLinkID, gauge: BulkGauge, context: ChannelHandlerContext, tell: @escaping (PeerHost.Report) -> Void) {
        self.link = link
        self.gauge = gauge
        self.context = context
        self.tell = tell
    }

    /// Sends frames that the gauge knows already.
    func send(_ frames: ByteBuffer) {
        if !isToldFull, gauge.level(of: link).isFull {
            isToldFull = true
            tell(.writability(link, isWritable: false))
        }
        waiting.append(frames)
        if !isResting { takeTurn() }
    }

    /// Sends everything that waits, before the link is closed.
    func finish() { write(upTo: .max) }

    private func takeTurn() {
        isResting = !waiting.isEmpty
        guard isResting else { return }
        write(upTo: Self.turn)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) { self.takeTurn() }
    }

    private func write(upTo limit: Int) {
        var count = 0
        while count < limit, let frames = waiting.popFirst() {
            count += frames.readableBytes
            let taken = context.eventLoop.makePromise(of: Void.self)
            let size = frames.readableBytes
            taken.futureResult.assumeIsolated().whenComplete { _ in self.drained(size) }
            context.write(NIOAny(frames), promise: taken)
        }
        context.flush()
    }

    private func drained(_ count: Int) {
        guard gauge.drain(link, count) else { return }
        isToldFull = false
        tell(.writability(link, isWritable: true))
    }
}
