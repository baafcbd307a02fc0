import ChatProtocol
import Foundation
import Testing

/// The disk under the database is full, fails, or must not be written: senders are told, nobody is thrown out, and when it works again so
/// does everything else.
extension EndToEnd {
    @Suite struct DiskFaultTests {
        /// Seconds for which the fault lasts after the first refusal.
        private static let duration = FaultReport.size(0.5, long: 10.0)

        @Test(.enabled(if: PrivateDisk.isPossible, "needs root and mount namespaces"))
        func aFullDiskIsSurvivedAndItsEndNoticed() async throws {
            let folder = try makeTemporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let disk = try PrivateDisk(mebibytes: 64, folder: folder)
            defer { disk.end() }
            var options = ServerProcess.Options()
            options.data = "\(disk.path)/data"
            options.prefix = disk.prefix
            try await survive("disk full", options, folder) { _ in
                try disk.fill()
                return { try disk.free() }
            }
        }

        @Test(
            .enabled(if: SystemCallFault.isPossible, "needs strace"),
            arguments: [(["fsync", "fdatasync"], "EIO"), (["pwrite64"], "EIO"), (["pwrite64"], "EROFS")])
        func aDiskThatFailsIsSurvived(_ calls: [String], _ error: String) async throws {
            let folder = try makeTemporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await survive("\(calls.joined(separator: ", ")) fail with \(error)", .init(), folder) { server in
                let fault = try SystemCallFault(calls, error, of: server.pid, folder: folder)
                return { try fault.end() }
            }
        }

        @Test func aLimitOnTheSizeOfFilesIsSurvived() async throws {
            let folder = try makeTemporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try await survive("limit on the size of files", .init(), folder) { server in
                func limit(_ size: String) throws {
                    let run = try CommandRun("prlimit", ["--pid", "\(server.pid)", "--fsize=\(size)"], folder: folder)
                    guard run.exit == .status(0) else { throw Failure("prlimit: \(run.errors)") }
                }
                // The soft limit alone: only root may raise the other again.
                try limit("4096:unlimited")
                return { try limit("unlimited:unlimited") }
            }
        }

        /// People chat; then storing fails, and works again.
        ///
        /// - Parameter fault: brings it about, and returns what ends it.
        private func survive(
            _ name: String, _ options: ServerProcess.Options, _ folder: String, _ fault: (ServerProcess) throws -> () throws -> Void
        ) async throws {
            let server = try ServerProcess(folder: folder, options: options)
            defer { server.end() }
            try server.start()
            do {
                var report = FaultReport(name)
                let witness = try RawClient.extended("palpatine", port: server.port)
                let outcome = try await DurableLoad(window: 1).run(on: server) { ledger in
                    try DurableLoad.awaitProgress(of: ledger)
                    try eventually("everyone is here") { try witness.asksWhoElse().count == 6 }
                    let end = try fault(server)
                    let before = try server.processorTicks()
                    let first = try seconds {
                        try eventually("a refusal") {
                            try ledger.check()
                            return ledger.refusals > 0
                        }
                    }
                    report.note("refused after", seconds: first)
                    usleep(UInt32(Self.duration * 1e6))
                    // Who is there stays there, and what needs no disk is answered.
                    #expect(try witness.asksWhoElse().count == 6)
                    // Where a long commit does not fit any more, a short one may, once or twice.
                    try eventually("a login is refused") { try statusOfLogin("obiwan", server) == "unavailable" }
                    let ticks = try server.processorTicks() - before
                    try end()
                    let recovery = try seconds { try DurableLoad.awaitProgress(of: ledger) }
                    report.note("works again after", seconds: recovery)
                    report.note("processor time in the fault", "\(ticks * 10) ms")
                }
                #expect(!server.hasEnded)
                #expect(contents(of: server.logPath).contains("the store works again"))
                #expect(try witness.tell("obiwan", "that was it") == .success)
                outcome.check()
                #expect(try statusOfLogin("obiwan", server) == "success")
                // What was confirmed is on the disk and not in the server's memory.
                server.killNow()
                try server.start()
                let again = try RawClient.extended("obiwan", port: server.port)
                try again.awaits("that was it", from: "palpatine")
                report.note("refusals", outcome.ledger.refusals)
                outcome.describe(in: &report)
                report.print()
            } catch { throw Failure("\(error)\n\(server.logTail)") }
        }

        private func statusOfLogin(_ name: String, _ server: ServerProcess) throws -> String {
            let client = try RawClient(port: server.port)
            let dialect = Dialect(isExtended: true, wantsPresence: false)
            try client.send(.login(.init(name: UserName(name), password: Accounts.password(of: name), dialect: dialect)), id: 0)
            return try client.first("reply to the login") { message in
                switch message {
                case .reply(.login(let status, _), _): "\(status)"
                case .reply(.refused(_, let refusal), _): "\(refusal)"
                default: nil
                }
            }
        }

        // MARK: At the start

        @Test(.enabled(if: PrivateDisk.isPossible, "needs root and mount namespaces"))
        func aServerOnAFullDiskSaysSoAndStartsWhenThereIsRoom() throws {
            try withTemporaryFolder { folder in
                let disk = try PrivateDisk(mebibytes: 4, folder: folder)
                defer { disk.end() }
                var options = ServerProcess.Options()
                options.data = "\(disk.path)/data"
                options.prefix = disk.prefix
                let server = try ServerProcess(folder: folder, options: options)
                defer { server.end() }
                try disk.fill()
                try expectRefusal(of: server, options, naming: disk.path)
                try disk.free()
                try server.start()
                #expect(try RawClient.extended("hans", port: server.port).tell("yoda", "room again") == .success)
                // In good order: a log that is left has room for what a start writes.
                try #require(try server.stop() == .status(0))
                // With a database and no room for its log.
                try disk.fill()
                try expectRefusal(of: server, options, naming: disk.path)
                try disk.free()
                try server.start()
                try RawClient.extended("yoda", port: server.port).awaits("room again", from: "hans")
            }
        }

        @Test func aDatabaseDamagedInTheMiddleIsRefusedAtTheStart() throws {
            try withServer { server in
                let hans = try RawClient.extended("hans", port: server.port)
                for number in 1...200 { try hans.tell("yoda", "\(number) " + String(repeating: "x", count: 500)) }
                try #require(try server.stop() == .status(0))
                let path = try #require(try SQLite.databases(in: server.dataPath).first)
                #expect(access(path + "-wal", F_OK) != 0, "who ends in good order leaves everything in the one file")
                let original = try Data(contentsOf: URL(fileURLWithPath: path))
                try #require(original.count > 20 * 4096)
                func spoiled(_ change: (inout Data) -> Void) throws {
                    var data = original
                    change(&data)
                    try data.write(to: URL(fileURLWithPath: path))
                    try expectRefusal(of: server, .init(), naming: path)
                }
                try spoiled { $0.removeLast($0.count / 2) }
                try spoiled { data in data.replaceSubrange(8 * 4096..<20 * 4096, with: repeatElement(0xA5, count: 12 * 4096)) }
                try spoiled { data in data.replaceSubrange(8 * 4096..<20 * 4096, with: repeatElement(0, count: 12 * 4096)) }
                try original.write(to: URL(fileURLWithPath: path))
                // What lies beside it is no part of it.
                try Data(repeating: 0x5A, count: 100_000).write(to: URL(fileURLWithPath: path + "-wal"))
                try server.start()
                try RawClient.extended("yoda", port: server.port).awaits("200 " + String(repeating: "x", count: 500), from: "hans")
            }
        }

        /// One line that names the path and ends the program at once.
        private func expectRefusal(
            of server: ServerProcess, _ options: ServerProcess.Options, naming path: String, at place: SourceLocation = #_sourceLocation
        ) throws {
            let command =
                try options.prefix + [Binaries.banterd()]
                + ["0", "--credentials", server.credentialsPath, "--data", server.dataPath, "--password-cost", "4"]
            let run = try CommandRun(command[0], Array(command.dropFirst()), folder: server.folder)
            guard case .status(let status) = run.exit, status != 0 else {
                throw Failure("not refused: \(run.exit) \(run.output) \(run.errors)", at: place)
            }
            #expect(run.output.isEmpty, sourceLocation: place)
            #expect(run.errors.split(separator: "\n").count == 1, "not one line: \(run.errors)", sourceLocation: place)
            #expect(run.errors.contains(path), "not named: \(run.errors)", sourceLocation: place)
        }
    }
}
