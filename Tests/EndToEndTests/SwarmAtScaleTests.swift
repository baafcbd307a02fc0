import Foundation
import Testing

/// Whole swarms of the real client, on machines of their own with lines of limited speed; minutes long, so only on request.
///
/// The limits make these machines out of one: without them the two processors would be all that there is to share, and no swarm can add
/// to those. Figures are printed.
extension EndToEnd {
    @Suite(
        .enabled(if: ProcessInfo.processInfo.environment["BANTER_LONG_TESTS"] != nil, "set BANTER_LONG_TESTS"),
        .enabled(if: Machines.isPossible, "needs root, network namespaces and tcpdump"))
    struct SwarmAtScaleTests {
        /// Seconds for the longest of transfers.
        private static let patience = 200.0

        private func withScene(_ people: [String], megabits: Int = 400, _ body: (SwarmScene) throws -> Void) throws {
            try withTemporaryFolder { folder in
                let scene = try SwarmScene(people, megabits: megabits, folder: folder)
                defer { scene.end() }
                do { try body(scene) } catch { throw Failure("\(error)\n\(scene.server.logTail)") }
            }
        }

        private func offer(_ path: String, by client: PipeClient) throws {
            try client.write("register \(path)")
            try client.expect("an offer", within: 60, where: { $0.hasPrefix("film.mkv is offered") })
        }

        private func awaitFile(_ client: PipeClient, of user: String, _ scene: SwarmScene) throws {
            try client.expect("[1] film.mkv is complete: \(scene.path("film.mkv", of: user))", within: Self.patience)
        }

        /// Seconds that `body` takes.
        private func time(_ body: () throws -> Void) rethrows -> Double {
            let start = Deadline.uptime()
            try body()
            return Double(Deadline.uptime() - start) / 1e9
        }

        private func report(_ words: String) { print("SwarmAtScale: \(words)") }

        private func memory(_ client: PipeClient) -> String {
            let line = contents(of: "/proc/\(client.pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line.map { $0.dropFirst(6).trimmingCharacters(in: .whitespaces) } ?? "?"
        }

        @Test func fourFetchFromOneAndFromEachOtherWhilePeopleChat() throws {
            let fetchers = ["luke", "yoda", "leia", "vader"]
            try withScene(["hans", "r2d2", "c3p0", "chewy", "palpatine"] + fetchers) { scene in
                let mebibytes = 1024
                let file = try scene.makeFile("film.mkv", mebibytes: mebibytes)
                let hans = try scene.client("hans")
                try offer(file, by: hans)
                let pairs = [
                    try scene.chat("c3p0", on: "c3p0", "chewy", on: "chewy"),
                    try scene.chat("obiwan", on: "hans", "palpatine", on: "palpatine"),
                ]
                let r2d2 = try scene.client("r2d2")
                let alone = try time {
                    try r2d2.write("download film.mkv")
                    try awaitFile(r2d2, of: "r2d2", scene)
                }
                try r2d2.write("logout")
                #expect(try r2d2.exitStatus() == .status(0))
                try FileManager.default.removeItem(atPath: scene.path("film.mkv", of: "r2d2"))

                let clients = try fetchers.map { try scene.client($0) }
                let (_, idle) = try PingPong.during(pairs) { counts in
                    try eventually("enough is measured", within: 60) { counts().allSatisfy { $0 >= 500 } }
                }
                let before = try (["hans"] + fetchers).map { try scene.machines.traffic(of: $0) }
                let (together, chat) = try PingPong.during(pairs) { _ in
                    try time {
                        for client in clients { try client.write("download film.mkv") }
                        for (client, user) in zip(clients, fetchers) { try awaitFile(client, of: user, scene) }
                    }
                }
                let after = try (["hans"] + fetchers).map { try scene.machines.traffic(of: $0) }
                let sent = zip(before, after).map { $1.sent - $0.sent }
                let wanted = fetchers.count * mebibytes << 20
                report("one to one: \(alone) s; one to four: \(together) s, \(together / alone) times")
                report("sent by \(zip(["hans"] + fetchers, sent).map { "\($0): \($1 >> 20) MiB" }.joined(separator: ", "))")
                report("share of the owner: \(Double(sent[0]) / Double(wanted))")
                for (pair, times) in zip(["machines of their own", "the owner's machine and another"], zip(idle, chat)) {
                    report("chat, \(pair): idle \(times.0)")
                    report("chat, \(pair): during \(times.1)")
                }
                report("most memory: \(zip(["hans"] + fetchers, [hans] + clients).map { "\($0) \(memory($1))" }.joined(separator: ", "))")
                for user in fetchers { #expect(try scene.has(user, file), "\(user) has something else") }
                #expect(sent[0] * 2 <= wanted, "more than half came from the owner")
                #expect(together <= 1.5 * alone)
                for (idle, during) in zip(idle, chat) { #expect(during.percentile(0.99) <= 2 * idle.percentile(0.99)) }
            }
        }

        @Test func oneKilledOneLiarAndOneWhoStallsHoldNobodyUp() throws {
            let fetchers = ["luke", "yoda", "leia"]
            try withScene(["hans", "chewy", "vader", "r2d2"] + fetchers) { scene in
                let file = try scene.makeFile("film.mkv", mebibytes: 256)
                let liar = try scene.played("vader", SwarmPeer.liar)
                defer { liar.end() }
                let staller = try scene.played("r2d2", SwarmPeer.staller)
                defer { staller.end() }
                let hans = try scene.client("hans")
                let chewy = try scene.client("chewy")
                try offer(file, by: hans)
                try offer(file, by: chewy)
                for peer in [liar, staller] { try peer.register(file) }
                let clients = try fetchers.map { try scene.client($0) }
                let seconds = try time {
                    for client in clients { try client.write("download film.mkv") }
                    try eventually("chewy serves them") { fetchers.allSatisfy { chewy.errors.contains("\($0) is fetching") } }
                    chewy.killNow()
                    for (client, user) in zip(clients, fetchers) { try awaitFile(client, of: user, scene) }
                }
                report("256 MiB to three, one killed, one liar, one staller: \(seconds) s")
                for (client, user) in zip(clients, fetchers) {
                    #expect(try scene.has(user, file))
                    #expect(client.errors.contains("[1] vader sent false data for film.mkv and is not asked any more"), "\(client.errors)")
                }
            }
        }

        @Test func whoWasKilledFetchesOnlyTheRest() throws {
            try withScene(["hans", "luke"]) { scene in
                let (size, slack) = (256 << 20, 24 << 20)
                let file = try scene.makeFile("film.mkv", mebibytes: 256)
                let hans = try scene.client("hans")
                try offer(file, by: hans)
                var luke = try scene.client("luke")
                let start = try scene.machines.traffic(of: "luke").received
                try luke.write("download film.mkv")
                var first = 0
                try eventually("60 % are there", within: Self.patience) {
                    first = try scene.machines.traffic(of: "luke").received - start
                    return first > size * 6 / 10
                }
                luke.killNow()
                try hans.expect("luke logged out", within: 60)
                first = try scene.machines.traffic(of: "luke").received - start
                luke = try scene.client("luke")
                try luke.write("transfers resume 1")
                try awaitFile(luke, of: "luke", scene)
                let second = try scene.machines.traffic(of: "luke").received - start - first
                report("256 MiB: \(first >> 20) MiB before it was killed, \(second >> 20) MiB after")
                #expect(try scene.has("luke", file))
                #expect(first + second < size * 103 / 100 + slack)
            }
        }

        @Test func transfersGoOnWhileTheServerIsGoneAndTheIndexHeals() throws {
            let fetchers = ["luke", "yoda"]
            try withScene(["hans", "leia"] + fetchers) { scene in
                let file = try scene.makeFile("film.mkv", mebibytes: 256)
                let hans = try scene.client("hans")
                try offer(file, by: hans)
                let clients = try fetchers.map { try scene.client($0) }
                let start = try fetchers.map { try scene.machines.traffic(of: $0).received }
                func received() throws -> [Int] { try zip(fetchers, start).map { try scene.machines.traffic(of: $0).received - $1 } }
                for client in clients { try client.write("download film.mkv") }
                try eventually("some of it is there", within: Self.patience) { try received().allSatisfy { $0 > 64 << 20 } }
                scene.server.killNow()
                let atKill = try received()
                #expect(atKill.allSatisfy { $0 < 200 << 20 }, "it was all there before the server was gone")
                // Goes on without it.
                try eventually("more is there", within: Self.patience) { try zip(received(), atKill).allSatisfy { $0 > $1 + 16 << 20 } }
                try scene.server.start()
                for (client, user) in zip(clients, fetchers) { try awaitFile(client, of: user, scene) }
                for user in fetchers { #expect(try scene.has(user, file)) }
                let leia = try scene.client("leia")
                var owners: Set<String> = []
                try eventually("all are found again", within: 60) {
                    try leia.write("searchfile film.mkv", "transfers")
                    try leia.expect("the end of the answer") { line in
                        for user in ["hans"] + fetchers where line == "    \(user) has all of it" { owners.insert(user) }
                        return line == "No transfers"
                    }
                    return owners.count == 3
                }
            }
        }
    }
}
