package import ChatClient
import ChatProtocol
import Glibc

/// The thread that owns the local history. It begins with the first thing to do.
package final class HistoryThread: Sendable {
    private let mailbox = HistoryMailbox()
    private let hasBegun = Locked(false)
    private let folder: String
    private let server: String
    private let tell: @Sendable (HistoryNews) -> Void

    /// - Parameters:
    ///   - folder: the client's data folder, which exists.
    ///   - server: as the trust in servers names it.
    ///   - tell: called on the thread.
    package init(folder: String, server: String, tell: @escaping @Sendable (HistoryNews) -> Void) {
        self.folder = folder
        self.server = server
        self.tell = tell
    }

    /// Never waits. Lines that find no room are dropped, and that is told.
    package func put(_ deed: HistoryDeed) {
        mailbox.put(deed)
        let isFirst = hasBegun.withLock { hasBegun in
            defer { hasBegun = true }
            return !hasBegun
        }
        if isFirst { begin() }
    }

    /// Everything that was put is done when this returns, or it was not possible within three seconds; within a minute, if something is to be
    /// forgotten, which takes long in a large file and must not be left undone in silence.
    package func stop() {
        mailbox.finish()
        guard hasBegun.withLock({ $0 }) else { return }
        mailbox.awaitEnd(until: Moment.now().uptime + (mailbox.isForgetting ? 60 : 3) * Moment.second)
    }

    private final class Life: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private func begin() {
        let life = Life { [mailbox, folder, server, tell] in
            let keeper = HistoryKeeper(folder: folder, server: server)
            while true {
                let batch = mailbox.take()
                keeper.perform(batch, isSearchNeedless: { mailbox.hasSearch }, tell: tell)
                if batch.isLast { break }
            }
            keeper.close()
            mailbox.end()
        }
        var id = pthread_t()
        let result = pthread_create(
            &id, nil,
            { argument in
                if let argument { Unmanaged<Life>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(life).toOpaque())
        precondition(result == 0, "no thread for the history: error \(result)")
        pthread_detach(id)
    }
}
