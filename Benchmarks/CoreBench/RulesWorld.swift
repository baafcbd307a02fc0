import ChatCore
import ChatProtocol

/// The rules alone, with everyone logged in: user 0 talks.
struct RulesWorld {
    private var state: ChatState
    private var effects = Effects()
    private var number = 0

    init(users: Int, dialect: Dialect) {
        var stored = StoredState()
        stored.accounts = (0..<users).map { .init(record: AccountRecord(name: Sample.name($0), passwordHash: "")) }
        state = ChatState(stored, settings: ChatSettings(), at: Sample.now)
        for user in 0..<users {
            let id = ConnectionID(rawValue: UInt64(user))
            state.handle(.opened(id, address: "127.0.0.1"), at: Sample.now, into: &effects)
            let login = Request.Login(name: Sample.name(user), password: "", dialect: dialect)
            receive(RequestFrame(.login(login)), from: id.rawValue)
            var generator = SystemRandomNumberGenerator()
            state.passwordChecked(id, .right, token: .random(using: &generator), at: Sample.now, into: &effects)
            if state.needsKeys(Sample.name(user)) { state.load([], for: Sample.name(user)) }
        }
    }

    /// A turn of so many messages to user 1, which acknowledges them.
    mutating func direct(_ count: Int) {
        effects = Effects()
        for _ in 0..<count {
            receive(Sample.frames[number % Sample.frames.count], from: 0)
            number += 1
        }
        receive(RequestFrame(.ack(through: UInt64(number))), from: 1)
    }

    mutating func broadcast(_ count: Int) {
        effects = Effects()
        for _ in 0..<count { receive(RequestFrame(.broadcast(text: Sample.text, key: nil), id: RequestID(1)), from: 0) }
    }

    private mutating func receive(_ frame: RequestFrame, from user: UInt64) {
        state.handle(.received(.request(frame), from: ConnectionID(rawValue: user)), at: Sample.now, into: &effects)
    }
}
