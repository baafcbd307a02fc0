import ChatProtocol
import ChatTransport
import NIOCore
import NIOPosix
import NIOSSL

/// A client that presents the key of one side and then sends whatever bytes a test chooses, by itself or through NIO.
struct RawPeer: Sendable {
    let received = Awaited<[UInt8]>()
    private let ended = Awaited<Bool>()
    private let channel: any Channel

    /// - Parameter side: whose key is presented.
    init(as side: PeerSide, to other: PeerSide) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(side.folder + "/identity.pem").map { .certificate($0) }
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: side.folder + "/identity-key.pem", format: .pem))
        let context = try NIOSSLContext(configuration: configuration)
        let (received, ended) = (received, ended)
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil) { _, promise in
                        promise.succeed(.certificateVerified)
                    }
                    try channel.pipeline.syncOperations.addHandlers(tls, Collector(received: received, ended: ended))
                }
            }
            .connect(host: "127.0.0.1", port: Int(other.host.port)).get()
    }

    /// Sends bytes, and waits until they are in the socket, after the handshake.
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    func send(_ message: PeerMessage) async throws { try await send(message.encoded()) }

    /// Waits until the other side has ended the connection.
    func waitForTheEnd() async throws { _ = try await ended.next() }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: Awaited<[UInt8]>
        private let ended: Awaited<Bool>

        init(received: Awaited<[UInt8]>, ended: Awaited<Bool>) {
            self.received = received
            self.ended = ended
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            received.add(bytes.withUnsafeReadableBytes { Array($0) })
        }

        func channelInactive(context: ChannelHandlerContext) {
            ended.add(true); print("T raw inactive", NIODeadline.now())
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { print("T raw error", error); context.close(promise: nil) }
    }
}
