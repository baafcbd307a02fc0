import ChatClient
import ChatProtocol

/// By what the file remembers up to when a conversation was forgotten: what the server tells again must not come back, and yet nobody shall
/// read in the file whose conversation that was.
///
/// So the name is in it as six bits alone, which one name in ``count`` shares. A room that was in the file then, and still is, was not
/// the forgotten one, for that was removed: it is let alone. For the other names with these bits it means no more than that what is as old,
/// and not kept yet, is not fetched.
struct ForgetMark: Equatable {
    /// Whose it may be: ``all``, or what ``number(of:)`` gives.
    let number: Int64
    /// In milliseconds: what is as old as this stays forgotten.
    var through: Int64
    /// Rooms up to this one were there and are let alone. No room gets the number of a removed one.
    var rooms: Int64

    static let all: Int64 = 0
    static let count: UInt32 = 64

    /// `nil` for what goes from client to client: nobody else has it.
    static func number(of channel: Channel) -> Int64? {
        switch channel {
        case .everyone: return 1
        case .direct(let name):
            // FNV-1a, folded: the same in every version.
            let hash = name.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            return 2 + Int64((hash ^ hash >> 16) % count)
        case .private: return nil
        }
    }

    /// - Parameters:
    ///   - number: that of a conversation, as ``number(of:)`` gives it.
    ///   - room: where the conversation is stored; `nil` if nothing of it is.
    func covers(_ number: Int64?, in room: Int64?) -> Bool {
        self.number == Self.all || self.number == number && room ?? .max > rooms
    }

    /// Whether `later` makes this one needless, of all `numbers` of rooms that share it: the same stays forgotten without it.
    func isNeedless(beside later: ForgetMark, sharing numbers: [Int64]) -> Bool {
        number == later.number && through <= later.through && !numbers.contains { $0 > rooms && $0 <= later.rooms }
    }
}
