import ChatProtocol

/// The list of everybody online that a client is given at login, encoded once for many logins: what it was a while ago, and
/// who came since.
///
/// It follows the actions of the rules, so it is always as far as they have been carried out.
struct PresenceList {
    /// How many may come before the list is encoded anew. Each login pays for those at most.
    private static let mostNew = 256
    private static let pieceLength = 1000

    private var names: [UserName] = []
    private var places: [UserName: Int] = [:]
    /// The first names, encoded; the names of a list never move within it.
    private var encoded: [UInt8] = []
    private var encodedCount = 0

    mutating func note(_ name: UserName, isOnline: Bool) {
        if isOnline {
            guard places.updateValue(names.count, forKey: name) == nil else { return }
            names.append(name)
        } else {
            guard let place = places.removeValue(forKey: name) else { return }
            let last = names.removeLast()
            if place < names.count {
                names[place] = last
                places[last] = place
            }
            // Who is in the encoded part cannot be taken out of it, nor moved into it.
            guard place < encodedCount else { return }
            encodedCount = 0
            encoded = []
        }
    }

    /// Appends the list for `name`, who is not in it.
    mutating func append(for name: UserName, to bytes: inout [UInt8]) {
        if names.count - encodedCount > Self.mostNew { encode(except: name) }
        if let place = places[name], place < encodedCount {
            // It goes on over another connection, or came back at once.
            Self.encode(names.filter { $0 != name }, isReset: true, into: &bytes)
            return
        }
        bytes.append(contentsOf: encoded)
        let rest = names[encodedCount...].filter { $0 != name }
        if encodedCount == 0 || !rest.isEmpty { Self.encode(rest, isReset: encodedCount == 0, into: &bytes) }
    }

    private mutating func encode(except name: UserName) {
        // The one who asks goes to the end, outside of what is encoded.
        if let place = places[name], place < names.count - 1 {
            let last = names.count - 1
            names.swapAt(place, last)
            places[names[place]] = place
            places[name] = last
        }
        encodedCount = names.count - 1
        encoded = []
        Self.encode(Array(names[..<encodedCount]), isReset: true, into: &encoded)
    }

    private static func encode(_ names: [UserName], isReset: Bool, into bytes: inout [UInt8]) {
        var start = 0
        repeat {
            let end = min(start + pieceLength, names.count)
            let piece = Event.Presence(online: Array(names[start..<end]), isList: true, isReset: isReset && start == 0)
            ServerMessage.event(.presence(piece)).encode(into: &bytes)
            start = end
        } while start < names.count
    }
}
