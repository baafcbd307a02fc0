import ChatProtocol

/// What came where the user does not look.
extension Model {
    /// How many messages are unread in rooms that are not shown, and whether one of them is for the user: direct, or with the name.
    var unreadElsewhere: (count: Int, isForMe: Bool) {
        let layout = layout
        var count = 0
        var isForMe = false
        if everyone.log.unread > 0, help != nil || layout.everyone == nil {
            count += everyone.log.unread
            isForMe = everyone.log.hasMention
        }
        for (index, room) in conversations.enumerated() where room.log.unread > 0 {
            guard help != nil || layout.conversation == nil || index != active else { continue }
            count += room.log.unread
            isForMe = true
        }
        return (count, isForMe)
    }

    /// Says so at the end of the top row; returns the column where that begins.
    func drawUnread(before end: Int, in frame: inout Frame) -> Int? {
        let (count, isForMe) = unreadElsewhere
        guard count > 0 else { return nil }
        // With a sign for what is for the user alone.
        let sign = isForMe ? "@" : ""
        let number = count < 1000 ? "\(count)" : "999+"
        let versions = [
            " \(sign)\(number) unread · \(key(.nextUnread)) goes there ", " \(sign)\(number) unread · \(key(.nextUnread)) ",
            " \(sign)\(number) new ",
            " \(sign)\(number)",
        ]
        let words = Wording.fitting(max(0, end - Self.leastForTitle), versions)
        let column = max(0, end - DisplayWidth.cells(words))
        frame.put(words, row: 0, column: column, style: options.theme.unread, limit: end)
        return column
    }

    /// ` Everyone `
    private static let leastForTitle = 10

    /// How much is unread in conversations that the strip has no tab for.
    func unread(outside tabs: TabStrip) -> Int {
        let shown = Set(tabs.tabs.map(\.index))
        return conversations.indices.reduce(0) { $0 + (shown.contains($1) ? 0 : conversations[$1].log.unread) }
    }
}
