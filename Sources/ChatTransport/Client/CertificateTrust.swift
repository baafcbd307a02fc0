import ChatProtocol
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// Decides whether the server at the other end is the one meant: remembered, vouched for by the system's authorities, or new.
final class CertificateTrust: Sendable {
    enum Verdict: Equatable, Sendable {
        case trusted(LinkSecurity)
        case refused(LinkFailure)
    }

    private let host: String
    private let port: Int
    private let known: KnownServers
    /// What the user would run to accept a certificate, up to its fingerprint.
    private let trustCommand: String
    /// What was decided; the handshake itself only learns yes or no.
    let verdict = Locked<Verdict?>(nil)

    init(host: String, port: Int, known: KnownServers, trustCommand: String) {
        self.host = host
        self.port = port
        self.known = known
        self.trustCommand = trustCommand
    }

    /// The TLS of a connection to the server, which goes on only if this trusts it.
    func makeHandler() throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        // The name is checked where it counts: when authorities vouch for the certificate.
        configuration.certificateVerification = .noHostnameVerification
        // The callback decides alone, so there is no use in loading the system's authorities for each connection.
        configuration.trustRoots = .certificates([])
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration), serverHostname: isAddress ? nil : host,
            customVerificationCallback: { chain, promise in
                // The handshake waits for this task through its promise.
                promise.completeWithTask { await self.judge(chain) ? .certificateVerified : .failed }
            })
    }

    func judge(_ chain: [NIOSSLCertificate]) async -> Bool {
        let verdict = await decide(chain)
        self.verdict.withLock { $0 = verdict }
        if case .trusted = verdict { return true }
        return false
    }

    private func decide(_ chain: [NIOSSLCertificate]) async -> Verdict {
        guard let leaf = chain.first, let presented = try? Fingerprint(leaf) else {
            return .refused(.lost("the server showed no certificate"))
        }
        let server = KnownServers.name(host: host, port: port)
        let remembered: Fingerprint?
        do throws(KnownServers.Failure) {
            remembered = try known.fingerprint(of: server)
        } catch {
            return .refused(.refused(error.description))
        }
        if presented == remembered { return .trusted(.tlsPinned(fingerprint: presented.description, isFirst: false)) }
        if await isVouchedFor(chain) { return .trusted(.tlsVerified) }
        if let remembered {
            return .refused(
                .changedServer(
                    known: remembered.description, presented: presented.description, remedy: "\(trustCommand) \(presented)"))
        }
        guard Self.isThisMachine(host) else { return .refused(.unknownServer(fingerprint: presented.description)) }
        do throws(KnownServers.Failure) {
            try known.remember(presented, of: server)
        } catch {
            return .refused(.refused(error.description))
        }
        return .trusted(.tlsPinned(fingerprint: presented.description, isFirst: true))
    }

    static func isThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// Whether the system's certificate authorities vouch for this certificate and this host.
    private func isVouchedFor(_ chain: [NIOSSLCertificate]) async -> Bool {
        guard let certificates = try? chain.map({ try Certificate(derEncoded: $0.toDERBytes()) }), let leaf = certificates.first else {
            return false
        }
        // Nobody vouches for what is signed by itself, and loading the system's roots takes its time.
        guard certificates.count > 1 || leaf.issuer != leaf.subject else { return false }
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        var verifier = Verifier(rootCertificates: .systemTrustRoots) {
            RFC5280Policy()
            ServerIdentityPolicy(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(certificates.dropFirst()))
        if case .validCertificate = result { return true }
        return false
    }
}
