import ChatProtocol

/// Where text goes.
enum Channel: Hashable, Sendable {
    case everyone
    case direct(UserName)
}

/// A conversation, or everyone's: what was said, and the draft of what is about to be.
struct Room: Sendable {
    let channel: Channel
    var log = Log()
    var editor = LineEditor()
    /// The other side has all own messages up to here, in its stream.
    var deliveredThrough: UInt64 = 0
    /// A line that looks like a command without its slash, held back once.
    var heldLine: String?

    init(_ channel: Channel) { self.channel = channel }

    /// The other side; `nil` for everyone's.
    var partner: UserName? { if case .direct(let name) = channel { name } else { nil } }
}
