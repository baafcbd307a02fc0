import ChatPeer
import ChatProtocol
import Foundation
import Testing

/// Peers, and servers, that mean harm to those who share files.
extension EndToEnd {
    @Suite struct SwarmHostilityTests {
        private func folder(_ name: String, _ server: ServerProcess) throws -> String {
            let folder = "\(server.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            return folder
        }

        private func client(_ name: String, _ server: ServerProcess, port: UInt16? = nil) throws -> PipeClient {
            let folder = try folder(name, server)
            let client = try PipeClient(port: port ?? server.port, folder: folder, ["--plaintext", "--downloads", "\(folder)/downloads"])
            try client.write(name, Accounts.password(of: name))
            try client.expectWelcome()
            return client
        }

        private func played(_ name: String, _ server: ServerProcess, _ conduct: @escaping SwarmPeer.Conduct) throws -> SwarmPeer {
            try SwarmPeer(name, server, folder: try folder(name, server), conduct: conduct)
        }

        private func path(of user: String, _ server: ServerProcess) -> String { "\(server.folder)/\(user)/downloads/film.mkv" }

        private func makeFile(_ size: Int, _ server: ServerProcess) throws -> (path: String, bytes: Data) {
            let path = "\(server.folder)/film.mkv"
            let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/urandom")).read(upToCount: size) ?? Data()
            try #require(bytes.count == size)
            try bytes.write(to: URL(fileURLWithPath: path))
            return (path, bytes)
        }

        private func offer(_ path: String, by client: PipeClient) throws {
            try client.write("register \(path)")
            try client.expect("an offer", where: { $0.hasPrefix("film.mkv is offered") })
        }

        @Test func aLiarAStallerAndOneWhoDiesHoldNobodyUp() throws {
            try withServer { server in
                let file = try makeFile(32 << 20, server)
                let liar = try played("vader", server, SwarmPeer.liar)
                defer { liar.end() }
                let staller = try played("r2d2", server, SwarmPeer.staller)
                defer { staller.end() }
                for peer in [liar, staller] { try peer.register(file.path) }
                let fetchers = ["luke", "yoda"]
                let clients = try fetchers.map { try client($0, server) }
                for client in clients { try client.write("download film.mkv") }
                // Nobody else has it yet, so that both are asked.
                for client in clients {
                    try eventually("the liar is named") {
                        client.errors.contains("[1] vader sent false data for film.mkv and is not asked any more")
                    }
                }
                let chewy = try client("chewy", server)
                try offer(file.path, by: chewy)
                try eventually("chewy serves") { chewy.errors.contains("is fetching film.mkv from you") }
                chewy.killNow()
                let hans = try client("hans", server)
                try offer(file.path, by: hans)
                for (client, user) in zip(clients, fetchers) {
                    try client.expect("[1] film.mkv is complete: \(path(of: user, server))")
                    #expect(FileManager.default.contents(atPath: path(of: user, server)) == file.bytes)
                }
            }
        }

        @Test func whoIsBlockedGetsNoMoreOfAFile() throws {
            try withServer { server in
                let file = try makeFile(16 << 20, server)
                let hans = try client("hans", server)
                try offer(file.path, by: hans)
                // It is in no hurry, so that it is not done before it is blocked.
                let asked = Locked(0)
                let luke = try played("luke", server) { frame in
                    guard case .request = frame else { return [frame] }
                    let count = asked.withLock { count in
                        count += 1
                        return count
                    }
                    return count <= 20 ? [frame] : []
                }
                defer { luke.end() }
                let name = try #require(FileDesignation("film.mkv"))
                luke.put(.download(name, UserTicket(number: 2)))
                func status() -> TransferStatus? {
                    luke.news.lazy.compactMap { if case .transfers(let list) = $0 { list.first?.status } else { nil } }.last
                }
                try eventually("some of it is there, and more is asked for") { status().map { $0.done > 0 && !$0.peers.isEmpty } ?? false }
                try hans.write("block luke")
                try hans.expect("luke is blocked")
                try eventually("the link is gone") { status()?.peers.isEmpty == true }
                // Nor does another attempt find it.
                luke.put(.searchfile(name.name, UserTicket(number: 3)))
                try eventually("it is not found") {
                    luke.news.contains { if case .found(_, _, let findings) = $0 { findings.isEmpty } else { false } }
                }
                #expect(status()?.phase == .fetching)
                #expect(status()?.peers.isEmpty == true)
            }
        }

        @Test func aTreeThatDoesNotMatchTheRootIsNotTaken() throws {
            try withServer { server in
                let file = try makeFile(3 << 20, server)
                let liar = try played("vader", server) { frame in
                    guard case .layer(let content, let from, var hashes) = frame else { return [frame] }
                    hashes.reverse()
                    return [.layer(content, from: from, hashes)]
                }
                defer { liar.end() }
                try liar.register(file.path)
                let luke = try client("luke", server)
                try luke.write("download film.mkv")
                try eventually("the liar is named") {
                    luke.errors.contains("[1] vader sent false data for film.mkv and is not asked any more")
                }
                // Nothing was made for a file that nobody has proven to be one.
                let parts = try FileManager.default.subpathsOfDirectory(atPath: "\(server.folder)/luke/downloads")
                #expect(parts.allSatisfy { !$0.hasSuffix(".part") && !$0.hasSuffix(".state") }, "\(parts)")
                let hans = try client("hans", server)
                try offer(file.path, by: hans)
                try luke.expect("[1] film.mkv is complete: \(path(of: "luke", server))")
            }
        }

        @Test func tenThousandRequestsAndWhatWasNotOfferedAreRefusedInBoundedMemory() throws {
            try withServer { server in
                let file = try makeFile(16 << 20, server)
                let root = try #require(Hash256([UInt8](repeating: 7, count: 32)))
                let secret = try #require(FileContent(root: root, size: 5_000_000))
                let refused = Locked<Set<UInt64>>([])
                let greedy = try played("vader", server) { frame in
                    guard case .request(let number, let content, let place) = frame else { return [frame] }
                    // Their upper half names no download, so that the answers are nobody's.
                    let many = (1...10_000).map { BulkFrame.request(UInt64($0), content, place) }
                    let foreign = [
                        BulkFrame.ask(secret), .request(20_000, secret, BlockPlace(piece: 0, block: 0)),
                        .wantLayer(secret, from: 0, count: 1),
                    ]
                    return refused.withLock { $0.insert(number).inserted && $0.count == 1 } ? foreign + many + [frame] : [frame]
                }
                defer { greedy.end() }
                let hans = try client("hans", server)
                try offer(file.path, by: hans)
                let before = try peakMemory(of: hans)
                greedy.put(.download(try #require(FileDesignation("film.mkv")), UserTicket(number: 2)))
                // Others are served all the same.
                let luke = try client("luke", server)
                try luke.write("download film.mkv")
                try luke.expect("[1] film.mkv is complete: \(path(of: "luke", server))")
                try eventually("the flood was sent") { refused.withLock { !$0.isEmpty } }
                try hans.write("transfers")
                try hans.expect("No transfers")
                let growth = try peakMemory(of: hans) - before
                #expect(growth < 48 << 20 + sanitizedMemory, "\(growth >> 20) MiB")
            }
        }

        @Test(arguments: [
            (#""name":"film.mkv""#, #""name":"../../escaped""#), (#""name":"film.mkv""#, #""name":"/tmp/escaped""#),
            (#""name":"film.mkv""#, #""name":".partial""#), (#""name":"film.mkv""#, "\"name\":\"\\u202Efilm.mkv\""),
            (#""size":3000000"#, #""size":1152921504606846976"#), (#""size":3000000"#, #""size":-1"#),
        ])
        func whatNoFileCanBeIsNotTakenFromTheServer(_ truth: String, _ lie: String) throws {
            try withServer { server in
                let file = try makeFile(3_000_000, server)
                let hans = try client("hans", server)
                try offer(file.path, by: hans)
                let isTold = Flag(false)
                let liar = try LyingServer(before: server.port) { line in
                    let lied = line.contains("\"searchfile\"") ? line.replacing(truth, with: lie) : line
                    if lied != line { isTold.isSet = true }
                    return lied
                }
                let luke = try client("luke", server, port: liar.port)
                let before = try everything(in: server.folder)
                try luke.write("download film.mkv")
                try eventually("the lie is told") { isTold.isSet }
                // What the server says after the lie shows that the lie was read.
                try hans.write("message luke it is told")
                try luke.expect("hans: it is told")
                #expect(!luke.transcript.contains { $0.contains("escaped") })
                let new = try everything(in: server.folder).subtracting(before)
                #expect(new.isEmpty, "\(new)")
            }
        }

        /// What the server itself is told is refused there.
        @Test(arguments: [
            #""name":"../film.mkv","size":5"#, #""name":"film\u0000.mkv","size":5"#, #""name":"film.mkv","size":1152921504606846976"#,
            #""name":"a/b","size":5"#,
        ])
        func theIndexTakesNothingThatNoFileCanBe(_ members: String) throws {
            try withServer { server in
                let pin = try #require(PeerPin(digest: [UInt8](repeating: 1, count: 32)))
                let vader = try RawClient(port: server.port)
                _ = try vader.logIn("vader", peer: PeerOffer(pin: pin, candidates: []))
                let root = String(repeating: "ab", count: 32)
                try vader.send(#"{"action":"register","id":7,\#(members),"root":"\#(root)","pieces":"all"}"# + "\n")
                let isRefused = try vader.first("refusal") { message in
                    switch message {
                    case .reply(.error(.badRequest, _), _): true
                    case .reply(.swarm, _): false
                    default: nil
                    }
                }
                #expect(isRefused)
            }
        }

        private func everything(in folder: String) throws -> Set<String> {
            Set(try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.contains("/data/") && !$0.hasPrefix("data/") })
        }

        private func peakMemory(of client: PipeClient) throws -> Int {
            let line = contents(of: "/proc/\(client.pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return try #require(line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }) * 1024
        }
    }
}
