import ChatPeer
import ChatProtocol

/// Rooms: which there are, which is looked at, where text goes.
extension Model {
    /// The room that plain text goes to.
    var channel: Channel {
        guard textPane == .conversations, conversations.indices.contains(active) else { return .everyone }
        return conversations[active].channel
    }

    var room: Room {
        _read {
            if textPane == .conversations, conversations.indices.contains(active) { yield conversations[active] } else { yield everyone }
        }
    }

    /// What `body` finds in the room that plain text goes to, which is not copied: for what is asked with every key.
    func inRoom<Found>(_ body: (Room) -> Found) -> Found {
        textPane == .conversations && conversations.indices.contains(active) ? body(conversations[active]) : body(everyone)
    }

    /// What `body` finds in everyone's room, or else in the conversation that is shown. Neither is copied: this is asked for with every
    /// message that comes.
    func firstInReach<Found>(_ body: (Room) -> Found?) -> Found? {
        if let found = body(everyone) { return found }
        return conversations.indices.contains(active) ? body(conversations[active]) : nil
    }

    /// Changes a room, if it is there.
    @discardableResult
    mutating func with<Result>(_ channel: Channel, _ body: (inout Room) -> Result) -> Result? {
        switch channel {
        case .everyone: return body(&everyone)
        case .direct, .private:
            guard let index = conversations.firstIndex(where: { $0.channel == channel }) else { return nil }
            return body(&conversations[index])
        }
    }

    var layout: Layout {
        var arrangement = arrangement
        if isSpoken { arrangement.isZoomed = true }
        return Layout(
            width: size.width, height: size.height, focus: focus, hasConversations: !conversations.isEmpty, transfers: shownTransfers.count,
            inputRows: inputRows, arrangement: arrangement)
    }

    /// Whether the newest line of a room is before the user's eyes.
    func isSeen(_ room: Room) -> Bool {
        guard screen == .main, hasFocus, editing == nil, help == nil, !room.past.isShown, room.log.isAtEnd else { return false }
        // The bare view shows one room, and that as it was.
        if case .bare = overlay { return false }
        switch room.channel {
        case .everyone: return isShown(.everyone)
        case .direct, .private:
            return isShown(.conversations) && conversations.indices.contains(active) && conversations[active].channel == room.channel
        }
    }

    /// What the layout says, without working it out: this is asked for with every message that comes.
    func isShown(_ pane: Pane) -> Bool {
        switch Layout.shape(width: size.width, height: size.height, isZoomed: arrangement.isZoomed || isSpoken) {
        case .unusable: false
        case .single: focus == pane
        case .full: true
        }
    }

    mutating func markSeen() {
        if everyone.log.unread > 0, isSeen(everyone) { everyone.log.markRead() }
        if conversations.indices.contains(active), conversations[active].log.unread > 0, isSeen(conversations[active]) {
            conversations[active].log.markRead()
        }
    }

    /// The place of the conversation with `name`, which is begun if there is none.
    mutating func conversation(with name: UserName) -> Int { conversation(on: .direct(name)) }

    mutating func conversation(on channel: Channel) -> Int {
        if let index = conversations.firstIndex(where: { $0.channel == channel }) { return index }
        if conversations.count >= Self.conversationBound { dropQuietest() }
        conversations.append(Room(channel))
        return conversations.count - 1
    }

    /// Makes room for one more: of those not shown goes the one in which nothing waits and nothing was said for the longest time.
    private mutating func dropQuietest() {
        func weight(_ room: Room) -> (Int, Int64) {
            let isBusy = room.log.unread > 0 || !room.editor.isEmpty || isInPrivateSession(room.channel)
            return (isBusy ? 1 : 0, room.log.entries.last?.time.milliseconds ?? 0)
        }
        let candidates = conversations.indices.filter { $0 != active }
        guard let index = candidates.min(by: { weight(conversations[$0]) < weight(conversations[$1]) }) else { return }
        removeConversation(at: index)
    }

    /// Keeps the rooms together within ``memoryBound``. Measuring them all takes its time, so that is done after every MiB.
    mutating func boundMemory(growth: Int) {
        unmeasured += growth
        guard unmeasured >= 1 << 20 else { return }
        unmeasured = 0
        var size = conversations.reduce(everyone.log.size) { $0 + $1.log.size }
        guard size > Self.memoryBound else { return }
        func shorten(_ log: inout Log, by count: Int) {
            size -= log.size
            log.drop(count)
            size += log.size
        }
        // The rooms that nobody looks at give all but their last line, first those without anything unread, the quietest first.
        func weight(_ room: Room) -> (Int, Int64) { (room.log.unread > 0 ? 1 : 0, room.log.entries.last?.time.milliseconds ?? 0) }
        let quiet = conversations.indices.filter { $0 != active }.sorted { weight(conversations[$0]) < weight(conversations[$1]) }
        for index in quiet where size > Self.memoryBound && conversations[index].log.entries.count > 1 {
            shorten(&conversations[index].log, by: conversations[index].log.entries.count - 1)
        }
        while size > Self.memoryBound {
            let before = size
            if conversations.indices.contains(active), conversations[active].log.size > everyone.log.size {
                shorten(&conversations[active].log, by: conversations[active].log.entries.count / 2)
            } else {
                shorten(&everyone.log, by: everyone.log.entries.count / 2)
            }
            if size == before { break }
        }
    }

    mutating func removeConversation(at index: Int) {
        conversations.remove(at: index)
        if active > index || active >= conversations.count { active = max(0, active - 1) }
        guard conversations.isEmpty, textPane == .conversations else { return }
        textPane = .everyone
        if focus == .conversations { focus = .everyone }
    }

    // MARK: Moving

    mutating func focus(_ pane: Pane) {
        if pane == .conversations, conversations.isEmpty {
            hint = Hint(
                text: "No conversation yet: /msg NAME opens one, or \(key(.focus(.users))) and Enter",
                short: ["None yet: /msg NAME opens one", "/msg NAME opens one"])
            return
        }
        if pane != .users, pane != textPane { previous = channel }
        focus = pane
        if pane != .users { textPane = pane }
        if pane == .conversations, conversations.indices.contains(active) { conversations[active].isGlimpsed = false }
        if pane == .users, chosen.map({ !users.contains($0) }) ?? true { chosen = users.first { $0 != me } ?? me }
    }

    /// Shows the nth conversation and sends text there.
    mutating func open(_ index: Int) {
        guard conversations.indices.contains(index) else { return }
        if channel != conversations[index].channel { previous = channel }
        conversations[index].isGlimpsed = false
        active = index
        focus = .conversations
        textPane = .conversations
    }

    mutating func open(with name: UserName) { open(conversation(with: name)) }

    mutating func show(_ channel: Channel) {
        switch channel {
        case .everyone: focus(.everyone)
        case .direct, .private:
            if let index = conversations.firstIndex(where: { $0.channel == channel }) { open(index) }
        }
    }

    mutating func step(by count: Int) {
        // The first press from elsewhere goes to the conversation that is shown already.
        if textPane != .conversations || conversations.isEmpty {
            focus(.conversations)
        } else {
            open((active + count + conversations.count) % conversations.count)
        }
    }

    /// Goes to the next room with something unread, mentions first; then to one that was spoken in before the eyes, but not under the hands.
    mutating func openNextUnread() {
        let order = (1...max(1, conversations.count)).map { (active + $0) % max(1, conversations.count) }
        if let index = order.first(where: { conversations.indices.contains($0) && conversations[$0].log.unread > 0 }) {
            open(index)
        } else if everyone.log.unread > 0 {
            focus(.everyone)
        } else if let index = conversations.firstIndex(where: \.isGlimpsed) {
            // Seen beside something else is not answered.
            open(index)
        } else {
            hint = Hint(text: "Nothing unread")
        }
    }

    /// Everyone in the list of users: who is online, the user too, and who is not but has a conversation open.
    var users: [UserName] {
        let offline = Set(conversations.lazy.filter { $0.existence != .none }.compactMap(\.partner).filter { !roster.contains($0) })
        var online = roster.names
        if let me { online.insert(me, at: roster.place(of: me)) }
        return online + offline.sorted()
    }

    func unread(from name: UserName) -> Int {
        conversations.reduce(0) { $0 + ($1.partner == name ? $1.log.unread : 0) }
    }
}
