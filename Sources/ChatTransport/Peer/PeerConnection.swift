import ChatProtocol
import NIOCore
import NIOSSL
import NIOTLS

/// One connection to another client: TLS with both certificates, a hello from each side, then messages, or frames.
///
/// Lives on the desk's event loop. The hello of the side that was dialed tells the other that its certificate was accepted too:
/// in TLS 1.3 the client has finished its part before the server looks at it. So a link is up for both only after both hellos,
/// and nothing but the hello is sent before.
final class PeerConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage {
        case securing
        /// The other side's pin is verified; its hello is awaited.
        case greeting
        /// From outside, and said hello for a purpose for which the server has not announced it yet.
        case early(PeerMessage.Purpose)
        case up(PeerLinkID, PeerMessage.Purpose)
        case over
    }

    let route: PeerRoute
    /// The verified pin.
    var presented: PeerPin?
    private(set) var isInstalled = false

    private let hardClose = HardClose()
    private let desk: PeerDesk
    private let isInitiator: Bool
    /// Whose connection this is; for one from outside that shows with its hello.
    private let meeting: PeerMeeting?
    private var channel: (any Channel)?
    private var context: ChannelHandlerContext?
    private var stage = Stage.securing
    private var splitter = FrameSplitter(limit: WireLimits.frame)
    private var frames = BulkReader()
    private var unread = ByteBuffer()
    private var isPaused = false
    private var isReadWanted = false
    /// On a link for bulk data.
    private var sender: BulkSender?
    private var reason: String?
    private var timer: Scheduled<Void>?

    init(desk: PeerDesk, meeting: PeerMeeting?, isInitiator: Bool, route: PeerRoute) {
        self.desk = desk
        self.meeting = meeting
        self.isInitiator = isInitiator
        self.route = route
    }

    /// Adds TLS and this to the end of the pipeline.
    func install(in channel: any Channel) throws {
        guard !isOver else { throw ChannelError.ioOnClosedChannel }
        isInstalled = true
        self.channel = channel
        let tls = try desk.identity.makeHandler(isInitiator: isInitiator) { self.verify($0, $1) }
        if !hardClose.isThere { try channel.pipeline.syncOperations.addHandler(hardClose, position: .first) }
        try channel.pipeline.syncOperations.addHandler(tls)
        try channel.pipeline.syncOperations.addHandler(self)
    }

    /// A channel on which this is not installed yet, to be closed if it comes to that.
    func hold(_ channel: any Channel) throws {
        guard !isOver else { throw ChannelError.ioOnClosedChannel }
        self.channel = channel
        try channel.pipeline.syncOperations.addHandler(hardClose, position: .first)
    }

    private var isOver: Bool { if case .over = stage { true } else { false } }

    // MARK: Security

    private func verify(_ pin: PeerPin?, _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        guard let pin, !isOver else { return promise.succeed(.failed) }
        guard let meeting else { return desk.identify(pin, self, promise) }
        if meeting.judge(pin) {
            presented = pin
            promise.succeed(.certificateVerified)
        } else {
            reason = "somebody else answered: the key is not the one that the server has told"
            promise.succeed(.failed)
        }
    }

    private func secured(_ context: ChannelHandlerContext) {
        guard case .securing = stage else { return }
        // A session that TLS resumes is one whose certificate nobody has looked at.
        guard presented != nil else { return end("the other side showed no certificate") }
        stage = .greeting
        guard isInitiator, let meeting else { return }
        guard meeting.secured(self) else { return end("another way was quicker") }
        write(.hello(meeting.purpose), context)
    }

    private func greeted(_ message: PeerMessage?, _ context: ChannelHandlerContext) {
        guard case .hello(let purpose)? = message, let presented else { return refuse("the other side did not say hello") }
        if let meeting {
            guard meeting.purpose == purpose else { return end("the other side said hello for something else") }
            join(meeting)
        } else if let claimed = desk.claim(presented, purpose) {
            join(claimed)
        } else {
            stage = .early(purpose)
            timer?.cancel()
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(desk.options.announcement)) {
                self.end("not expected")
            }
        }
    }

    /// The pin, and the purpose of the hello, are those of `meeting`.
    func isEarly(for meeting: PeerMeeting) -> Bool {
        guard case .early(meeting.purpose) = stage else { return false }
        return presented == meeting.pin
    }

    /// The other side has said hello for `meeting`: this connection becomes its link.
    func join(_ meeting: PeerMeeting) {
        guard let context, !meeting.isOver else { return end("not expected any more") }
        timer?.cancel()
        if !isInitiator { write(.hello(meeting.purpose), context) }
        let id = desk.linked(self, meeting)
        stage = .up(id, meeting.purpose)
        guard meeting.purpose == .bulk else { return }
        sender = BulkSender(id, gauge: desk.gauge, context: context) { self.desk.tell($0, .bulk) }
    }

    // MARK: In

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        desk.opened(self)
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        sender = nil
        // A connection that never came about has no other end than this.
        desk.closed(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(desk.options.greetWithin)) {
            self.end("the other side said nothing")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { secured(context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var bytes = unwrapInboundIn(data)
        // Read where it is, without a copy. What is left when reading pauses is kept, so that TLS has its buffer back.
        if unread.readableBytes == 0 { takeFrames(from: &bytes) }
        guard bytes.readableBytes > 0 else { return }
        unread.writeBuffer(&bytes)
        takeUnread(context)
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { isReadWanted = true } else { context.read() }
    }

    func resumeReading() {
        guard isPaused, let context else { return }
        isPaused = false
        takeUnread(context)
        if !isPaused, isReadWanted {
            isReadWanted = false
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // What came before the end is still worth something, a farewell for one.
        isPaused = false
        takeUnread(context, isLast: true)
        end(reason ?? (isUp ? "the other side closed the connection" : "the other side ended the connection before it began"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if reason == nil { reason = words(for: error) }
        context.close(promise: nil)
    }

    private func words(for error: any Error) -> String {
        switch error {
        case NIOSSLError.uncleanShutdown: "the connection broke"
        case is IOError: LinkFailure.words(for: error, host: "", port: 0)
        case is NIOSSLError, is BoringSSLError:
            if case .greeting = stage { "the other side refused this client's key" } else { "no secure connection" }
        default: "the connection failed: \(error)"
        }
    }

    private var isUp: Bool { purpose != nil }

    /// What the link is for, once there is one.
    var purpose: PeerMessage.Purpose? { if case .up(_, let purpose) = stage { purpose } else { nil } }

    /// Lines are read up to a hello, and on links for chat.
    private var readsLines: Bool {
        switch stage {
        case .securing, .greeting, .up(_, .chat): true
        case .early, .up(_, .bulk), .over: false
        }
    }

    private func takeUnread(_ context: ChannelHandlerContext, isLast: Bool = false) {
        takeLines(context, isLast: isLast)
        if unread.readableBytes > 0, purpose == .bulk {
            // What a frame brings about may come back here.
            var bytes = unread
            unread = ByteBuffer()
            takeFrames(from: &bytes, isLast: isLast)
            unread = bytes
        }
        if case .early = stage, unread.readableBytes > 1 { refuse("the other side said more than hello") }
        if unread.readableBytes == 0 { unread.clear() } else { unread.discardReadBytes() }
    }

    private func takeLines(_ context: ChannelHandlerContext, isLast: Bool) {
        while !isPaused || isLast, readsLines, unread.readableBytes > 0 {
            switch unread.withUnsafeReadableBytes({ splitter.next(in: $0) }) {
            case .needMore: return
            case .space(let count): unread.moveReaderIndex(forwardBy: count)
            case .garbage(let count):
                unread.moveReaderIndex(forwardBy: count)
                hand(over: .failure(BadRequest("not a JSON object")), context)
            case .fatal(.tooLong): return end("the other side sent a message that is too long")
            case .fatal(.tooDeep): return end("the other side sent a message that is nested too deep")
            case .frame(let skip, let length, _):
                let message = unread.withUnsafeReadableBytes { bytes in
                    Self.message(in: UnsafeRawBufferPointer(rebasing: bytes[skip..<skip + length]))
                }
                unread.moveReaderIndex(forwardBy: skip + length)
                hand(over: message, context)
            }
        }
    }

    private func takeFrames(from bytes: inout ByteBuffer, isLast: Bool = false) {
        while !isPaused || isLast, case .up(let id, .bulk) = stage {
            do throws(BadRequest) {
                guard let frame = try frames.next(in: &bytes) else { return }
                if !desk.tell(.frame(id, frame), .bulk) { isPaused = true }
            } catch {
                desk.tell(.malformed(id, error), .bulk)
                return end("the other side sent something that makes no sense")
            }
        }
    }

    private static func message(in bytes: UnsafeRawBufferPointer) -> Result<PeerMessage?, BadRequest> {
        do throws(BadRequest) {
            return .success(try PeerMessage.decoding(bytes))
        } catch {
            return .failure(error)
        }
    }

    private func hand(over result: Result<PeerMessage?, BadRequest>, _ context: ChannelHandlerContext) {
        guard case .up(let id, _) = stage else { return greeted(try? result.get(), context) }
        let goesOn =
            switch result {
            case .success(.hello): desk.tell(.malformed(id, BadRequest("hello comes once")), .chat)
            case .success(.some(let message)): desk.tell(.received(id, message), .chat)
            case .success(nil): true
            case .failure(let fault): desk.tell(.malformed(id, fault), .chat)
            }
        if !goesOn { isPaused = true }
    }

    // MARK: Out

    func send(_ message: PeerMessage) {
        guard purpose == .chat, let context else { return }
        write(message, context)
        guard !context.channel.isWritable else { return }
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if waiting > desk.options.hardOutbound { overflow() }
    }

    /// Sends frames that the gauge knows already.
    func send(_ frames: ByteBuffer) {
        guard case .up(let id, .bulk) = stage else { return }
        guard desk.gauge.level(of: id).bytes <= desk.options.hardBulkOutbound else { return overflow() }
        sender?.send(frames)
    }

    private func overflow() {
        sender = nil
        end("the other side does not take what is sent")
        cut()
    }

    private func write(_ message: PeerMessage, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: message.encoded())), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Links for bulk data have the gauge.
        if case .up(let id, .chat) = stage { desk.tell(.writability(id, isWritable: context.channel.isWritable), .chat) }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The end

    /// Ends this connection, with a reason that is reported where somebody waits for it.
    func end(_ reason: String) {
        guard !isOver else { return }
        let last = stage
        close()
        switch last {
        case .up(let id, let purpose): if desk.unlinked(id) { desk.tell(.linkDown(id, reason: reason), purpose) }
        case .securing, .greeting, .early: meeting?.lost(self, reason)
        case .over: break
        }
    }

    /// Ends a connection that is no link yet, and on which the other side does not keep to the order of things: without a farewell.
    private func refuse(_ reason: String) {
        stage = .over
        timer?.cancel()
        meeting?.lost(self, reason)
        // Not now: TLS may be in the middle of what it does.
        desk.loop.assumeIsolated().execute { self.hardClose.close() }
    }

    /// Closes after what was sent, and says nothing more.
    func close() {
        guard !isOver else { return }
        stage = .over
        timer?.cancel()
        sender?.finish()
        sender = nil
        // The server, at whose relay nobody has come yet, is owed no farewell that it would have to answer.
        if isInstalled { channel?.close(promise: nil) } else { hardClose.close() }
    }

    /// Closes at once, whatever was sent before.
    func cut() {
        close()
        hardClose.close()
    }
}
