import ChatProtocol
import Foundation
import Testing

/// People who have files, each on a machine of their own with a line of limited speed, and a server on another.
final class SwarmScene {
    let machines: Machines
    let server: ServerProcess
    private let data: String

    /// - Parameters:
    ///   - people: names of accounts.
    ///   - megabits: what each machine but the server can send a second.
    init(_ people: [String], megabits: Int, folder: String) throws {
        machines = try Machines(["server"] + people, folder: folder)
        var options = ServerProcess.Options()
        options.host = machines.address(of: "server")
        // A machine of its own has processors of its own: these here go to the server and to the measuring first.
        options.prefix = machines.on("server") + ["nice", "-n", "-20"]
        // On a machine of its own it has a disk of its own, which the others' files do not keep busy.
        data = "/dev/shm/\(URL(fileURLWithPath: folder).lastPathComponent)"
        options.data = data
        // Clients that the tests play come without TLS.
        options.more = ["--plaintext", "always"]
        server = try ServerProcess(folder: folder, options: options)
        try server.start()
        try machines.limit(people, megabits: megabits, favouring: "server")
    }

    func end() {
        server.end()
        try? FileManager.default.removeItem(atPath: data)
    }

    /// The real client in line mode, logged in; its folders stay from one time to the next.
    func client(_ name: String, at place: SourceLocation = #_sourceLocation) throws -> PipeClient {
        let folder = try folder(of: name)
        guard let fingerprint = server.readyLine.split(separator: " ").first(where: { $0.hasPrefix("SHA256:") }) else {
            throw Failure("no fingerprint in \(server.readyLine)", at: place)
        }
        let trust = try CommandRun(
            Binaries.banter(), ["trust", "--data", "\(folder)/client", server.host, "\(server.port)", "\(fingerprint)"], folder: folder)
        guard trust.exit == .status(0) else { throw Failure("banter trust: \(trust.errors)", at: place) }
        let client = try PipeClient(
            host: server.host, port: server.port, folder: folder, ["--downloads", "\(folder)/downloads"], on: machines.on(name))
        try client.write(name, Accounts.password(of: name))
        try client.expectWelcome(at: place)
        return client
    }

    /// A client that the test plays.
    func played(_ name: String, _ conduct: @escaping SwarmPeer.Conduct) throws -> SwarmPeer {
        let folder = try folder(of: name)
        return try machines.enter(name) { [server = Unchecked(server)] in
            try SwarmPeer(name, server.value, folder: folder, conduct: conduct)
        }
    }

    /// A pair who chat; `one` and `two` are accounts.
    func chat(_ one: String, on machine: String, _ two: String, on other: String) throws -> PingPong {
        let (host, port) = (server.host, server.port)
        let clients = try [(one, machine), (two, other)].map { name, machine in
            let client = try machines.enter(machine) { Unchecked(try RawClient(host: host, port: port)) }.value
            guard try client.logIn(name).0 == .success else { throw Failure("\(name) cannot log in") }
            return client
        }
        return PingPong((one, clients[0]), (two, clients[1]))
    }

    /// Makes a file of bytes that nobody can guess; returns its path.
    func makeFile(_ name: String, mebibytes: Int) throws -> String {
        let path = "\(server.folder)/\(name)"
        let run = try CommandRun(
            "sh", ["-c", "head -c \(mebibytes)M /dev/urandom >'\(path)' && sync '\(path)'"], folder: server.folder, within: 120)
        guard run.exit == .status(0) else { throw Failure("no file: \(run.errors)") }
        return path
    }

    func path(_ name: String, of user: String) -> String { "\(server.folder)/\(user)/downloads/\(name)" }

    /// Whether somebody's download is the same as `file`.
    func has(_ user: String, _ file: String) throws -> Bool {
        let name = URL(fileURLWithPath: file).lastPathComponent
        return try CommandRun("cmp", [file, path(name, of: user)], folder: server.folder, within: 120).exit == .status(0)
    }

    private func folder(of name: String) throws -> String {
        let folder = "\(server.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: "\(folder)/client", withIntermediateDirectories: true)
        return folder
    }
}

/// Something that is handed from one thread to another, which alone uses it then or while the first waits.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
