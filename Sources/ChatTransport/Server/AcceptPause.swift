import Glibc
import Logging
import NIOCore

/// Stops accepting for a moment when the system has no files or no memory for one more connection.
///
/// NIO's `AcceptBackoffHandler` puts off the next read, but the one that failed is still pending: the selector reports the connections
/// that wait again and again, and the loop turns without a pause.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// The first pause, and the longest: each failure doubles it, each connection accepted makes it short again. So what waits is taken as
    /// fast as files become free, and nothing spins when none does.
    private static let pauses = (first: TimeAmount.milliseconds(1), longest: TimeAmount.milliseconds(256))
    private static let shortages = [EMFILE, ENFILE, ENOBUFS, ENOMEM]
    /// Seconds between two lines in the log.
    private static let quiet = TimeAmount.seconds(60)

    private let log: Logger
    private var pause = pauses.first
    private var quietUntil: NIODeadline?

    init(log: Logger) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pause = Self.pauses.first
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.shortages.contains(error.errnoCode), let options = context.channel.syncOptions else {
            return context.fireErrorCaught(error)
        }
        if quietUntil.map({ $0 <= .now() }) ?? true {
            quietUntil = .now() + Self.quiet
            log.warning("cannot accept connections; they wait until it is possible again", metadata: ["error": "\(error)"])
        }
        // Fails when the channel is closed: then there is nothing to accept any more.
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: pause) { try? options.setOption(.autoRead, value: true) }
        pause = min(pause * 2, Self.pauses.longest)
    }
}
