import ChatClient
import ChatProtocol
import ChatTransport
import Dispatch

/// Joins the session, which decides, to the link, which does.
final class Connection: Sendable {
    let mailbox: ClientMailbox
    private let link: ServerLink
    private let wire: Wire

    init(host: String, port: UInt16, isPlaintext: Bool, known: KnownServers, trustCommand: String) {
        let wire = Wire()
        let mailbox = ClientMailbox(onDrained: {
            wire.link.withLock { $0 }?.resumeReading()
            wire.peers.withLock { $0 }?.resumeReading()
        })
        self.mailbox = mailbox
        self.wire = wire
        link = ServerLink(host: host, port: Int(port), isPlaintext: isPlaintext, known: known, trustCommand: trustCommand) { report in
            switch report {
            case .opened(let security): mailbox.put(.session(.linkOpened(security)))
            case .received(let message): mailbox.put(.session(.received(message)))
            case .malformed(let bad): mailbox.put(.session(.malformed(bad.reason)))
            case .closed(let failure): mailbox.put(.session(.linkClosed(failure)))
            }
        }
        wire.link.withLock { [link] in $0 = link }
    }

    /// The link fills the mailbox, and the mailbox must reach the link when it has room again.
    private final class Wire: Sendable {
        let link = Locked<ServerLink?>(nil)
        let peers = Locked<PeerLinks?>(nil)
    }

    /// The links to other clients fill the same mailbox, and end with this connection.
    func join(_ peers: PeerLinks) { wire.peers.withLock { $0 = peers } }

    func perform(_ output: SessionOutput) {
        switch output {
        case .connect: link.connect()
        case .trustAndConnect(let fingerprint):
            do {
                try link.trust(fingerprint)
                link.connect()
            } catch {
                _ = mailbox.put(.session(.linkClosed(.refused("\(error)"))))
            }
        case .disconnect: link.disconnect()
        case .transmit(let frame): link.send(frame.encoded())
        case .tell: break
        }
    }

    /// Flushes what was sent and closes; returns when that is done, or after three seconds.
    func shutDown() {
        let done = DispatchSemaphore(value: 0)
        // The semaphore waits for this task.
        Task { [link, wire] in
            await wire.peers.withLock { $0 }?.shutDown()
            await link.shutDown()
            done.signal()
        }
        _ = done.wait(timeout: .now() + 3)
    }
}
