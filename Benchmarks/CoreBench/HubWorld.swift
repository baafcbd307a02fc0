import ChatCore
import ChatProtocol
import Logging

/// The Hub over a store in memory, with everyone logged in: user 0 talks, and what it delivers goes nowhere.
final class HubWorld {
    private var hub: Hub
    private var number = 0
    /// What each user of the first half says to one of the second.
    private let frames: [RequestFrame]

    init(users: Int, dialect: Dialect) throws {
        frames = (0..<users / 2).map { RequestFrame(.message(to: Sample.name($0 + users / 2), text: Sample.text, key: nil)) }
        let store = MemoryStore()
        let hash = PasswordHash(of: "p", cost: 4).text
        try store.commit((0..<users).map { .account(AccountRecord(name: Sample.name($0), passwordHash: hash)) })
        let mailbox = Mailbox<HubInput>()
        let ports = Hub.Ports(
            store: store, passwords: PasswordPool(cost: 4, width: 1), mailbox: mailbox, deliver: { _ in }, clock: { Sample.now },
            newToken: {
                var generator = SystemRandomNumberGenerator()
                return ResumeToken.random(using: &generator)
            },
            log: Logger(label: "hub") { _ in SwiftLogNoOpLogHandler() })
        hub = Hub(state: ChatState(try store.load(), settings: ChatSettings(), at: Sample.now), ports: ports)
        for user in 0..<users {
            let id = ConnectionID(rawValue: UInt64(user))
            let login = Request.Login(name: Sample.name(user), password: "p", dialect: dialect)
            hub.turn([.opened(id, address: "127.0.0.1"), .received(.request(RequestFrame(.login(login))), from: id)], at: Sample.now)
            var verdict: [HubInput] = []
            mailbox.take(into: &verdict, until: nil)
            hub.turn(verdict, at: Sample.now)
        }
    }

    /// A turn of so many messages to user 1, which acknowledges those before.
    func direct(_ count: Int) {
        var inputs: [HubInput] = []
        if number > 0 {
            inputs.append(.received(.request(RequestFrame(.ack(through: UInt64(number)))), from: ConnectionID(rawValue: 1)))
        }
        for _ in 0..<count {
            inputs.append(.received(.request(Sample.frames[number % Sample.frames.count]), from: ConnectionID(rawValue: 0)))
            number += 1
        }
        hub.turn(inputs, at: Sample.now)
    }

    /// A turn in which the first half of the users each send so many messages to one of the second, whose sockets took those before.
    func pairs(_ count: Int) {
        var inputs: [HubInput] = []
        inputs.reserveCapacity(frames.count * (count + 1))
        for (sender, frame) in frames.enumerated() {
            for _ in 0..<count { inputs.append(.received(.request(frame), from: ConnectionID(rawValue: UInt64(sender)))) }
            if number > 0 { inputs.append(.written(ConnectionID(rawValue: UInt64(sender + frames.count)), mark: UInt64(number))) }
        }
        number += count
        hub.turn(inputs, at: Sample.now)
    }

    func broadcast(_ count: Int) {
        let frame = RequestFrame(.broadcast(text: Sample.text, key: nil), id: RequestID(1))
        hub.turn(
            Array(repeating: .received(.request(frame), from: ConnectionID(rawValue: 0)), count: count), at: Sample.now)
    }
}
