import Foundation
import Testing

/// Files from client to client, between real ones.
extension EndToEnd {
    @Suite struct SwarmTests {
        /// Each person has folders of their own.
        private func client(_ name: String, _ server: ServerProcess, _ arguments: [String] = []) throws -> PipeClient {
            let folder = "\(server.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let client = try PipeClient(port: server.port, folder: folder, ["--downloads", "\(folder)/downloads"] + arguments)
            try client.write(name, Accounts.password(of: name))
            try client.expectWelcome()
            return client
        }

        private func path(_ name: String, of user: String, _ server: ServerProcess) -> String {
            "\(server.folder)/\(user)/downloads/\(name)"
        }

        /// A file of bytes that nobody can guess.
        private func makeFile(_ name: String, _ size: Int, _ server: ServerProcess) throws -> Data {
            var data = Data(count: size)
            let random = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/urandom"))
            var place = 0
            while place < size, let part = try random.read(upToCount: size - place), !part.isEmpty {
                data.replaceSubrange(place..<place + part.count, with: part)
                place += part.count
            }
            try data.write(to: URL(fileURLWithPath: "\(server.folder)/\(name)"))
            return data
        }

        @Test func aFileGoesFromClientToClientAndOn() throws {
            try withServer { server in
                let data = try makeFile("film.mkv", 20_000_000, server)
                let hans = try client("hans", server)
                let luke = try client("luke", server)
                let yoda = try client("yoda", server)
                try hans.write("register \(server.folder)/film.mkv")
                try hans.expect("an offer", where: { $0.hasPrefix("film.mkv is offered: 20.0 MB, 77 chunks, film.mkv#") })
                try luke.write("searchfile film.mkv", "searchchunk film.mkv 0,76")
                try luke.expect("    hans has all of it")
                try luke.expect("    hans has 0,76")
                try luke.write("download film.mkv")
                try luke.expect("[1] film.mkv is complete: \(path("film.mkv", of: "luke", server))")
                #expect(FileManager.default.contents(atPath: path("film.mkv", of: "luke", server)) == data)

                // The owner leaves; who has fetched it passes it on.
                try hans.write("logout")
                #expect(try hans.exitStatus() == .status(0))
                try yoda.write("download film.mkv")
                try yoda.expect("[1] film.mkv is complete: \(path("film.mkv", of: "yoda", server))")
                #expect(FileManager.default.contents(atPath: path("film.mkv", of: "yoda", server)) == data)
                try yoda.write("logout")
                #expect(try yoda.exitStatus() == .status(0))
                #expect(luke.errors.contains("yoda is fetching film.mkv from you"))
            }
        }

        @Test func oneChunkComesFromOnePerson() throws {
            try withServer { server in
                let data = try makeFile("film.mkv", 3_000_000, server)
                let hans = try client("hans", server)
                let luke = try client("luke", server)
                try hans.write("register \(server.folder)/film.mkv")
                try hans.expect("an offer", where: { $0.hasPrefix("film.mkv is offered") })
                try luke.write("private hans download film.mkv 2", "startprivate hans", "private hans download film.mkv 2")
                try luke.expect("Error. Private messaging to hans not enabled")
                try luke.expect("Start private messaging with hans")
                try luke.expect("[1] film.mkv is complete")
                try luke.write("private hans download film.mkv 99", "searchfile film.mkv")
                try luke.expect("Error. film.mkv has the chunks 0 to 11 only")
                try hans.write("searchchunk film.mkv 1,2")
                try hans.expect("    luke has 2")
                let parts = try FileManager.default.contentsOfDirectory(atPath: path(".partial", of: "luke", server))
                let part = try #require(parts.first { $0.hasSuffix(".part") })
                let bytes = try #require(FileManager.default.contents(atPath: path(".partial/\(part)", of: "luke", server)))
                let piece = 2 * 262_144..<3 * 262_144
                #expect(bytes.subdata(in: piece) == data.subdata(in: piece))
            }
        }

        @Test func refusalsAreSaidInWords() throws {
            try withServer { server in
                let hans = try client("hans", server)
                try hans.write("register \(server.folder)/nothing", "register \(server.folder)", "register /dev/null", "download nothing")
                try hans.expectNext("Error. Not offered: there is no file \(server.folder)/nothing")
                try hans.expectNext("Error. Not offered: \(server.folder) is a folder")
                try hans.expectNext("Error. Not offered: /dev/null is not a plain file")
                try hans.expectNext("Error. Nobody who is online offers nothing")
                try hans.write("searchfile nothing", "download ../etc/passwd", "transfers", "transfers end 3")
                try hans.expectNext("Error. Nobody who is online offers a file of that name")
                try hans.expect("a refusal of the name", where: { $0.hasPrefix("Error. No file can be called that: ") })
                try hans.expectNext("No transfers")
                try hans.expectNext("Error. There is no transfer 3")
                #expect(try hans.finish() == .status(5))
            }
        }

        @Test func whoIsNotServedSaysSo() throws {
            try withServer { server in
                _ = try makeFile("film.mkv", 300_000, server)
                let hans = try client("hans", server, ["--serve", "verified"])
                let luke = try client("luke", server)
                try hans.write("register \(server.folder)/film.mkv")
                try hans.expect("an offer", where: { $0.hasPrefix("film.mkv is offered") })
                try luke.write("download film.mkv")
                try luke.expect("[1] Fetching film.mkv, 300 kB")
                try hans.write("startprivate luke")
                try hans.expect("Start private messaging with luke")
                try hans.write("verify luke yes")
                try luke.expect("[1] film.mkv is complete: \(path("film.mkv", of: "luke", server))")
                #expect(hans.errors.contains("luke wanted files from you and was turned away"))
            }
        }

        @Test func aDownloadGoesOnWithoutTheServerAndTheIndexHeals() throws {
            try withServer { server in
                let data = try makeFile("film.mkv", 100_000_000, server)
                let hans = try client("hans", server)
                let luke = try client("luke", server)
                try hans.write("register \(server.folder)/film.mkv")
                try hans.expect("an offer", where: { $0.hasPrefix("film.mkv is offered") })
                try luke.write("download film.mkv")
                try luke.expect("[1] Fetching film.mkv, 100 MB")
                try eventually("some of it is there") { try written(by: luke.pid) > 10_000_000 }
                server.killNow()
                #expect(try written(by: luke.pid) < 90_000_000, "it was all there before the server was gone")
                try luke.expect("[1] film.mkv is complete: \(path("film.mkv", of: "luke", server))")
                #expect(FileManager.default.contents(atPath: path("film.mkv", of: "luke", server)) == data)
                try server.start()
                let yoda = try client("yoda", server)
                try eventually("both are found again") {
                    // The answer to the second command ends that to the first, which may name one owner or both.
                    try yoda.write("searchfile film.mkv", "transfers")
                    var count = 0
                    try yoda.expect("the end of the answer") { line in
                        if line.hasSuffix("has all of it") { count += 1 }
                        return line == "No transfers"
                    }
                    return count == 2
                }
            }
        }

        @Test func aClientThatWasKilledFetchesOnlyTheRest() throws {
            try withServer { server in
                let data = try makeFile("film.mkv", 100_000_000, server)
                let hans = try client("hans", server)
                try hans.write("register \(server.folder)/film.mkv")
                try hans.expect("an offer", where: { $0.hasPrefix("film.mkv is offered") })
                var luke = try client("luke", server)
                try luke.write("download film.mkv")
                try eventually("some of it is there") { try written(by: luke.pid) > 50_000_000 }
                luke.killNow()
                try hans.expect("luke logged out")
                luke = try client("luke", server)
                try luke.write("transfers resume 1")
                try luke.expect("[1] film.mkv is complete: \(path("film.mkv", of: "luke", server))")
                #expect(luke.errors.contains("film.mkv was not finished last time"))
                #expect(FileManager.default.contents(atPath: path("film.mkv", of: "luke", server)) == data)
                // What had been written was not written again, but for pieces that were not whole.
                #expect(try written(by: luke.pid) < 50_000_000 + 64 * 262_144)
            }
        }

        /// Bytes that a process has written to files, sockets and pipes.
        private func written(by pid: pid_t) throws -> Int {
            let line = contents(of: "/proc/\(pid)/io").split(separator: "\n").first { $0.hasPrefix("wchar: ") }
            return try #require(line.flatMap { Int($0.dropFirst(7)) })
        }
    }
}
