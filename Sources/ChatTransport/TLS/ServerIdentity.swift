package import NIOSSL

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
        do throws(KeyPair.Failure) {
            _ = try KeyPair(certificate: certificate, privateKey: privateKey, commonName: "banterd", hostName: "localhost")
        } catch {
            throw Failure(description: error.description)
        }
        try self.init(certificate: certificate, privateKey: privateKey)
    }
}
