import Crypto
import FoundationEssentials
import Glibc
import NIOSSL
import SwiftASN1
import X509

/// A P-256 key and a self-signed certificate for it, kept in two PEM files of which nobody but their owner can read any.
///
/// Whoever meets it knows it by a hash, so that its name and its dates mean little.
struct KeyPair {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// DER of SubjectPublicKeyInfo.
    let publicKeyInfo: [UInt8]

    /// Makes what is not there. A key is never replaced; a lost certificate is made anew for its key.
    init(certificate: String, privateKey: String, commonName: String, hostName: String? = nil) throws(Failure) {
        do {
            if access(privateKey, F_OK) != 0 {
                guard access(certificate, F_OK) != 0 else {
                    throw Failure(description: "\(privateKey) is missing; put it back, or remove \(certificate) too for a new pair")
                }
                // Another process may make one at the same moment: the first stays, and both use it.
                try Self.write(P256.Signing.PrivateKey().pemRepresentation + "\n", to: privateKey, replacing: false)
            }
            let key = try P256.Signing.PrivateKey(pemRepresentation: Self.read(privateKey))
            if access(certificate, F_OK) != 0 {
                try Self.write(Self.certificate(for: key, commonName, hostName), to: certificate, replacing: true)
            }
            publicKeyInfo = Array(key.publicKey.derRepresentation)
            guard let leaf = try NIOSSLCertificate.fromPEMFile(certificate).first,
                try leaf.extractPublicKey().toSPKIBytes() == publicKeyInfo
            else { throw Failure(description: "\(certificate) is not for the key in \(privateKey); remove it and it is made anew") }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "cannot use \(certificate) with \(privateKey): \(error)")
        }
    }

    private static func certificate(for key: P256.Signing.PrivateKey, _ commonName: String, _ hostName: String?) throws -> String {
        let name = try DistinguishedName { CommonName(commonName) }
        let now = Date()
        let extensions = try Certificate.Extensions {
            if let hostName { SubjectAlternativeNames([.dnsName(hostName)]) }
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: now - 86_400, notValidAfter: now + 100 * 366 * 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: .init(key))
        return try certificate.serializeAsPEM().pemString + "\n"
    }

    private static func read(_ path: String) throws(Failure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { Glibc.close(descriptor) }
        // Whoever copied the file may have forgotten about its mode.
        fchmod(descriptor, 0o600)
        var bytes = [UInt8](repeating: 0, count: 16 * 1024)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw failure("read", path) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes a file that only its owner can read; an interrupted write leaves none.
    private static func write(_ text: String, to path: String, replacing: Bool) throws(Failure) {
        let temporary = "\(path).\(getpid())"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        defer { unlink(temporary) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        let isComplete = bytes.isEmpty && fsync(descriptor) == 0
        Glibc.close(descriptor)
        guard isComplete else { throw failure("write", temporary) }
        let isThere = replacing ? rename(temporary, path) == 0 : link(temporary, path) == 0 || errno == EEXIST
        guard isThere else { throw failure("write", path) }
    }

    private static func failure(_ deed: String, _ path: String) -> Failure {
        Failure(description: "cannot \(deed) \(path): \(String(cString: strerror(errno)))")
    }
}
