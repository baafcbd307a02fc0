package import ChatProtocol
import Crypto
import NIOCore
import NIOSSL

/// The key by which other clients know this one: long-lived, kept in the data folder, made on first use.
package struct PeerIdentity: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let pin: PeerPin
    private let dialing: NIOSSLContext
    private let accepting: NIOSSLContext

    /// - Parameter folder: the client's data folder, which exists.
    package init(folder: String) throws(Failure) {
        let certificate = folder + "/identity.pem"
        let privateKey = folder + "/identity-key.pem"
        do {
            let pair = try KeyPair(certificate: certificate, privateKey: privateKey, commonName: "banter")
            guard let pin = PeerPin(digest: Array(SHA256.hash(data: pair.publicKeyInfo))) else {
                throw Failure(description: "cannot compute the pin of \(certificate)")
            }
            self.pin = pin
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem))
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateChain = chain
            configuration.privateKey = key
            dialing = try NIOSSLContext(configuration: Self.strict(configuration))
            accepting = try NIOSSLContext(
                configuration: Self.strict(.makeServerConfiguration(certificateChain: chain, privateKey: key)))
        } catch let failure as Failure {
            throw failure
        } catch let failure as KeyPair.Failure {
            throw Failure(description: failure.description)
        } catch {
            throw Failure(description: "cannot use \(certificate) with \(privateKey): \(error)")
        }
    }

    /// TLS 1.3, and the other side must show a certificate. Authorities and names play no part.
    private static func strict(_ configuration: TLSConfiguration) -> TLSConfiguration {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        return configuration
    }

    /// The TLS of one link. `verify` is given what the other side presents and must complete the promise.
    func makeHandler(
        isInitiator: Bool, verify: @escaping (PeerPin?, EventLoopPromise<NIOSSLVerificationResult>) -> Void
    ) throws -> any ChannelHandler {
        let callback: NIOSSLCustomVerificationCallback = { chain, promise in verify(chain.first.flatMap { PeerPin($0) }, promise) }
        return isInitiator
            ? try NIOSSLClientHandler(context: dialing, serverHostname: nil, customVerificationCallback: callback)
            : NIOSSLServerHandler(context: accepting, customVerificationCallback: callback)
    }
}

extension PeerPin {
    fileprivate init?(_ certificate: NIOSSLCertificate) {
        guard let info = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
        self.init(digest: Array(SHA256.hash(data: info)))
    }
}
