import ChatPeer
import ChatProtocol

/// The screen as it is read aloud: one pane, without frames, and everything in words.
extension Model {
    var isSpoken: Bool { options.settings.accessible }

    /// Which room is shown, and what is unread in the others.
    var spokenTitle: String {
        var words: String
        if focus == .conversations, conversations.indices.contains(active) {
            words = "Conversation \(active + 1) of \(conversations.count): \(spokenName(conversations[active]))"
        } else {
            words = "Everyone"
        }
        let here = focus == .conversations && conversations.indices.contains(active) ? conversations[active].channel : .everyone
        var unread: [String] = []
        if here != .everyone, everyone.log.unread > 0 {
            unread.append("everyone \(everyone.log.unread)" + (everyone.log.hasMention ? " with your name" : ""))
        }
        for room in conversations where room.channel != here && room.log.unread > 0 {
            unread.append("\(spokenName(room)) \(room.log.unread)")
        }
        if !unread.isEmpty { words += ". Unread: " + unread.joined(separator: ", ") }
        return words
    }

    private func spokenName(_ room: Room) -> String {
        (room.partner?.text ?? "everyone") + (room.isPrivate ? " private" : "") + (warning(of: room).isEmpty ? "" : " key changed")
    }

    func spoken(_ name: UserName) -> String {
        var words = [name.text]
        if name == me { words.append("you") }
        words.append(isOnline && (name == me || roster.contains(name)) ? "online" : "not online")
        let unread = unread(from: name)
        if unread > 0 { words.append("\(unread) unread") }
        return words.joined(separator: ", ")
    }

    /// Where the chosen user stands while the list has the focus.
    func chosenRow(_ layout: Layout) -> Int? {
        guard focus == .users, let pane = layout.users, let chosen else { return nil }
        let shown = shownUsers(in: pane, of: users)
        guard let place = users.firstIndex(of: chosen), shown.contains(place) else { return nil }
        return pane.row + place - shown.lowerBound
    }
}
