import NIOCore

/// Closes a connection without the farewells of TLS, which wait for an answer. Stands between TLS and the socket.
final class HardClose: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    var isThere: Bool { context != nil }

    func close() { context?.close(promise: nil) }
}
