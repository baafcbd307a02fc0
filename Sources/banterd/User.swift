import ArgumentParser
import ChatCore
import ChatProtocol
import ChatStoreSQLite
import Foundation
import Glibc

/// `banterd user`: accounts without the credentials file.
struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage accounts; a running server takes the change over at once.",
        subcommands: [Add.self, Remove.self, Passwd.self, List.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an account; asks for its password.")
        @Argument(help: "1 to 32 of A-Z a-z 0-9 _ . -") var name: String
        @OptionGroup var folder: DataFolderOptions
        @OptionGroup var cost: CostOptions

        func run() throws {
            try Accounts.change(folder, name, isNew: true) { known, name in
                guard known == nil else {
                    throw Accounts.Failure(description: "\(name) exists already; to change the password: banterd user passwd \(name)")
                }
                let password = try NewPassword.ask()
                return .account(AccountRecord(name: name, passwordHash: PasswordHash(of: password, cost: cost.passwordCost).text))
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an account with its messages and blocks.",
            discussion: "A line for it in the credentials file brings it back when that file is next changed.")
        @Argument var name: String
        @OptionGroup var folder: DataFolderOptions

        func run() throws {
            try Accounts.change(folder, name) { known, name in
                guard known != nil else { throw Accounts.Failure(description: "there is no account \(name)") }
                return .removeAccount(name)
            }
        }
    }

    struct Passwd: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give an account a new password.")
        @Argument var name: String
        @OptionGroup var folder: DataFolderOptions
        @OptionGroup var cost: CostOptions

        func run() throws {
            try Accounts.change(folder, name) { known, name in
                guard known != nil else { throw Accounts.Failure(description: "there is no account \(name)") }
                return .password(name, hash: PasswordHash(of: try NewPassword.ask(), cost: cost.passwordCost).text)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts: name, last seen (UTC), unread messages.")
        @OptionGroup var folder: DataFolderOptions

        func run() throws {
            let accounts = try Accounts.open(folder, isNew: false).store.load().accounts
            for account in accounts.sorted(by: { $0.record.name < $1.record.name }) {
                let seen = account.closed ?? account.opened
                let words = seen.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1000).ISO8601Format() } ?? "never"
                print("\(account.record.name)\t\(words)\t\(account.lastSequence - min(account.acknowledged, account.lastSequence))")
            }
        }
    }
}

struct CostOptions: ParsableArguments {
    @Option(help: "log2 of scrypt's N, 4 to 20.")
    var passwordCost = PasswordHash.recommendedCost

    func validate() throws {
        guard PasswordHash.costs.contains(passwordCost) else { throw ValidationError("--password-cost is 4 to 20.") }
    }
}

/// The database of accounts, as the subcommands use it.
private enum Accounts {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter isNew: whether a database may be made if there is none.
    static func open(_ options: DataFolderOptions, isNew: Bool) throws -> (store: SQLiteStore, folder: DataFolder) {
        let folder = try DataFolder(options)
        guard isNew || access(folder.database, F_OK) == 0 else {
            throw Failure(description: "there are no accounts in \(folder.path); name the server's folder with --data")
        }
        return (try SQLiteStore(path: folder.database, isInUse: folder.runningServer != nil), folder)
    }

    /// Makes one change to the account `text`, and tells the server if it runs.
    static func change(
        _ options: DataFolderOptions, _ text: String, isNew: Bool = false, _ change: (StoredState.StoredAccount?, UserName) throws -> Change
    ) throws {
        guard let name = UserName(text) else { throw Failure(description: "a name has 1 to 32 of A-Z a-z 0-9 _ . -") }
        let (store, folder) = try open(options, isNew: isNew)
        let known = try store.load().accounts.first { $0.record.name == name }
        try store.commit([try change(known, name)])
        if let server = folder.runningServer { kill(server, SIGHUP) }
    }
}

/// A password from the terminal, asked twice and not shown; or the first line of standard input.
private enum NewPassword {
    static func ask() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try checked(readLine() ?? "") }
        let first = try checked(prompt("New password: "))
        guard prompt("Again: ") == first else { throw Accounts.Failure(description: "the two differ; nothing was changed") }
        return first
    }

    private static func prompt(_ text: String) -> String { getpass(text).map { String(cString: $0) } ?? "" }

    private static func checked(_ password: String) throws -> String {
        guard PasswordHash.isAcceptable(password), !password.contains(where: \.isWhitespace) else {
            throw Accounts.Failure(description: "a password has 1 to 1024 bytes and no white space; nothing was changed")
        }
        return password
    }
}
