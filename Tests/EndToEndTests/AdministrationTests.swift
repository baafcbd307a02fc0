import ChatProtocol
import Foundation
import Testing

/// What the person who runs a server sees and relies on.
extension EndToEnd {
    @Suite struct AdministrationTests {
        // MARK: Refusing to start

        @Test(arguments: [
            ("hans falcon\nyoda\n", 2), ("# a comment\n\nhans falcon\nhans again\n", 4), ("hans falcon\nyo/da wise\n", 2),
            ("hans falcon\nyoda wise man\n", 2),
        ])
        func badCredentialsAreRefusedWithFileAndLine(_ text: String, _ line: Int) throws {
            try withTemporaryFolder { folder in
                let path = "\(folder)/accounts.txt"
                try write(text, to: path)
                let run = try banterd(in: folder, ["0", "--credentials", path])
                try expectRefusal(run, naming: "accounts.txt")
                let mention = try Regex("(:|line )\(line)\\b")
                #expect(run.errors.contains(mention), "line \(line) is not named: \(run.errors)")
            }
        }

        @Test func missingCredentialsAreRefusedWithTheirName() throws {
            try withTemporaryFolder { folder in
                try expectRefusal(try banterd(in: folder, ["0", "--credentials", "\(folder)/nowhere.txt"]), naming: "nowhere.txt")
                // A folder cannot be read as a file, not even by root.
                try expectRefusal(try banterd(in: folder, ["0", "--credentials", folder]), naming: folder)
            }
        }

        @Test func aBusyPortIsRefusedWithItsNumber() throws {
            try withServer { server in
                try withTemporaryFolder { folder in
                    try write(Accounts.sampleFile, to: "\(folder)/credentials.txt")
                    try expectRefusal(try banterd(in: folder, ["\(server.port)"]), naming: "\(server.port)")
                }
                _ = try RawClient.original("hans", port: server.port)
            }
        }

        @Test(arguments: [
            ["port"], ["70000"], ["0", "soon"], ["0", "10", "never"], ["0", "--store", "cloud"], ["0", "--no-such-option"],
        ])
        func badArgumentsAreRefused(_ arguments: [String]) throws {
            try withTemporaryFolder { folder in
                try write(Accounts.sampleFile, to: "\(folder)/credentials.txt")
                let run = try banterd(in: folder, arguments)
                #expect(run.exit != .status(0))
                #expect(run.output.isEmpty)
                #expect(!run.errors.isEmpty)
                expectNoCrash(run)
            }
        }

        @Test func aDamagedOrNewerDatabaseIsRefused() throws {
            try withServer { server in
                try #require(try server.stop() == .status(0))
                let databases = try SQLite.databases(in: server.dataPath)
                let path = try #require(databases.first)
                let arguments = ["0", "--credentials", server.credentialsPath]
                let original = try Data(contentsOf: URL(fileURLWithPath: path))

                try SQLite().run("INSERT INTO grdb_migrations (identifier) VALUES ('9999'); PRAGMA user_version = 9999", on: path)
                try expectRefusal(try banterd(in: server.folder, arguments), naming: path)

                var damaged = original
                damaged.replaceSubrange(100..<damaged.count, with: repeatElement(0xA5, count: damaged.count - 100))
                try damaged.write(to: URL(fileURLWithPath: path))
                try expectRefusal(try banterd(in: server.folder, arguments), naming: path)

                try Data(repeating: 0x5A, count: 8192).write(to: URL(fileURLWithPath: path))
                try expectRefusal(try banterd(in: server.folder, arguments), naming: path)

                try original.write(to: URL(fileURLWithPath: path))
                try server.start()
                _ = try RawClient.original("hans", port: server.port)
            }
        }

        // MARK: Starting and ending

        @Test func theReadyLineIsAllThatIsPrinted() throws {
            try withServer { server in
                let hans = try RawClient.original("hans", port: server.port)
                let first = server.readyLine
                #expect(first.hasPrefix("banterd ready on 127.0.0.1:\(server.port), TLS fingerprint SHA256:"))
                hans.close()
                #expect(try server.stop() == .status(0))
                #expect(try server.furtherOutput() == [])
                // The certificate is kept: the same name, the same fingerprint.
                try server.start()
                #expect(server.readyLine == first)
            }
        }

        @Test(arguments: [SIGTERM, SIGINT]) func signalsEndItInTimeAndClientsAreTold(_ signal: Int32) throws {
            try withServer { server in
                let yoda = try RawClient.extended("yoda", port: server.port)
                let hans = try RawClient.original("hans", port: server.port)
                try yoda.tell("hans", "the last word")
                try hans.hears(#"{"action":"receive_message","message":"the last word"}"#)
                let begin = Deadline.uptime()
                #expect(try server.stop(signal) == .status(0))
                #expect(Deadline.uptime() - begin < 10_000_000_000)
                #expect(try yoda.untilEnd().last == .event(.bye(.shutdown)))
                _ = try hans.untilEnd()
            }
        }

        @Test func theMemoryStoreServesWithoutAFile() throws {
            try withServer(.init(more: ["--store", "memory"])) { server in
                let yoda = try RawClient.extended("yoda", port: server.port)
                #expect(try yoda.tell("hans", "kept for a while") == .success)
                try RawClient.extended("hans", port: server.port).awaits("kept for a while", from: "yoda")
                #expect(try SQLite.databases(in: server.dataPath).isEmpty)
            }
        }

        @Test func plaintextCanBeForbidden() throws {
            try withServer(.init(more: ["--plaintext", "never"])) { server in
                let client = try RawClient(port: server.port)
                _ = try client.offer(Array(RawClient.loginLine("yoda").utf8))
                #expect(
                    try client.untilEnd().allSatisfy { message in
                        if case .reply(.error(.plaintextRefused, _), _) = message { true } else { false }
                    })
                let viaTLS = try PipeClient.loggedIn("yoda", server)
                #expect(try viaTLS.finish() == .status(0))
            }
        }

        // MARK: Accounts

        @Test func hangUpReadsTheCredentialsAgain() throws {
            // Trying too early locks the name, but not for long.
            try withServer(.init(blockDuration: 1)) { server in
                let hans = try RawClient.extended("hans", port: server.port)
                try write(Accounts.sampleFile + "lando cloudcity\n", to: server.credentialsPath)
                server.send(SIGHUP)
                try eventually("lando can log in") { try canLogIn("lando", "cloudcity", server) }
                // A bad file changes nothing and ends nothing.
                try write(Accounts.sampleFile + "lando cloudcity\nbroken\n", to: server.credentialsPath)
                server.send(SIGHUP)
                let mention = try Regex("(txt:|line[ =:]{1,2})12\\b")
                try eventually("the log names the line") { contents(of: server.logPath).contains(mention) }
                #expect(try canLogIn("lando", "cloudcity", server))
                #expect(try hans.tell("lando", "hello") == .success)
            }
        }

        @Test func accountsAreManagedWithoutTheFile() throws {
            try withServer { server in
                try #require(try server.stop() == .status(0))
                func user(_ arguments: String..., input: String = "") throws -> CommandRun {
                    let run = try CommandRun(
                        Binaries.banterd(), ["user"] + arguments + ["--data", server.dataPath], input: input, folder: server.folder)
                    expectNoCrash(run)
                    return run
                }
                #expect(try user("add", "lando", input: "cloudcity\n").exit == .status(0))
                #expect(try user("add", "lando", input: "again\n").exit != .status(0))
                #expect(try user("add", "not a name", input: "x\n").exit != .status(0))
                #expect(try user("passwd", "leia", input: "general\n").exit == .status(0))
                #expect(try user("passwd", "nobody", input: "x\n").exit != .status(0))
                #expect(try user("remove", "nobody").exit != .status(0))
                #expect(try user("add", "mouse", input: "squeak\n").exit == .status(0))
                #expect(try user("remove", "mouse").exit == .status(0))
                let names = try user("list").output
                #expect(names.contains("lando") && names.contains("hans") && !names.contains("mouse"), "\(names)")

                try server.start()
                #expect(try canLogIn("lando", "cloudcity", server))
                #expect(try canLogIn("leia", "general", server), "the file's unchanged line does not undo it")
                #expect(try !canLogIn("leia", "blasterpistol", server))
                #expect(try !canLogIn("mouse", "squeak", server))
            }
        }

        @Test func aPasswordChangedByItsOwnerSurvivesARestart() throws {
            try withServer(.init(blockDuration: 1)) { server in
                let yoda = try RawClient.extended("yoda", port: server.port)
                try yoda.send(.passwd(old: "wrong", new: "wiser"))
                #expect(try yoda.passwordAnswer() == .invalidPassword)
                try yoda.send(.passwd(old: "wise", new: "wiser"))
                #expect(try yoda.passwordAnswer() == .success)
                server.killNow()
                try server.start()
                #expect(try !canLogIn("yoda", "wise", server))
                #expect(try canLogIn("yoda", "wiser", server))
                // Until the administrator edits that line.
                try write(Accounts.sampleFile.replacingOccurrences(of: "yoda wise", with: "yoda wisest"), to: server.credentialsPath)
                server.send(SIGHUP)
                try eventually("the edited line counts") { try canLogIn("yoda", "wisest", server) }
            }
        }

        @Test func locksBlocksAndHistorySurviveARestart() throws {
            try withServer(.init(blockDuration: 600)) { server in
                let hans = try RawClient.original("hans", port: server.port)
                try hans.ask(#"{"action":"block","user":"yoda"}"#, #"{"action":"block","status":"SUCCESS"}"#)
                try hans.ask(#"{"action":"logout"}"#, #"{"action":"logout","reply":"logged out"}"#)
                let vader = try RawClient(port: server.port)
                for password in ["a", "b", "c"] { _ = try vader.logIn("vader", password) }

                server.killNow()
                try server.start()
                #expect(try RawClient(port: server.port).logIn("vader").0 == .blocked)
                let yoda = try RawClient.extended("yoda", port: server.port)
                #expect(try yoda.tell("hans", "hello?") == .userBlocked)
                let luke = try RawClient.original("luke", port: server.port)
                try luke.ask(#"{"action":"whoelsesince","since":1000}"#, #"{"action":"whoelsesince","reply":["hans","yoda"]}"#)
            }
        }

        // MARK: -

        private func banterd(in folder: String, _ arguments: [String]) throws -> CommandRun {
            let data = ["--data", "\(folder)/data", "--password-cost", "4"]
            return try CommandRun(Binaries.banterd(), arguments + data, folder: folder)
        }

        /// One line that names what is wrong, nothing on standard output, a status that is not zero.
        private func expectRefusal(_ run: CommandRun, naming word: String, at place: SourceLocation = #_sourceLocation) throws {
            #expect(run.exit != .status(0), sourceLocation: place)
            #expect(run.output.isEmpty, sourceLocation: place)
            #expect(run.errors.split(separator: "\n").count == 1, "not one line: \(run.errors)", sourceLocation: place)
            #expect(run.errors.contains(word), "\(word) is not named: \(run.errors)", sourceLocation: place)
            expectNoCrash(run, at: place)
        }

        private func expectNoCrash(_ run: CommandRun, at place: SourceLocation = #_sourceLocation) {
            if case .signal(let signal) = run.exit { Issue.record("ended by signal \(signal)", sourceLocation: place) }
            #expect(!run.errors.contains("Fatal error"), sourceLocation: place)
        }

        private func canLogIn(_ name: String, _ password: String, _ server: ServerProcess) throws -> Bool {
            let client = try RawClient(port: server.port)
            let isIn = try client.logIn(name, password).0 == .success
            if isIn {
                try client.send(.logout)
                _ = try client.untilEnd()
            }
            return isIn
        }
    }
}

extension RawClient {
    fileprivate func passwordAnswer() throws -> Reply.LoginStatus {
        try first("reply to passwd") { message in
            if case .reply(.passwd(let status), _) = message { status } else { nil }
        }
    }
}
