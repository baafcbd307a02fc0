import ChatProtocol
import NIOCore

/// A connection that has left the chat for the relay: first it waits for the other side, then it carries bytes.
///
/// Lives on its event loop; the other end, perhaps on another loop, is reached through its ``RelayGuest`` alone. What was read
/// here counts until it is in the other's socket, and beyond a bound nothing more is read: the slower side sets the pace.
final class RelayEnd: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case arriving
        case waiting(pair: UInt64)
        case joined(RelaySplice, other: RelayGuest)
        /// The last word is written; what still comes is thrown away.
        case over
    }

    /// Why nothing is read at the moment.
    private struct Pause: OptionSet {
        let rawValue: UInt8
        static let early = Pause(rawValue: 1)
        static let window = Pause(rawValue: 2)
        static let rate = Pause(rawValue: 4)
    }

    /// How the connection ends once everything is written.
    private enum Ending { case open, output, all }

    /// Bytes kept for the other side before it is there.
    private static let earlyBound = 64 * 1024

    let id: ConnectionID
    private let requestID: RequestID?
    private let isEncrypted: Bool
    private unowned let home: LoopConnections
    private var context: ChannelHandlerContext?
    private var state = State.arriving
    private var pauses: Pause = []
    private var isReadWanted = false
    private var early = ByteBuffer()
    /// White space after the request, its newline above all, still belongs to it.
    private var isBeforeFirstByte = true
    /// Bytes read here that are not in the other's socket yet.
    private var underWay = 0
    /// Bytes of the other side that are not in the socket here yet.
    private var unwritten = 0
    private var ending = Ending.open
    private var isInputClosed = false
    private var isOutputClosed = false
    private var timer: Scheduled<Void>?

    init(id: ConnectionID, requestID: RequestID?, isEncrypted: Bool, home: LoopConnections) {
        self.id = id
        self.requestID = requestID
        self.isEncrypted = isEncrypted
        self.home = home
    }

    // MARK: Meeting

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Waits for the other side, for so long at the most.
    func wait(pair: UInt64, patience: TimeAmount) {
        state = .waiting(pair: pair)
        schedule(in: patience) { $0.loseHope() }
    }

    /// The other side is there.
    func join(_ splice: RelaySplice, other: RelayGuest, watches: Bool) {
        guard let context, !isOver else {
            splice.end()
            other.run { $0.finish(.all) }
            return
        }
        timer?.cancel()
        timer = nil
        state = .joined(splice, other: other)
        write(.ready, context)
        if watches { watch(splice) }
        let bytes = early
        early = ByteBuffer()
        if bytes.readableBytes > 0 { pass(bytes, splice, other, context) }
        if isInputClosed { other.run { $0.finish(.output) } }
        resume(.early)
    }

    /// Bytes that came with the request, or right after it.
    func begin(with bytes: ByteBuffer) {
        guard let context else { return }
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        take(bytes, context)
        context.read()
    }

    func refuse(_ status: Reply.RelayStatus) {
        guard let context, !isOver else { return }
        timer?.cancel()
        state = .over
        early = ByteBuffer()
        write(status, context)
        guard !isEncrypted else { return close(context) }
        // Closing on unread bytes would reset the connection and might take the last words with it.
        context.close(mode: .output, promise: nil)
        pauses = []
        context.read()
        schedule(in: .seconds(1)) { $0.abort() }
    }

    func abort() {
        if let context { close(context) }
    }

    private func close(_ context: ChannelHandlerContext) {
        // With half-closure allowed, TLS would not take the other's farewell for an answer to its own.
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        context.close(promise: nil)
    }

    private var isOver: Bool { if case .over = state { true } else { false } }

    private func loseHope() {
        guard case .waiting(let pair) = state, home.relay.leave(pair: pair) else { return }
        refuse(.alone)
    }

    private func watch(_ splice: RelaySplice) {
        guard let context else { return }
        guard let deadline = splice.deadline(at: .now()) else {
            if case .joined(_, let other) = state { other.run { $0.abort() } }
            return abort()
        }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.watch(splice) }
    }

    private func schedule(in delay: TimeAmount, _ body: @escaping (RelayEnd) -> Void) {
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { body(self) }
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { take(unwrapInboundIn(data), context) }

    func read(context: ChannelHandlerContext) {
        if pauses.isEmpty { context.read() } else { isReadWanted = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, !isInputClosed {
            isInputClosed = true
            if case .joined(_, let other) = state { other.run { $0.finish(.output) } }
            closeIfDone(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(context) }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        switch state {
        case .joined(let splice, let other):
            splice.end()
            other.run { $0.finish(.all) }
        case .waiting(let pair): _ = home.relay.leave(pair: pair)
        case .arriving, .over: break
        }
        state = .over
        home.closed(self)
        context.fireChannelInactive()
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        var bytes = bytes
        if isBeforeFirstByte {
            bytes.moveReaderIndex(forwardBy: bytes.readableBytesView.prefix { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.count)
            if bytes.readableBytes == 0 { return }
            isBeforeFirstByte = false
        }
        switch state {
        case .arriving, .waiting:
            early.writeBuffer(&bytes)
            if early.readableBytes >= Self.earlyBound { pauses.insert(.early) }
        case .joined(let splice, let other): pass(bytes, splice, other, context)
        case .over: break
        }
    }

    private func pass(_ bytes: ByteBuffer, _ splice: RelaySplice, _ other: RelayGuest, _ context: ChannelHandlerContext) {
        underWay += bytes.readableBytes
        if underWay > home.options.relay.window { pauses.insert(.window) }
        if let delay = splice.carry(bytes.readableBytes, at: .now()), !pauses.contains(.rate) {
            pauses.insert(.rate)
            pay(splice, in: delay, context)
        }
        other.run { $0.deliver(bytes) }
    }

    /// Waits until the rate allows more. The debt may have grown in the meantime, by what had been read already.
    private func pay(_ splice: RelaySplice, in delay: TimeAmount, _ context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            if let more = splice.wait(at: .now()), let context = self.context {
                self.pay(splice, in: more, context)
            } else {
                self.resume(.rate)
            }
        }
    }

    private func resume(_ reason: Pause) {
        pauses.remove(reason)
        guard pauses.isEmpty, isReadWanted else { return }
        isReadWanted = false
        context?.read()
    }

    /// So many bytes from here are in the other's socket.
    private func arrived(_ count: Int) {
        underWay -= count
        if underWay <= home.options.relay.window / 2, pauses.contains(.window) { resume(.window) }
    }

    // MARK: Out

    private func write(_ status: Reply.RelayStatus, _ context: ChannelHandlerContext) {
        let bytes = ServerMessage.reply(.relay(status), id: requestID).encoded()
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func deliver(_ bytes: ByteBuffer) {
        guard let context, case .joined(_, let other) = state, ending == .open else { return }
        let count = bytes.readableBytes
        unwritten += count
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { _ in
            self.unwritten -= count
            other.run { $0.arrived(count) }
            if self.unwritten == 0, let context = self.context { self.closeIfDone(context) }
        }
    }

    /// The other side has no more to say, or is gone: so it is here, once everything is written.
    private func finish(_ how: Ending) {
        guard let context else { return }
        if how == .all || ending == .open { ending = how }
        closeIfDone(context)
        // Whoever reads nothing does not keep a connection that has no other side.
        if how == .all, timer == nil || unwritten > 0 {
            timer?.cancel()
            schedule(in: TimeAmount(home.options.relay.idle)) { $0.abort() }
        }
    }

    private func closeIfDone(_ context: ChannelHandlerContext) {
        guard unwritten == 0 else { return }
        switch ending {
        case .open: break
        case .output:
            if !isOutputClosed {
                isOutputClosed = true
                context.close(mode: .output, promise: nil)
            }
            if isInputClosed { close(context) }
        case .all: close(context)
        }
    }
}
