import ChatClient
import ChatProtocol

/// Carries out what the user's side wants of the history, and what is to be done when the disk does not play along: whatever it is, it is said
/// once, and the client goes on without.
final class HistoryKeeper {
    /// Lines in one transaction. What waits behind it, such as a search, should not wait long.
    private static let transaction = 4000
    /// How long the file is waited for that another program has, in milliseconds; and how long once that was in vain.
    private static let (patience, impatience): (Int32, Int32) = (2000, 100)

    private let folder: String
    private let server: String
    private var account: UserName?
    private var store: HistoryStore?
    /// What has been told already and would be true again.
    private var hasToldBusy = false
    private var hasToldDropped = false
    /// Another program has the file, and these lines are for when it lets go.
    private var held: [HistoryDeed] = []
    private var isBusy = false

    init(folder: String, server: String) {
        self.folder = folder
        self.server = server
    }

    /// - Parameter isSearchNeedless: whether a later search waits.
    /// - Returns: what is to be done once more after a while, as another program had the file.
    func perform(
        _ batch: HistoryMailbox.Batch, isSearchNeedless: @escaping () -> Bool, tell: (HistoryNews) -> Void
    ) -> [HistoryDeed] {
        // Who types does not wait for a file again that was waited for in vain.
        store?.database.setPatience(isBusy && !batch.isLast ? Self.impatience : Self.patience)
        isBusy = false
        var writes: [HistoryDeed] = []
        for deed in batch.deeds {
            switch deed {
            case .write, .delivered, .missed, .filled:
                writes.append(deed)
                if writes.count >= Self.transaction { write(&writes, tell) }
            case .open(let account, let bounds):
                write(&writes, tell)
                open(account, bounds, tell)
            case .page(let request):
                write(&writes, tell)
                let page = attempt(tell) { store throws(Database.Failure) in try store.page(request) }
                tell(.page(request, page ?? HistoryPage(lines: [], isFirst: true, isLast: true)))
            case .search(let search):
                write(&writes, tell)
                self.search(search, isSearchNeedless, tell)
            case .forget(let channel, let account, let time, let ticket):
                write(&writes, tell)
                tell(.forgotten(ticket, forget(channel, of: account, through: time)))
            }
        }
        write(&writes, tell)
        if batch.dropped > 0, store != nil, !hasToldDropped {
            hasToldDropped = true
            tell(.notice("More was said than the disk took in time: \(batch.dropped) lines are not in the local history yet"))
        }
        defer { held = [] }
        return held
    }

    /// Brings everything into the one file.
    func close() { store = nil }

    // MARK: Deeds

    private func open(_ account: UserName, _ bounds: RestoreBounds, _ tell: (HistoryNews) -> Void) {
        if self.account != account {
            store = nil
            // They are not this one's.
            held = []
        }
        self.account = account
        if store == nil { store = opened(tell) }
        guard store != nil else { return }
        let restored = attempt(tell) { store throws(Database.Failure) in try store.restore(account, bounds) }
        // Found to be damaged, it is empty now.
        if store != nil { tell(.restored(restored ?? .init(account: account, rooms: []))) }
    }

    private func write(_ writes: inout [HistoryDeed], _ tell: (HistoryNews) -> Void) {
        guard !writes.isEmpty else { return }
        let deeds = writes
        writes = []
        if !isBusy { attempt(tell) { store throws(Database.Failure) in try store.write(deeds) } }
        if isBusy { held += deeds }
    }

    private func search(_ search: HistorySearch, _ isNeedless: @escaping () -> Bool, _ tell: (HistoryNews) -> Void) {
        guard !isNeedless() else { return }
        let found = attempt(tell) { store throws(Database.Failure) in try store.search(search, isNeedless: isNeedless) }
        if let found {
            tell(.found(search, found.lines, isAll: found.isAll))
        } else if !isNeedless() {
            tell(.found(search, [], isAll: true))
        }
    }

    /// Works without an open history too: what is there may be wanted away while nothing is kept.
    private func forget(_ channel: Channel?, of account: UserName, through time: Timestamp) -> HistoryForgotten {
        do throws(HistoryFailure) {
            var other: HistoryStore?
            if self.account != account || store == nil { other = try HistoryStore(path: path(of: account)) }
            guard let store = other ?? store else { return .lines(0) }
            do throws(Database.Failure) {
                let count = try store.forget(channel, through: time)
                if channel == nil { HistoryFile.removeDamaged(path(of: account)) }
                return .lines(count)
            } catch {
                throw .database(error)
            }
        } catch {
            return .failed(error.words)
        }
    }

    // MARK: Failures

    private func path(of account: UserName) -> String { HistoryFile.path(in: folder, server: server, account: account.text) }

    /// Opens the history of the account; one that is damaged is put aside for a new one.
    private func opened(_ tell: (HistoryNews) -> Void) -> HistoryStore? {
        guard let account else { return nil }
        let path = path(of: account)
        do throws(HistoryFailure) {
            do throws(HistoryFailure) {
                return try HistoryStore(path: path)
            } catch {
                guard case .database(let failure) = error, failure.isDamage else { throw error }
                let place = try HistoryFile.moveAside(path)
                tell(.notice("The local history was damaged. It is now \(place), and a new one begins"))
                return try HistoryStore(path: path)
            }
        } catch {
            tell(.lost("There is no local history in this run: \(error.words)"))
            return nil
        }
    }

    /// Does something with the history; `nil` if that was not to be.
    @discardableResult
    private func attempt<Result>(
        _ tell: (HistoryNews) -> Void, _ body: (HistoryStore) throws(Database.Failure) -> Result
    ) -> Result? {
        guard let store else { return nil }
        do throws(Database.Failure) {
            return try body(store)
        } catch {
            // A later search waits.
            if error.isInterrupt { return nil }
            if error.isBusy {
                if !hasToldBusy { tell(.notice("Another program holds the local history: what is said waits until it lets go")) }
                hasToldBusy = true
                isBusy = true
                return nil
            }
            self.store = nil
            if error.isDamage {
                self.store = renewed(tell)
            } else {
                tell(.lost("The local history ends here, in this run: \(error.words)"))
            }
            return nil
        }
    }

    /// A new history in place of one that was found to be damaged while it was used.
    private func renewed(_ tell: (HistoryNews) -> Void) -> HistoryStore? {
        guard let account else { return nil }
        do throws(HistoryFailure) {
            let place = try HistoryFile.moveAside(path(of: account))
            let store = try HistoryStore(path: path(of: account))
            tell(.notice("The local history is damaged. It is now \(place), and a new one begins"))
            return store
        } catch {
            tell(.lost("The local history is damaged, and there is no other: \(error.words)"))
            return nil
        }
    }
}
