package import ChatProtocol

/// What has to be kept of the reply to a message that was taken.
package struct KeptReply: Sendable {
    /// Of a broadcast: who got it, and who has blocked the sender.
    package struct Audience: Sendable {
        package var sent: Int32
        package var blocked: Int32

        package init(sent: Int32, blocked: Int32) {
            self.sent = sent
            self.blocked = blocked
        }
    }

    package let receipt: Reply.Receipt
    package let audience: Audience?

    package init(receipt: Reply.Receipt, audience: Audience?) {
        self.receipt = receipt
        self.audience = audience
    }

    /// `nil` for a refusal: what was not taken may be tried again.
    package init?(_ reply: Reply) {
        switch reply {
        case .message(.success, let receipt?): self.init(receipt: receipt, audience: nil)
        case .broadcast(let sent, let blocked, nil, let receipt?):
            self.init(receipt: receipt, audience: Audience(sent: Int32(clamping: sent), blocked: Int32(clamping: blocked)))
        default: return nil
        }
    }

    package var reply: Reply {
        guard let audience else { return .message(.success, receipt) }
        return .broadcast(sent: Int(audience.sent), blocked: Int(audience.blocked), receipt)
    }
}
