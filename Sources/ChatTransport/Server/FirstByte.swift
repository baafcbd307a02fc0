import ChatProtocol
import NIOCore
import NIOSSL

/// Tells TLS from plain TCP by the first byte of a connection, and steps aside.
final class FirstByte: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a TLS handshake record begins with (RFC 8446, 5.1); no JSON text does.
    private static let handshake: UInt8 = 0x16

    private let tls: NIOSSLContext
    private let allowsPlaintext: Bool
    private let connection: ServerConnection

    init(tls: NIOSSLContext, allowsPlaintext: Bool, connection: ServerConnection) {
        self.tls = tls
        self.allowsPlaintext = allowsPlaintext
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else { return }
        do {
            if first == Self.handshake {
                try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .after(self))
                connection.isEncrypted = true
                context.fireChannelRead(data)
            } else if allowsPlaintext {
                context.fireChannelRead(data)
            } else {
                connection.refuse(.plaintextRefused, "this server speaks TLS only, except to its own machine")
            }
        } catch {
            context.close(promise: nil)
        }
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
