import ChatProtocol
import NIOCore

/// A connection that is there to be joined to another one.
extension ServerConnection {
    /// Leaves the chat for good, if the ticket is worth it, with everything that came after the request.
    func goToRelay(with ticket: RelayTicket, _ requestID: RequestID?) {
        guard let context else { return }
        noteSpoken()
        let pipeline = context.pipeline.syncOperations
        let end = RelayEnd(id: id, requestID: requestID, isEncrypted: isEncrypted, home: home)
        // Fails when the connection is closed already.
        guard (try? pipeline.addHandler(end, position: .after(self))) != nil else { return }
        let guest = RelayGuest(end, loop: home.loop)
        let verdict = home.relay.arrive(with: ticket, guest, at: .now())
        if case .refused(let status, let other) = verdict {
            pipeline.removeHandler(end, promise: nil)
            other?.run { $0.refuse(status) }
            send(ByteBuffer(bytes: ServerMessage.reply(.relay(status), id: requestID).encoded()))
            close()
            return
        }
        home.left(self, for: end)
        let rest = takeUnread()
        pipeline.removeHandler(self, promise: nil)
        end.begin(with: rest)
        switch verdict {
        case .waits(let pair): end.wait(pair: pair, patience: TimeAmount(home.options.relay.patience))
        case .joins(let first, let splice):
            first.run { $0.join(splice, other: guest, watches: false) }
            end.join(splice, other: first, watches: true)
        case .refused: break
        }
    }
}
