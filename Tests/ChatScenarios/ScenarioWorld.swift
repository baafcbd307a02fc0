package import ChatProtocol

/// A server that scenarios can be played against: the rules alone, or the real program behind sockets.
///
/// Every scenario gets a fresh world with `Account.all`, empty of everything else, set up as `Scenario.settings` say, where all
/// clients come from 127.0.0.1 and no limit on the rate of requests or on the connections of one address is felt.
package protocol ScenarioWorld {
    /// Opens a connection; a closed one of the same name is forgotten.
    mutating func open(_ connection: String) async throws

    /// Sends the bytes of one frame, without a newline. What is in it may be no request at all.
    mutating func send(_ frame: [UInt8], on connection: String) async throws

    /// The connection is lost without a word.
    mutating func drop(_ connection: String) async throws

    /// Lets time pass: everything that falls due in it, its last millisecond included, happens.
    mutating func advance(milliseconds: Int) async throws

    /// Ends the server at once, as a loss of power would, and starts another on the same store. All connections are gone.
    mutating func restart() async throws

    /// Returns when all that was sent has had its whole effect: passwords checked, changes stored, everything written to the
    /// connections that it concerns.
    mutating func settle() async throws

    /// What has come since it was last asked, in the order of its coming.
    mutating func received(on connection: String) async throws -> [ServerMessage]

    /// Whether the server has closed the connection.
    mutating func isClosed(_ connection: String) async throws -> Bool
}
