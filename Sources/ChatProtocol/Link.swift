/// How the link to the server is protected.
package enum LinkSecurity: Equatable, Sendable {
    /// TLS with a certificate that the system's authorities vouch for.
    case tlsVerified
    /// TLS with a certificate remembered from an earlier visit, or (`isFirst`) seen for the first time.
    case tlsPinned(fingerprint: String, isFirst: Bool)
    case plaintext
}

/// Why there is no link.
package enum LinkFailure: Equatable, Sendable {
    /// Connecting failed or the connection broke; the text says how, for people.
    case lost(String)
    /// Something on this side must be put right first, and trying again would change nothing; the text says what, for people.
    case refused(String)
    /// Never seen before, and not on this machine: the user must confirm the fingerprint.
    case unknownServer(fingerprint: String)
    /// The certificate is not the one remembered.
    case changedServer(known: String, presented: String, remedy: String)
}
