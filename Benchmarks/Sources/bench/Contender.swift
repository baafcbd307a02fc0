import Foundation
import Glibc

/// One server as it is measured: what it is, how it is started, how its clients talk.
struct Contender: Hashable {
    let id: String
    let title: String
    private let kind: Kind
    let isTLS: Bool

    private enum Kind: Hashable {
        case banter(store: String, Clients)
        case floor, redis, inspircd, ngircd, prosody
    }

    /// The original's, ours, and ours without news of who comes and goes.
    private enum Clients { case original, own, quiet }

    private init(_ id: String, _ title: String, _ kind: Kind, isTLS: Bool = false) {
        self.id = id
        self.title = title
        self.kind = kind
        self.isTLS = isTLS
    }

    static let memory = Contender("memory", "Banter, in memory", .banter(store: "memory", .original))
    static let tls = Contender("tls", "Banter, in memory, TLS", .banter(store: "memory", .original), isTLS: true)
    static let sqlite = Contender("sqlite", "Banter, SQLite", .banter(store: "sqlite", .original))
    static let own = Contender("own", "Banter, SQLite, its own clients", .banter(store: "sqlite", .own))
    static let ownTLS = Contender("own-tls", "the same over TLS", .banter(store: "sqlite", .own), isTLS: true)
    static let quiet = Contender("quiet", "Banter, SQLite, its own clients, no presence", .banter(store: "sqlite", .quiet))
    static let quietTLS = Contender("quiet-tls", "the same over TLS", .banter(store: "sqlite", .quiet), isTLS: true)
    static let floor = Contender("floor", "floor", .floor)
    static let redis = Contender("redis", "Redis pub/sub", .redis)
    static let inspircd = Contender("inspircd", "InspIRCd", .inspircd)
    static let ngircd = Contender("ngircd", "ngIRCd", .ngircd)
    static let prosody = Contender("prosody", "Prosody, archive in SQLite", .prosody)

    var isOurs: Bool { if case .banter = kind { true } else { false } }

    func dialect(channel: Bool) -> Dialect {
        switch kind {
        case .banter(_, let clients): clients == .original ? .original : .extended(presence: clients == .own)
        case .floor: .original
        case .redis: .redis
        case .inspircd, .ngircd: .irc(channel: channel)
        case .prosody: .xmpp
        }
    }

    /// What the senders of this server's fan-out are answered; the floor answers nothing.
    var confirms: Bool { kind != .floor }

    /// Starts it afresh, with accounts `u0`, `u1` … for so many clients.
    ///
    /// - Parameter prepare: is given its data folder before.
    func start(clients: Int, in workspace: Workspace, prepare: (String) throws -> Void = { _ in }) throws -> Server {
        let folder = try workspace.fresh(id)
        try prepare(folder)
        let port = LoopbackSocket.freePort()
        func write(_ text: String, _ name: String) throws -> String {
            try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
            return folder + "/" + name
        }
        switch kind {
        case .banter(let store, _):
            let accounts = try write((0..<clients).map { "u\($0) p\($0)\n" }.joined(), "credentials")
            return try workspace.start(
                [
                    workspace.banterd, "0", "60", "0", "--data", folder, "--credentials", accounts, "--store", store,
                    "--password-cost", "4", "--no-flood-limit", "--max-connections", "\(clients + 100)",
                ], in: folder, readyLine: "banterd ready")
        case .floor: return try workspace.start([workspace.floor, "\(port)"], in: folder, port: port)
        case .redis:
            return try workspace.start(
                [
                    "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder,
                    "--maxclients", "\(clients + 100)", "--client-output-buffer-limit", "pubsub 0 0 0",
                ], in: folder, port: port)
        case .inspircd:
            let file = try write(PeerConfiguration.inspircd(port: port, folder: folder), "inspircd.conf")
            return try workspace.start(
                ["inspircd", "--config=\(file)", "--nofork"] + (getuid() == 0 ? ["--runasroot"] : []), in: folder, port: port)
        case .ngircd:
            let file = try write(PeerConfiguration.ngircd(port: port), "ngircd.conf")
            return try workspace.start(["ngircd", "-n", "-f", file], in: folder, port: port)
        case .prosody:
            let file = try write(PeerConfiguration.prosody(port: port, folder: folder), "prosody.lua")
            return try workspace.start(["prosody", "-F", "--config", file], in: folder, port: port)
        }
    }

    /// Starts it with the database that was filled.
    func start(from workspace: Workspace) throws -> Server {
        guard let filled = workspace.filled else { throw Failure("no filled data folder was named") }
        return try workspace.start([workspace.banterd, "0", "--data", filled], in: filled, readyLine: "banterd ready")
    }
}
