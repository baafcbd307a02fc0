import Testing

/// People who send and people who receive while something happens to their server, and what became of their messages.
struct DurableLoad {
    /// Direct messages of one recipient in the order in which they came.
    typealias Inbox = [(sequence: UInt64, text: String)]

    struct Outcome {
        var ledger: Ledger
        var inboxes: [String: Inbox]

        /// Texts that were confirmed and never came.
        var lost: [String] {
            inboxes.flatMap { name, inbox in
                let bySequence = Dictionary(inbox.map { ($0.sequence, $0.text) }, uniquingKeysWith: { first, _ in first })
                return ledger.confirmed(for: name).filter { bySequence[$0.key] != $0.value }.values
            }
        }

        /// How many came twice.
        var duplicated: Int { inboxes.values.reduce(0) { $0 + $1.count - Set($1.map(\.text)).count } }

        /// How many came after a later one of the same sender.
        var outOfOrder: Int { inboxes.values.reduce(0) { $0 + DurableLoad.inversions($1.map(\.text)) } }

        func check(at place: SourceLocation = #_sourceLocation) {
            #expect(lost.isEmpty, "confirmed and lost: \(lost.sorted().prefix(10))", sourceLocation: place)
            #expect(duplicated == 0, "came twice", sourceLocation: place)
            #expect(outOfOrder == 0, "came out of order", sourceLocation: place)
        }

        func describe(in report: inout FaultReport) {
            report.note("confirmed", ledger.count)
            report.note("lost", lost.count)
            report.note("duplicated", duplicated)
            report.note("out of order", outOfOrder)
            report.note("delay", ledger.delays)
        }
    }

    var senders = ["hans", "yoda", "luke"]
    var recipients = ["vader", "leia", "chewy"]
    /// People to whom is sent too, and who are somebody else's concern.
    var others: [String] = []
    /// Messages of one sender on their way at a time. What is refused is sent again, so more than one may overtake each other then.
    var window = 8
    /// Seconds after which everything is given up.
    var limit = 150.0

    /// Goes on for as long as `body` runs, and then until everything sent is confirmed and has come.
    func run(on server: ServerProcess, during body: (Ledger) throws -> Void) async throws -> Outcome {
        let (port, ledger) = (server.port, Ledger())
        let (isStopping, isComplete) = (Flag(false), Flag(false))
        let deadline = Deadline.after(limit)
        var inboxes: [String: Inbox] = [:]
        try await withThrowingTaskGroup(of: (String, Inbox).self) { receiving in
            for name in recipients {
                receiving.addTask {
                    let recipient = DurableRecipient(name: name, port: port)
                    return (name, try ledger.watch { try recipient.run(ledger, isComplete: isComplete, deadline: deadline) })
                }
            }
            // However this ends, the others do too.
            defer { isComplete.isSet = true }
            try await withThrowingTaskGroup(of: Void.self) { sending in
                let (targets, window) = (recipients + others, window)
                for name in senders {
                    sending.addTask {
                        let sender = DurableSender(name: name, port: port, recipients: targets, window: window)
                        try ledger.watch { try sender.run(ledger, isStopping: isStopping, deadline: deadline) }
                    }
                }
                defer { isStopping.isSet = true }
                try body(ledger)
                isStopping.isSet = true
                try await sending.waitForAll()
            }
            isComplete.isSet = true
            for try await (name, inbox) in receiving { inboxes[name] = inbox }
        }
        return Outcome(ledger: ledger, inboxes: inboxes)
    }

    /// How many of these texts, which end with their sender and a number, come after a later one of the same sender.
    static func inversions(_ texts: [String]) -> Int {
        var last: [Substring: Int] = [:]
        return texts.count { text in
            let words = text.split(separator: " ").suffix(2)
            guard let sender = words.first, let number = words.last.flatMap({ Int($0) }) else { return true }
            defer { last[sender] = max(last[sender] ?? 0, number) }
            return number <= last[sender] ?? 0
        }
    }

    /// Until more is confirmed than now.
    static func awaitProgress(of ledger: Ledger, within seconds: Double = Deadline.patience) throws {
        let before = ledger.count
        try eventually("messages are confirmed again", within: seconds) {
            try ledger.check()
            return ledger.count > before
        }
    }
}
