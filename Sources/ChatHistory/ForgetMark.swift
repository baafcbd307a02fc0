import ChatClient
import ChatProtocol

/// By what the file remembers up to when a conversation was forgotten: what the server tells again must not come back, and yet nobody shall
/// read in the file whose conversation that was.
///
/// A mark is shared by one name in ``count``. For the others it means no more than that what is as old, and not kept yet, is not fetched.
enum ForgetMark {
    static let all: Int64 = 0
    static let count: UInt32 = 64

    /// `nil` for what goes from client to client: nobody else has it.
    static func of(_ channel: Channel) -> Int64? {
        switch channel {
        case .everyone: return 1
        case .direct(let name):
            // FNV-1a, folded: the same in every version.
            let hash = name.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            return 2 + Int64((hash ^ hash >> 16) % count)
        case .private: return nil
        }
    }
}
