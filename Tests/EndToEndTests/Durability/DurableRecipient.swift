import ChatProtocol
import Foundation
import Testing

/// Receives, acknowledges now and then, and checks what it gets.
struct DurableRecipient {
    /// Messages for one acknowledgement; in between, more than one is on the way when the server dies.
    private static let acknowledged = 5

    let name: String
    let port: UInt16

    /// What was received, in the order in which it came for the first time.
    /// Goes on until all that is confirmed for it is there, once `isComplete` says that nothing more will be.
    func run(_ ledger: Ledger, isComplete: Flag, deadline: Deadline) throws -> [(sequence: UInt64, text: String)] {
        var session = DurableSession(name: name, port: port)
        var received: [(sequence: UInt64, text: String)] = []
        var texts: [UInt64: String] = [:]
        try session.stayConnected(by: deadline, after: { received.last?.sequence }) { client, isResumed in
            let known = received.last?.sequence ?? 0
            while true {
                if isComplete.isSet, received.count >= ledger.count(for: name) { return }
                try Task.checkCancellation()
                if deadline.hasPassed {
                    throw Failure("\(name) has \(received.count) of \(ledger.count(for: name)) confirmed messages at the end")
                }
                switch try client.next(within: 0.1) {
                case .event(.message(_, let text, let receipt)):
                    let sequence = receipt.sequence
                    if isResumed, sequence <= known { throw Failure("\(name) said it had \(known) and got \(sequence) again") }
                    if let old = texts[sequence] {
                        // Not acknowledged when the server died, and a new session cannot say what it has: the place tells.
                        guard old == text else { throw Failure("\(name): place \(sequence) was “\(old)” and is now “\(text)”") }
                        continue
                    }
                    if let last = received.last, sequence < last.sequence {
                        throw Failure("\(name): “\(text)” at \(sequence) came after \(last.sequence)")
                    }
                    received.append((sequence, text))
                    texts[sequence] = text
                    ledger.received(text)
                    if received.count % Self.acknowledged == 0 { try client.send(.ack(through: sequence)) }
                case .event(.ping): try client.send(.pong)
                default: break
                }
            }
        }
        return received
    }
}
