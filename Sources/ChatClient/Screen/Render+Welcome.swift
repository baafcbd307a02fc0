/// What somebody who sees this for the first time needs: how to move, how to send, how to get help.
extension Model {
    /// Three lines that are whole in so many columns.
    func welcome(width: Int) -> [String] {
        let (everyone, conversation, users) = (key(.focus(.everyone)), key(.focus(.conversations)), key(.focus(.users)))
        let help = key(.help)
        return [
            Wording.fitting(
                width,
                [
                    "\(everyone) everyone · \(conversation) conversation · \(users) users: where text goes",
                    "\(everyone) everyone · \(conversation) talk · \(users) users", "\(everyone) \(conversation) \(users): move",
                ]),
            Wording.fitting(
                width,
                [
                    "/msg NAME opens a conversation · \(key(.complete)) completes · Enter sends",
                    "Enter sends to everyone · /msg NAME: to one person", "Enter sends · /msg NAME: to one", "Enter: send",
                ]),
            Wording.fitting(
                width,
                ["\(help) shows all keys and commands", "\(help) all keys, commands", "\(help): help"]),
        ]
    }

    /// Where there is no pane for it, the welcome stands below what was said before, until the first key or word.
    var welcomesInRoom: Bool {
        guard let freshSince, layout.shape == .single, channel == .everyone, conversations.isEmpty else { return false }
        return !everyone.log.entries.contains { $0.speaker != nil && $0.time >= freshSince }
    }
}
