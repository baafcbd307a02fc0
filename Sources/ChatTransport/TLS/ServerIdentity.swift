import Crypto
import FoundationEssentials
import Glibc
package import NIOSSL
import SwiftASN1
import X509

/// The server's certificate and key: the administrator's, or a self-signed pair made on the first start and kept.
package struct ServerIdentity: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let context: NIOSSLContext
    package let fingerprint: Fingerprint

    /// Loads a certificate chain and its key from PEM files.
    package init(certificate: String, privateKey: String) throws(Failure) {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            guard let leaf = chain.first else { throw Failure(description: "\(certificate) holds no certificate") }
            let key = try NIOSSLPrivateKey(file: privateKey, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv13
            context = try NIOSSLContext(configuration: configuration)
            fingerprint = try Fingerprint(leaf)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                description:
                    "cannot use the certificate \(certificate) with the key \(privateKey): both must be PEM files that belong together (\(error))"
            )
        }
    }

    /// Loads the pair kept in `folder`, or makes one.
    package init(folder: String) throws(Failure) {
        let certificate = folder + "/certificate.pem"
        let privateKey = folder + "/key.pem"
        if access(certificate, F_OK) != 0 || access(privateKey, F_OK) != 0 {
            do {
                let pair = try Self.makePair()
                try Self.write(pair.key, to: privateKey)
                try Self.write(pair.certificate, to: certificate)
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(description: "cannot make a certificate: \(error)")
            }
        }
        try self.init(certificate: certificate, privateKey: privateKey)
    }

    /// A P-256 key and a certificate for it, in PEM. Clients know it by its fingerprint, so its name and dates mean little.
    private static func makePair() throws -> (certificate: String, key: String) {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("banterd") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: now - 86_400, notValidAfter: now + 100 * 366 * 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions { SubjectAlternativeNames([.dnsName("localhost")]) },
            issuerPrivateKey: .init(key))
        return (try certificate.serializeAsPEM().pemString + "\n", key.pemRepresentation + "\n")
    }

    /// Writes a file that only its owner can read; an interrupted write leaves none.
    private static func write(_ text: String, to path: String) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "cannot write \(temporary): \(String(cString: strerror(errno)))") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        let isComplete = bytes.isEmpty && fsync(descriptor) == 0
        Glibc.close(descriptor)
        guard isComplete, rename(temporary, path) == 0 else {
            throw Failure(description: "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
