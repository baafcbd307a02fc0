import ChatProtocol
import Foundation
import Testing

/// The tools for scripts, as scripts use them: words on the command line, pipes, exit statuses.
extension EndToEnd {
    @Suite struct ToolTests {
        /// Runs one to its end.
        private func run(
            _ name: String, _ arguments: [String], input: String = "", password: String? = nil, _ server: ServerProcess,
            at place: SourceLocation = #_sourceLocation
        ) throws -> CommandRun {
            try CommandRun(
                try Binaries.banter(), arguments, input: input, folder: server.folder,
                environment: ToolProcess.environment(name, password: password, server), at: place)
        }

        @Test func sendEndsWhenTheServerHasTheMessageOnItsDisk() throws {
            try withServer { server in
                let sent = try run("yoda", ["send", "hans", "do", "or do", "not"], server)
                #expect(sent.exit == .status(0), "\(sent.errors)")
                #expect(sent.output.isEmpty)
                server.killNow()
                try server.start()
                let hans = try PipeClient.loggedIn("hans", server)
                try hans.expectNext("yoda: do or do not")
                #expect(try hans.finish() == .status(0))
            }
        }

        @Test func standardInputIsOneMessageOrOneALine() throws {
            try withServer { server in
                let hans = try RawClient.extended("hans", port: server.port)
                #expect(try run("yoda", ["send", "hans"], input: "one\ntwo\n\n", server).exit == .status(0))
                try hans.awaits("one\ntwo", from: "yoda")
                #expect(try run("yoda", ["send", "--lines", "hans"], input: "one\n\ntwo", server).exit == .status(0))
                try hans.awaits("one", from: "yoda")
                try hans.awaits("two", from: "yoda")
                let large = try run("yoda", ["send", "hans"], input: String(repeating: "x", count: 100_000), server)
                #expect(large.exit == .status(5))
                #expect(large.errors.hasSuffix("banter: longer than 16 KiB, the longest message\n"))
            }
        }

        @Test func everyEndHasItsStatus() throws {
            try withServer { server in
                #expect(try run("yoda", ["send", "nobody", "hi"], server).exit == .status(5))
                #expect(try run("yoda", ["send", "yoda", "hi"], server).exit == .status(5))
                #expect(try run("yoda", ["broadcast", "hi"], server).exit == .status(0))
                #expect(try run("yoda", ["send", "hans", "hi"], password: "wrong", server).exit == .status(1))
                let arguments: [[String]] = [
                    ["send"], ["send", "hans", "--lines", "hi"], ["send", "ha ns", "hi"], ["who", "--since", "0"], ["tail", "-n", "1001"],
                    ["tail", "--ack", "--from", "hans"], ["who", "--server", "a:b"], ["who", "--server", "[::1"], ["who", "--user", "a b"],
                ]
                for arguments in arguments { #expect(try run("yoda", arguments, server).exit == .status(64), "\(arguments)") }
                let yoda = try PipeClient.loggedIn("yoda", server)
                let elsewhere = try run("yoda", ["who"], server)
                #expect(elsewhere.exit == .status(1))
                #expect(elsewhere.errors.contains("logged in elsewhere"))
                #expect(try yoda.finish() == .status(0), "who uses the account is not disturbed")
                _ = try server.stop()
                #expect(try run("yoda", ["send", "hans", "hi"], server).exit == .status(3))
            }
        }

        @Test func aServerThatSaysNothingIsGivenUp() throws {
            try withTemporaryFolder { folder in
                let silent = try SilentListener()
                defer { silent.close() }
                let run = try CommandRun(
                    try Binaries.banter(),
                    ["send", "hans", "hi", "--user", "yoda", "--password-command", "echo wise", "--timeout", "0.2"]
                        + ["--plaintext", "--server", "127.0.0.1:\(silent.port)"], folder: folder)
                #expect(run.exit == .status(6), "\(run.errors)")
                #expect(run.errors == "banter: no answer in time\n")
            }
        }

        @Test func whoListsNamesOrOneObject() throws {
            try withServer { server in
                let hans = try RawClient.extended("hans", port: server.port)
                let luke = try RawClient.extended("luke", port: server.port)
                #expect(try run("yoda", ["who"], server).output == "hans\nluke\n")
                #expect(
                    try run("yoda", ["who", "--json", "--since", "60"], server).output == #"{"users":["hans","luke"],"since":60}"# + "\n")
                withExtendedLifetime((hans, luke)) {}
            }
        }

        @Test func tailLeavesDirectMessagesUnreadUnlessItAcknowledges() throws {
            try withServer { server in
                let hans = try RawClient.extended("hans", port: server.port)
                try hans.tell("yoda", "one\u{9B}\nvader: two")
                for _ in 1...2 {
                    let tail = try ToolProcess("yoda", ["tail", "--json"], server)
                    let line = try tail.next { $0.contains(#""event":"message""#) }
                    #expect(line.hasPrefix(#"{"event":"message","from":"hans","text":"one\u009b\nvader: two","seq":1,"time":"#))
                    #expect(try tail.end(SIGTERM) == .status(128 + SIGTERM))
                }
                let tail = try ToolProcess("yoda", ["tail", "--ack"], server)
                _ = try tail.next { $0.hasSuffix("hans: one⏎vader: two") }
                // The sender learns of it when the server has the acknowledgement.
                _ = try hans.first("delivered") { message in
                    if case .event(.delivered(_, through: 1)) = message { true } else { nil }
                }
                #expect(try tail.end(SIGINT) == .status(128 + SIGINT))
                let yoda = try PipeClient.loggedIn("yoda", server)
                #expect(try yoda.finish() == .status(0))
                #expect(try yoda.remaining().filter { $0.contains("one") } == [])
            }
        }

        @Test func tailGoesOnWhenTheServerIsBackAndEndsWithItsReader() throws {
            try withServer { server in
                #expect(try run("hans", ["broadcast", "before"], server).exit == .status(0))
                let tail = try ToolProcess("yoda", ["tail", "--json", "-n", "1"], server)
                _ = try tail.next { $0.contains(#""text":"before""#) }
                server.killNow()
                _ = try tail.next { $0.hasPrefix(#"{"event":"disconnected","reason":"#) }
                try server.start()
                _ = try tail.next { $0.hasPrefix(#"{"event":"connected","user":"yoda","resumed":true"#) }
                #expect(try run("hans", ["broadcast", "after"], server).exit == .status(0))
                _ = try tail.next { $0.contains(#""text":"after""#) }
                #expect(try tail.closeReader() == .status(0))
                #expect(try run("yoda", ["who"], server).exit == .status(0), "the account is free")
            }
        }

        @Test func thePasswordIsAskedForOnTheTerminalAndNeverShown() throws {
            try withServerAndTerminals { server, tmux in
                let screen = try tmux.screen()
                let program = try Binaries.banter()
                try screen.enter("echo hi | \(program) send hans --user yoda --server 127.0.0.1:\(server.port) >/dev/null; echo status $?")
                try screen.waitFor("Password of yoda:")
                try screen.enter("wise")
                try screen.waitFor("status 0")
                #expect(try !screen.lines().contains { $0.contains("wise") })
                // The terminal is as it was: what is typed shows again.
                try screen.type("shown")
                try screen.waitFor("shown")
            }
        }

        @Test func aHostMayBeCalledLikeATool() throws {
            try withTemporaryFolder { folder in
                let run = try CommandRun(
                    try Binaries.banter(), ["--plain", "--user", "yoda", "--password-command", "echo wise", "--", "send", "1"],
                    folder: folder)
                #expect(run.exit == .status(3))
                #expect(run.errors.contains("send"), "\(run.errors)")
            }
        }

        @Test func helpIsAWordToo() throws {
            try withTemporaryFolder { folder in
                let program = try Binaries.banter()
                let all = try CommandRun(program, ["help"], folder: folder)
                #expect(all.exit == .status(0))
                #expect(all.output.contains("banter [OPTIONS] [HOST [PORT]]"))
                let one = try CommandRun(program, ["help", "tail"], folder: folder)
                #expect(one.exit == .status(0))
                #expect(one.output.contains("USAGE: banter tail"))
            }
        }

        @Test func aFingerprintThatIsNoneIsSaidToBe() throws {
            try withTemporaryFolder { folder in
                let run = try CommandRun(try Binaries.banter(), ["trust", "localhost", "5500", "SHA256:xyz"], folder: folder)
                #expect(run.exit == .status(64))
                #expect(run.errors.contains("FINGERPRINT is SHA256: and 43 characters"))
                #expect(run.errors.contains("Usage: banter trust <HOST> <PORT> <FINGERPRINT>"))
            }
        }

        /// What bash offers after a tool's name is the tool's, and after the program's name what there is.
        @Test func bashCompletesToolsAndTheirOptions() throws {
            try withTemporaryFolder { folder in
                let script = try CommandRun(try Binaries.banter(), ["--generate-completion-script", "bash"], folder: folder)
                func offered(_ words: String...) throws -> Set<Substring> {
                    let line = words.joined(separator: " ")
                    let asking = """

                        COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
                        COMP_LINE='\(line)'; COMP_POINT=\(line.utf8.count)
                        _banter banter '\(words[words.count - 1])' '\(words[words.count - 2])'
                        printf '%s\\n' "${COMPREPLY[@]}"
                        """
                    let run = try CommandRun("bash", [], input: script.output + asking, folder: folder)
                    #expect(run.exit == .status(0), "\(run.errors)")
                    return Set(run.output.split(separator: "\n"))
                }
                let tail = try offered("banter", "tail", "--")
                #expect(tail.isSuperset(of: ["--json", "--ack", "--from", "--server"]))
                #expect(tail.isDisjoint(with: ["--plain", "--accessible", "--downloads"]))
                #expect(try offered("banter", "").isSuperset(of: ["send", "tail", "trust", "help"]))
                #expect(try offered("banter", "--").isSuperset(of: ["--plain", "--version", "--downloads"]))
                #expect(try offered("banter", "ta") == ["tail"])
            }
        }

        @Test func completionsNameEveryTool() throws {
            try withTemporaryFolder { folder in
                for shell in ["bash", "zsh", "fish"] {
                    let run = try CommandRun(try Binaries.banter(), ["--generate-completion-script", shell], folder: folder)
                    #expect(run.exit == .status(0))
                    for word in ["send", "broadcast", "who", "tail", "trust", "--plaintext", "--password-command", "--json"] {
                        #expect(run.output.contains(shell == "fish" ? word.drop { $0 == "-" } : word[...]), "\(shell): \(word)")
                    }
                }
            }
        }
    }
}

/// One of the tools while it runs.
private final class ToolProcess {
    private let process: ChildProcess
    private let reader: LineReader
    private var output: Int32

    init(_ name: String, _ arguments: [String], _ server: ServerProcess) throws {
        let pipe = try Pipe()
        let input = try openFile("/dev/null", O_RDONLY)
        let errors = try openFile("\(server.folder)/tool.err", O_WRONLY | O_CREAT | O_APPEND)
        defer { [pipe.writer, input, errors].forEach { close($0) } }
        process = try ChildProcess(
            try Binaries.banter(), arguments, input: input, output: pipe.writer, errors: errors, folder: server.folder,
            environment: Self.environment(name, server))
        output = pipe.reader
        reader = LineReader(descriptor: pipe.reader)
    }

    deinit {
        process.end()
        if output >= 0 { close(output) }
    }

    /// Account, password and server as scripts set them.
    static func environment(_ name: String, password: String? = nil, _ server: ServerProcess) -> [String: String] {
        var environment = ChildProcess.environment(home: server.folder)
        environment["BANTER_SERVER"] = "127.0.0.1:\(server.port)"
        environment["BANTER_USER"] = name
        environment["BANTER_PASSWORD_COMMAND"] = "echo \(password ?? Accounts.password(of: name))"
        return environment
    }

    /// The next line for which `holds`, after others perhaps.
    func next(at place: SourceLocation = #_sourceLocation, where holds: (String) -> Bool) throws -> String {
        let deadline = Deadline.after(Deadline.patience * 2)
        while let line = try reader.next(by: deadline, at: place) {
            if holds(line) { return line }
        }
        throw Failure("it ended; before that:\n\(reader.transcript.joined(separator: "\n"))", at: place)
    }

    func end(_ signal: Int32) throws -> ChildProcess.Exit {
        process.send(signal)
        return try process.wait()
    }

    /// Nobody reads its output any more.
    func closeReader() throws -> ChildProcess.Exit {
        close(output)
        output = -1
        return try process.wait()
    }
}

/// Takes connections and says nothing.
private struct SilentListener {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 4) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure.system("listen") }
        port = UInt16(bigEndian: address.sin_port)
    }

    func close() { Foundation.close(descriptor) }
}
