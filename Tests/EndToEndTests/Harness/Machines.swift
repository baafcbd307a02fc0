import ChatProtocol
import Dispatch
import Foundation
import Testing

/// Machines on one switch, each a network namespace with one address, for as long as the object lives. Needs root.
final class Machines {
    static let isPossible: Bool = {
        guard geteuid() == 0, let folder = try? makeTemporaryFolder() else { return false }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let name = "banter-\(getpid())-try"
        func succeeds(_ words: String...) -> Bool { (try? CommandRun("ip", words, folder: folder).exit) == .status(0) }
        guard succeeds("netns", "add", name) else { return false }
        defer { _ = succeeds("netns", "del", name) }
        let hasSwitch = succeeds("-n", name, "link", "add", "switch0", "type", "bridge")
        return hasSwitch && (try? CommandRun("tcpdump", ["--version"], folder: folder).exit) == .status(0)
    }()

    let folder: String
    private let prefix = "banter-\(getpid())-"
    private let names: [String]

    /// - Parameter names: short; they get the addresses 10.77.0.1, 10.77.0.2 and so on.
    init(_ names: [String], folder: String) throws {
        self.folder = folder
        self.names = names
        try ip("netns add", namespace("switch"))
        try ip("-n", namespace("switch"), "link add switch0 type bridge")
        try ip("-n", namespace("switch"), "link set switch0 up")
        for name in names {
            try ip("netns add", namespace(name))
            try ip("-n", namespace(name), "link add eth0 type veth peer name port-\(name) netns", namespace("switch"))
            try ip("-n", namespace("switch"), "link set port-\(name) master switch0 up")
            try ip("-n", namespace(name), "address add \(address(of: name))/24 dev eth0")
            try ip("-n", namespace(name), "link set eth0 up")
            try ip("-n", namespace(name), "link set lo up")
        }
    }

    deinit {
        for name in names + ["switch"] { try? ip("netns del", namespace(name)) }
    }

    func address(of name: String) -> String { "10.77.0.\((names.firstIndex(of: name) ?? 0) + 1)" }

    func namespace(_ name: String) -> String { prefix + name }

    /// Words before a command that run it on that machine.
    func on(_ name: String) -> [String] { ["ip", "netns", "exec", namespace(name)] }

    /// From now on these reach everyone but each other; what they send each other is lost without a word.
    func separate(_ some: [String]) throws {
        for name in some {
            try port(of: name, isIsolated: true)
            // They know each other's hardware, so that nothing says that there is no way.
            for other in some where other != name {
                let run = try CommandRun(
                    "ip", ["netns", "exec", namespace(other), "cat", "/sys/class/net/eth0/address"], folder: folder)
                let hardware = run.output.split(whereSeparator: \.isWhitespace).joined()
                try ip("-n", namespace(name), "neighbour replace \(address(of: other)) lladdr \(hardware) dev eth0")
            }
        }
    }

    func port(of name: String, isIsolated: Bool) throws {
        try ip("-n", namespace("switch"), "link set port-\(name) type bridge_slave isolated \(isIsolated ? "on" : "off")")
    }

    private func ip(_ words: String...) throws { try run("ip", words) }

    func run(_ program: String, _ words: [String]) throws {
        let arguments = words.flatMap { $0.split(separator: " ").map(String.init) }
        let run = try CommandRun(program, arguments, folder: folder)
        guard run.exit == .status(0) else { throw Failure("\(program) \(arguments.joined(separator: " ")): \(run.errors)") }
    }

    /// From now on each of these sends no more than so many megabits a second. What goes to `favoured` does not wait behind the rest,
    /// as with a router that shares its line fairly.
    func limit(_ some: [String], megabits: Int, favouring favoured: String) throws {
        for name in some {
            func tc(_ words: String) throws { try run("tc", ["-n", namespace(name), words]) }
            let burst = "burst 256k cburst 256k"
            try tc("qdisc add dev eth0 root handle 1: htb default 20")
            try tc("class add dev eth0 parent 1: classid 1:1 htb rate \(megabits)mbit \(burst)")
            try tc("class add dev eth0 parent 1:1 classid 1:10 htb rate \(megabits / 10)mbit ceil \(megabits)mbit \(burst) prio 0")
            try tc(
                "class add dev eth0 parent 1:1 classid 1:20 htb rate \(megabits - megabits / 10)mbit ceil \(megabits)mbit \(burst) prio 1")
            try tc("qdisc add dev eth0 parent 1:20 bfifo limit 1m")
            try tc("filter add dev eth0 parent 1: protocol ip u32 match ip dst \(address(of: favoured))/32 flowid 1:10")
        }
    }

    /// Bytes that a machine has sent and received.
    func traffic(of name: String) throws -> (sent: Int, received: Int) {
        let folder = "/sys/class/net/eth0/statistics"
        let run = try CommandRun(
            "ip", ["netns", "exec", namespace(name), "cat", "\(folder)/tx_bytes", "\(folder)/rx_bytes"], folder: self.folder)
        let counts = run.output.split(separator: "\n").compactMap { Int($0) }
        guard counts.count == 2 else { throw Failure("no counters of \(name): \(run.errors)") }
        return (counts[0], counts[1])
    }

    /// Runs `body` on a thread that is on that machine, and waits for it. The threads that it starts are there too, and stay.
    func enter<Result: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> Result) throws -> Result {
        let path = "/run/netns/\(namespace(name))"
        let outcome = Locked<Swift.Result<Result, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            outcome.withLock { outcome in
                outcome = Swift.Result {
                    try Self.move(to: path)
                    return try body()
                }
            }
            done.signal()
        }
        done.wait()
        guard let outcome = outcome.withLock({ $0 }) else { throw Failure("nothing came of a thread on \(name)") }
        return try outcome.get()
    }

    /// Moves the calling thread. Swift does not see setns(2) in the system's headers.
    private static func move(to path: String) throws {
        guard let symbol = dlsym(nil, "setns") else { throw Failure("there is no setns") }
        let setns = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        let descriptor = try openFile(path, O_RDONLY)
        defer { close(descriptor) }
        guard setns(descriptor, 0) == 0 else { throw Failure.system("setns \(path)") }
    }

    /// Everything that passes a machine's network while `body` runs.
    func capture(on name: String, _ body: () throws -> Void) throws -> Data {
        let path = "\(folder)/capture-\(name)"
        let errors = try openFile("\(path).err", O_WRONLY | O_CREAT)
        let null = try openFile("/dev/null", O_RDWR)
        defer { [errors, null].forEach { close($0) } }
        let command = on(name) + ["tcpdump", "-i", "eth0", "-Z", "root", "-U", "--immediate-mode", "-s", "0", "-w", path]
        let recorder = try ChildProcess(
            command[0], Array(command.dropFirst()), input: null, output: null, errors: errors, folder: folder,
            environment: ChildProcess.environment(home: folder))
        defer { recorder.end() }
        let deadline = Deadline.after(Deadline.patience)
        while !contents(of: "\(path).err").contains("listening on") {
            guard !deadline.hasPassed, recorder.poll() == nil else { throw Failure("tcpdump: \(contents(of: "\(path).err"))") }
            usleep(5_000)
        }
        try body()
        recorder.send(SIGINT)
        _ = try recorder.wait()
        return FileManager.default.contents(atPath: path) ?? Data()
    }
}
