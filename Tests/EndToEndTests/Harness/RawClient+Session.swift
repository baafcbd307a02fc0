import ChatProtocol
import Foundation
import Testing

extension RawClient {
    /// A client of the original protocol that is logged in. Nobody who is told of it reads in its stead.
    static func original(
        _ name: String, port: UInt16, receiveBuffer: Int32? = nil, at place: SourceLocation = #_sourceLocation
    ) throws -> RawClient {
        let client = try RawClient(port: port, receiveBuffer: receiveBuffer)
        try client.ask(loginLine(name), #"{"action":"login","status":"SUCCESS"}"#, at: place)
        return client
    }

    /// The bare login of an original client.
    static func loginLine(_ name: String, _ password: String? = nil, privatePort: Int = 0) -> String {
        #"{"action":"login","username":"\#(name)","password":"\#(password ?? Accounts.password(of: name))","private_port":\#(privatePort)}"#
    }

    /// A client of the extended protocol, logged in, without presence.
    static func extended(
        _ name: String, port: UInt16, receiveBuffer: Int32? = nil, at place: SourceLocation = #_sourceLocation
    ) throws -> RawClient {
        let client = try RawClient(port: port, receiveBuffer: receiveBuffer)
        let status = try client.logIn(name)
        guard status.0 == .success else { throw Failure("login of \(name): \(status.0)", at: place) }
        return client
    }

    /// Logs in with the extended protocol and without presence.
    func logIn(_ name: String, _ password: String? = nil, peer: PeerOffer? = nil) throws -> (Reply.LoginStatus, Reply.Welcome?) {
        let password = password ?? Accounts.password(of: name)
        let dialect = Dialect(isExtended: true, wantsPresence: false)
        try send(.login(.init(name: UserName(name), password: password, dialect: dialect, peer: peer)), id: 0)
        return try first("reply to the login") { message in
            if case .reply(.login(let status, let welcome), _) = message { (status, welcome) } else { nil }
        }
    }

    /// Sends a direct message and awaits what becomes of it.
    @discardableResult
    func tell(_ name: String, _ text: String, at place: SourceLocation = #_sourceLocation) throws -> Reply.MessageStatus {
        try send(.message(to: UserName(name), text: text, key: nil), id: 1)
        return try first("reply to a message", at: place) { message in
            if case .reply(.message(let status, _), _) = message { status } else { nil }
        }
    }

    /// Who else is online, sorted.
    func asksWhoElse(at place: SourceLocation = #_sourceLocation) throws -> [String] {
        try send(.whoelse)
        return try first("reply to whoelse", at: place) { message in
            if case .reply(.whoelse(let names), _) = message { names.map(\.text) } else { nil }
        }
    }

    /// Awaits a direct message with exactly this text, and acknowledges it: the server holds more back from who does not.
    func awaits(_ text: String, from name: String, at place: SourceLocation = #_sourceLocation) throws {
        let sequence = try first("message “\(text)” from \(name)", at: place) { message in
            if case .event(.message(let from, text, let receipt)) = message, from.text == name { receipt.sequence } else { nil }
        }
        try send(.ack(through: sequence))
    }
}
