import ChatProtocol
import Glibc
import Logging
import NIOCore

/// One client's connection: frames in, deliveries out, and every bound that keeps it from troubling the others.
///
/// Lives on its event loop and is touched from nowhere else.
final class ServerConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Why nothing is read at the moment.
    private struct Pause: OptionSet {
        let rawValue: UInt8
        static let flood = Pause(rawValue: 1)
        static let mailbox = Pause(rawValue: 2)
        static let slowReader = Pause(rawValue: 4)
        static let closing = Pause(rawValue: 8)
    }

    /// How long a client may take to read the last words.
    private static let lastWordsTime = TimeAmount.seconds(10)
    /// The TLS handler keeps a buffer as large as the most that it was ever given before a flush. So what is longer than a record
    /// is given to it in pieces.
    private static let record = 16_000
    private static let piece = 8_000

    let id: ConnectionID
    var isEncrypted = false
    var audience: Audience?
    /// Where this connection stands among the members of its audience.
    var place = 0
    /// The last turn in which it got something of its own.
    var turn: UInt64 = 0

    unowned let home: LoopConnections
    private(set) var context: ChannelHandlerContext?
    private var splitter = FrameSplitter(limit: WireLimits.frameBeforeLogin)
    private var unread = ByteBuffer()
    private var bucket: TokenBucket?
    private var pauses: Pause = []
    private var isReadWanted = false
    private var isBare = false
    private var hasSpoken = false
    private var badRequests = 0
    private var paced = PacedFrames()
    private var isPacing = false
    private var closesWhenPaced = false
    /// Writes that the channel has not finished.
    private var unfinished = 0
    /// The socket, from the first time that something is written past the pipeline until the channel is inactive: the descriptor
    /// is this connection's for as long. Negative without one.
    private var socket: CInt = -1
    /// Bytes that are still taken and thrown away after the last word, so that the client gets to read it.
    private var lingering: Int?

    init(id: ConnectionID, home: LoopConnections) {
        self.id = id
        self.home = home
        if let flood = home.options.flood {
            bucket = TokenBucket(burst: flood.burst, perSecond: flood.perSecond, now: .now())
        }
    }

    // MARK: In

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) {
        socket = -1
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        socket = -1
        home.closed(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if let left = lingering {
            lingering = left - bytes.readableBytes
            if left <= 0 { context.close(promise: nil) }
            return
        }
        if unread.readableBytes == 0 {
            unread = bytes
        } else {
            unread.writeBuffer(&bytes)
        }
        takeFrames()
    }

    func read(context: ChannelHandlerContext) {
        if pauses.isEmpty || lingering != nil {
            context.read()
        } else {
            isReadWanted = true
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken handshake, a reset: the client is gone or cannot be talked to.
        context.close(promise: nil)
    }

    /// Takes as many frames as there are, and as the limits allow.
    private func takeFrames() {
        guard pauses.isEmpty else { return }
        var isFirst = true
        let now = NIODeadline.now()
        scan: while unread.readableBytes > 0 {
            if let delay = bucket?.wait(at: now) {
                pause(.flood, for: delay)
                break scan
            }
            if let plain = unread.withUnsafeReadableBytes({ splitter.plainRequest(in: $0) }) {
                bucket?.spend()
                noteBorder(plain.isLine)
                // The white space that ends it is nothing by itself.
                unread.moveReaderIndex(forwardBy: plain.length + (plain.isLine ? 1 : 0))
                isFirst = false
                home.report(.request((consume plain).frame), from: self)
                noteSpoken()
                continue scan
            }
            let step = unread.withUnsafeReadableBytes { splitter.next(in: $0) }
            switch step {
            case .needMore: break scan
            case .space(let count): unread.moveReaderIndex(forwardBy: count)
            case .garbage(let count):
                unread.moveReaderIndex(forwardBy: count)
                bucket?.spend()
                isFirst = false
                home.report(.bad(BadRequest("not a JSON object")), from: self)
                if isSpent() { break scan }
            case .fatal(let fault): return refuse(fault)
            case .frame(let skip, let length, let isLine):
                bucket?.spend()
                noteBorder(isLine)
                let frame = unread.withUnsafeReadableBytes { bytes in
                    Self.input(in: UnsafeRawBufferPointer(rebasing: bytes[skip..<skip + length]))
                }
                unread.moveReaderIndex(forwardBy: skip + length)
                if !hasSpoken, isFirst, case .request(let first) = frame, case .relay(let ticket) = first.request {
                    goToRelay(with: ticket, first.id)
                    return
                }
                isFirst = false
                let isBad = if case .bad = frame { true } else { false }
                home.report(frame, from: self)
                noteSpoken()
                if isBad, isSpent() { break scan }
            }
        }
        if unread.readableBytes == 0 {
            unread = ByteBuffer()
        } else {
            unread.discardReadBytes()
        }
    }

    /// Counts what is no request. After a few of them the Hub closes the connection; until it does, nothing more is taken.
    private func isSpent() -> Bool {
        badRequests += 1
        guard badRequests >= home.options.badRequests else { return false }
        pauses.insert(.closing)
        return true
    }

    /// A client whose first frame comes without a newline is one that sends bare objects, until it sends one with.
    private func noteBorder(_ isLine: Bool) {
        if isLine { isBare = false } else if !hasSpoken { isBare = true }
    }

    func noteSpoken() {
        guard !hasSpoken else { return }
        hasSpoken = true
        home.spoke(self)
    }

    private static func input(in bytes: UnsafeRawBufferPointer) -> ConnectionInput {
        do throws(BadRequest) {
            return .request(try RequestFrame(decoding: bytes))
        } catch {
            return .bad(error)
        }
    }

    /// The mailbox is full; false if the connection waits for room already.
    func waitForRoom() -> Bool { pauses.insert(.mailbox).inserted }

    /// What has come and was not looked at yet; it is somebody else's now.
    func takeUnread() -> ByteBuffer {
        defer { unread = ByteBuffer() }
        return unread
    }

    private func refuse(_ fault: FrameSplitter.Fault) {
        switch fault {
        case .tooLong: refuse(.frameTooLong, "a frame may have \(splitter.limit) bytes")
        case .tooDeep: refuse(.badRequest, "nested deeper than \(WireLimits.depth)")
        }
    }

    // MARK: Pausing

    private func pause(_ reason: Pause, for delay: TimeAmount) {
        pauses.insert(reason)
        context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.resume(reason) }
    }

    private func resume(_ reason: Pause) {
        pauses.remove(reason)
        guard pauses.isEmpty else { return }
        takeFrames()
        if pauses.isEmpty, isReadWanted {
            isReadWanted = false
            context?.read()
        }
    }

    /// There is room in the mailbox again.
    func resumeReading() { resume(.mailbox) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            if pauses.contains(.slowReader) { resume(.slowReader) }
        } else {
            pauses.insert(.slowReader)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Out

    /// The client logged in: longer frames are allowed from now on.
    func join(_ audience: Audience) {
        self.audience = audience
        splitter.limit = WireLimits.frame
    }

    /// Sends what this connection shares with others; `buffer` is what `bytes` belong to.
    func send(_ bytes: UnsafeRawBufferPointer, of buffer: ByteBuffer) {
        guard goesStraight else { return send(buffer) }
        let count = writeStraight(bytes)
        guard count < bytes.count, let context else { return }
        writeThroughChannel(
            buffer.getSlice(at: buffer.readerIndex + count, length: bytes.count - count) ?? buffer, mark: nil, context: context)
    }

    func send(_ bytes: [UInt8], marks: [DeliveryBatch.Mark]) {
        guard goesStraight else { return send(ByteBuffer(bytes: bytes), marks: marks) }
        let count = bytes.withUnsafeBytes { writeStraight($0) }
        guard count < bytes.count else {
            if let mark = marks.last { home.report(.written(id, mark: mark.sequence)) }
            return
        }
        guard let context else { return }
        writeThroughChannel(ByteBuffer(bytes: bytes[count...]), mark: marks.last?.sequence, context: context)
    }

    func send(_ bytes: ByteBuffer, marks: [DeliveryBatch.Mark] = []) {
        guard let context, lingering == nil else { return }
        guard isBare || !paced.isEmpty else { return write(bytes, mark: marks.last?.sequence, context: context) }
        paced.add(bytes, marks)
        if !isBare, let all = paced.takeAll() {
            // The client has turned out to know newlines: what was spaced out for it goes first, so that nothing is overtaken.
            write(all.bytes, mark: all.mark, context: context)
        } else if !isPacing {
            sendPaced()
        }
    }

    private func write(_ bytes: ByteBuffer, mark: UInt64?, context: ChannelHandlerContext) {
        if isEncrypted { return writeThroughTLS(bytes, mark: mark, context: context) }
        var rest = bytes
        if writeAtOnce(&rest, context: context) {
            if let mark { home.report(.written(id, mark: mark)) }
            return
        }
        writeThroughChannel(rest, mark: mark, context: context)
    }

    private func writeThroughChannel(_ rest: ByteBuffer, mark: UInt64?, context: ChannelHandlerContext) {
        unfinished += 1
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { result in
            self.unfinished -= 1
            if case .success = result, let mark { self.home.report(.written(self.id, mark: mark)) }
        }
        context.writeAndFlush(wrapOutboundOut(rest), promise: promise)
        if !context.channel.isWritable { cutOffIfTooSlow(context) }
    }

    /// Gives the socket what it takes now, past the pipeline, which costs more than the system call: nothing stands between this
    /// handler and the socket, and nothing that came before may wait in the channel. True if it took everything.
    private func writeAtOnce(_ bytes: inout ByteBuffer, context: ChannelHandlerContext) -> Bool {
        guard unfinished == 0, context.channel.isActive else { return false }
        if socket < 0 {
            socket = (try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable { (socket: CInt) in socket }) ?? -1
        }
        bytes.moveReaderIndex(forwardBy: bytes.withUnsafeReadableBytes { writeStraight($0) })
        return bytes.readableBytes == 0
    }

    /// Whether nothing stands between what is sent now and the socket, without a look at the channel.
    private var goesStraight: Bool { socket >= 0 && unfinished == 0 && !isBare && paced.isEmpty && lingering == nil }

    /// How many bytes the socket took. Whatever is wrong, the channel will find it too, and knows what to do about it.
    private func writeStraight(_ bytes: UnsafeRawBufferPointer) -> Int {
        max(0, Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)))
    }

    private func writeThroughTLS(_ bytes: ByteBuffer, mark: UInt64?, context: ChannelHandlerContext) {
        var rest = bytes
        if rest.readableBytes > Self.record {
            while rest.readableBytes > Self.piece, let piece = rest.readSlice(length: Self.piece) {
                context.writeAndFlush(wrapOutboundOut(piece), promise: nil)
            }
        }
        var promise: EventLoopPromise<Void>?
        if let mark {
            let isOut = context.eventLoop.makePromise(of: Void.self)
            isOut.futureResult.assumeIsolated().whenSuccess { self.home.report(.written(self.id, mark: mark)) }
            promise = isOut
        }
        context.writeAndFlush(wrapOutboundOut(rest), promise: promise)
        if !context.channel.isWritable { cutOffIfTooSlow(context) }
    }

    private func sendPaced() {
        guard let context else { return }
        isPacing = false
        while true {
            switch paced.next(at: .now()) {
            case .write(let piece): write(piece.bytes, mark: piece.mark, context: context)
            case .wait(let delay):
                isPacing = true
                context.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.sendPaced() }
                return
            case .nothing:
                if closesWhenPaced { close() }
                return
            }
        }
    }

    private func cutOffIfTooSlow(_ context: ChannelHandlerContext) {
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard waiting > home.options.hardOutbound else { return }
        home.log.notice("cut off a slow reader", metadata: ["connection": "\(id)", "waiting": "\(waiting)"])
        context.close(promise: nil)
    }

    /// Says why, and closes.
    func refuse(_ status: Reply.ErrorStatus, _ reason: String, lingers: Bool = true) {
        send(ByteBuffer(bytes: ServerMessage.reply(.error(status, reason: reason), id: nil).encoded()))
        close(lingers: lingers)
    }

    /// Closes once everything sent before is out. What the client still sends is thrown away for a moment, because closing on
    /// unread bytes would reset the connection and might take the last words with it.
    func close(lingers: Bool = true) {
        guard let context else { return }
        guard lingers else { return context.close(promise: nil) }
        guard lingering == nil else { return }
        if !paced.isEmpty {
            closesWhenPaced = true
            return
        }
        pauses.insert(.closing)
        unread = ByteBuffer()
        lingering = 4 << 20
        if isEncrypted {
            context.close(promise: nil)
            return
        }
        let isOut = context.eventLoop.makePromise(of: Void.self)
        isOut.futureResult.assumeIsolated().whenComplete { _ in
            self.context?.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { self.context?.close(promise: nil) }
        }
        context.close(mode: .output, promise: isOut)
        context.read()
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lastWordsTime) { self.context?.close(promise: nil) }
    }
}
