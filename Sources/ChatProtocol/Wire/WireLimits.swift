/// The sizes that both ends of the wire agree on, in bytes.
package enum WireLimits {
    /// A frame from a client that has logged in.
    package static let frame = 64 * 1024
    /// A frame from a client that has not.
    package static let frameBeforeLogin = 4 * 1024
    /// A frame from the server: a full page of names or of history, with every character escaped.
    package static let frameFromServer = 4 * 1024 * 1024
    /// The text of one message.
    package static let text = 16 * 1024
    /// How deep arrays and objects may nest.
    package static let depth = 16
}
