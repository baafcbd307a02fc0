/// What a user types to have something done. User names and numbers are as typed: the rules judge them.
package enum Command: Equatable, Sendable {
    case message(to: String, text: String)
    case broadcast(String)
    case whoelse
    case whoelsesince(seconds: String)
    case block(String)
    case unblock(String)
    case startprivate(String)
    case `private`(to: String, text: String)
    case stopprivate(String)
    /// Show the safety number; or, confirmed, take it as compared.
    case verify(String, isConfirmed: Bool)
    case acceptkey(String)
    case register(String)
    case withdraw(String)
    case searchfile(String)
    case searchchunk(name: String, chunks: String)
    case download(String)
    /// One chunk, from one person.
    case downloadChunk(from: String, name: String, chunk: String)
    /// List the transfers; or do something with the one of that number.
    case transfers(TransferDeed?, number: String)
    /// Remove what this machine keeps: of a person, of everyone, of `all`; of the conversation at hand if nothing is said.
    case forget(String?, isConfirmed: Bool)
    case passwd(old: String, new: String)
    case logout
    case help
}

/// What can be done with a transfer.
package enum TransferDeed: String, Sendable, CaseIterable { case pause, resume, end }

/// Why a line is no command.
package enum CommandFault: Error, Equatable {
    /// The word that is no command's name.
    case unknown(String)
    /// How the command is written, as in ``CommandTable``.
    case usage(String)
}
