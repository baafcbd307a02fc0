package import ChatClient
import ChatProtocol
import Glibc

/// The thread that owns the local history. It begins with the first thing to do.
package final class HistoryThread: Sendable {
    /// After so many deeds, and with nothing left to do, memory is given back.
    private static let flood = 4096

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

    private func begin() {
        let id = PlainThread.start { [mailbox, folder, server, tell] in
            let keeper = HistoryKeeper(folder: folder, server: server)
            var isLast = false
            var done = 0
            while !isLast {
                let batch = mailbox.take()
                mailbox.putBack(keeper.perform(batch, isSearchNeedless: { mailbox.hasSearch }, tell: tell))
                isLast = batch.isLast
                done += batch.deeds.count
                // The lines of a flood were all put on the heap before they were written.
                if done >= Self.flood, mailbox.isEmpty {
                    done = 0
                    Heap.giveBack()
                }
            }
            keeper.close()
            mailbox.end()
        }
        pthread_detach(id)
    }
}
