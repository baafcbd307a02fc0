import ChatProtocol
import Foundation
import Testing

/// Sends numbered messages to each of its recipients in turn, a few at a time without waiting, and sends again with the same key
/// whatever was not confirmed when the connection broke.
struct DurableSender {
    /// Messages in all; a quick machine shall not fill its memory.
    private static let most = FaultReport.size(20_000, long: 500_000)

    let name: String
    let port: UInt16
    let recipients: [String]
    /// Messages that may be on their way at a time.
    var window = 8

    private struct Unconfirmed {
        var number: Int
        var recipient: String
        var text: String
    }

    /// Goes on until `isStopping`, and then until everything sent is confirmed.
    func run(_ ledger: Ledger, isStopping: Flag, deadline: Deadline) throws {
        var session = DurableSession(name: name, port: port)
        var waiting: [Unconfirmed] = []
        var number = 0
        try session.stayConnected(by: deadline, after: { nil }) { client, _ in
            for message in waiting { try send(message, to: client) }
            while true {
                while !isStopping.isSet, waiting.count < window, number < Self.most {
                    number += 1
                    let message = Unconfirmed(
                        number: number, recipient: recipients[number % recipients.count], text: "\(name) \(number)")
                    waiting.append(message)
                    ledger.sent(message.text)
                    try send(message, to: client)
                }
                if waiting.isEmpty {
                    if isStopping.isSet { return }
                    usleep(10_000)
                    continue
                }
                try Task.checkCancellation()
                if deadline.hasPassed { throw Failure("\(name) has unconfirmed messages at the end: \(waiting.map(\.text))") }
                try takeReply(from: client, &waiting, ledger)
            }
        }
    }

    private func send(_ message: Unconfirmed, to client: RawClient) throws {
        try client.send(
            .message(to: UserName(message.recipient), text: message.text, key: MessageKey("\(name)-\(message.number)")),
            id: Int64(message.number))
    }

    private func takeReply(from client: RawClient, _ waiting: inout [Unconfirmed], _ ledger: Ledger) throws {
        switch try client.next(within: Deadline.patience) {
        case .reply(.message(.success, let receipt), let id):
            guard let receipt, let index = waiting.firstIndex(where: { RequestID(Int64($0.number)) == id }) else {
                throw Failure("\(name): a confirmation of nothing, id \(String(describing: id))")
            }
            let message = waiting.remove(at: index)
            if let other = ledger.confirm(message.text, to: message.recipient, at: receipt.sequence) {
                throw Failure("place \(receipt.sequence) of \(message.recipient) is confirmed for “\(other)” and for “\(message.text)”")
            }
        case .reply(.refused(_, .unavailable), let id):
            guard let message = waiting.first(where: { RequestID(Int64($0.number)) == id }) else {
                throw Failure("\(name): a refusal of nothing, id \(String(describing: id))")
            }
            ledger.refused()
            // Later, and not at the pace at which a server can say no.
            usleep(50_000)
            try send(message, to: client)
        case .reply(.message(.mailboxFull, _), let id):
            // Whoever is killed again and again may fall so far behind. Nobody was told that he has it, and it is not sent again.
            waiting.removeAll { RequestID(Int64($0.number)) == id }
            ledger.refused()
            usleep(50_000)
        case .event(.ping): try client.send(.pong)
        case .event: break
        case nil: throw Failure("\(name): no reply from a server that holds the connection")
        case let other?: throw Failure("\(name): unexpected \(other)")
        }
    }
}
