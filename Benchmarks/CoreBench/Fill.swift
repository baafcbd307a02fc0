import ArgumentParser
import ChatCore
import ChatProtocol
import ChatStoreSQLite

/// Makes the database of a server that has been in use for long.
struct Fill: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fill a new data folder's database.")

    @Argument(help: "The folder.")
    var folder: String

    @Option(help: "How many accounts.")
    var accounts = 100_000

    @Option(help: "How many direct messages, of 100 bytes, spread over all accounts; all of them acknowledged.")
    var messages = 1_000_000

    func run() throws {
        let store = try SQLiteStore(path: folder + "/banter.sqlite")
        let hash = PasswordHash(of: "p", cost: 4).text
        let names = (0..<accounts).map(Sample.name)
        try store.commit(names.map { .account(AccountRecord(name: $0, passwordHash: hash, importedHash: hash)) })
        let perAccount = UInt64(messages / accounts)
        for start in stride(from: 0, to: accounts, by: 1000) {
            var changes: [Change] = []
            for name in names[start..<min(start + 1000, accounts)] {
                for sequence in 1...max(1, perAccount) { changes.append(.direct(Sample.stored(sequence), to: name)) }
                changes.append(.acknowledged(name, through: perAccount, byClient: true))
                changes.append(.sessionOpened(name, nil, at: Sample.now.wall))
                changes.append(.sessionClosed(name, at: Sample.now.wall, isResumable: false))
            }
            try store.commit(changes)
        }
    }
}
