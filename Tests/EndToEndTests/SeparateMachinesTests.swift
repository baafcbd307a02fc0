import Foundation
import Testing

/// Two full-screen clients and a server on a machine each.
extension EndToEnd {
    @Suite(.enabled(if: Machines.isPossible, "needs root, network namespaces and tcpdump")) struct SeparateMachinesTests {
        private static let secrets = ["the plans are in the droid", "many bothans died"]

        /// A server, and hans and luke logged in.
        private func withMachines(_ body: (Machines, ServerProcess, _ hans: Screen, _ luke: Screen) throws -> Void) throws {
            try withTemporaryFolder { folder in
                let machines = try Machines(["server", "hans", "luke"], folder: folder)
                var options = ServerProcess.Options()
                options.host = machines.address(of: "server")
                options.prefix = machines.on("server")
                try withServerAndTerminals(options) { server, tmux in
                    let screens = try ["hans", "luke"].map { name in
                        let screen = try tmux.screen()
                        try screen.startClient(server, on: machines.on(name))
                        try screen.fillInLogin(name, Accounts.password(of: name))
                        // Not on this machine: the fingerprint is to be compared.
                        try screen.waitFor("SHA256:")
                        try screen.press("y")
                        try screen.waitFor(Screen.everyonePrompt)
                        return screen
                    }
                    try screens[0].waitFor("● luke")
                    try body(machines, server, screens[0], screens[1])
                }
            }
        }

        /// Opens a session and says something in each direction; returns how long it took to open, in seconds.
        private func talk(_ route: String, _ hans: Screen, _ luke: Screen) throws -> Double {
            try hans.type("/startprivate luke")
            let start = ContinuousClock.now
            try hans.press("Enter")
            try hans.waitFor("luke · private, \(route), not verified")
            let time = ContinuousClock.now - start
            try hans.enter(Self.secrets[0])
            try luke.press("F3")
            try luke.waitFor(Self.secrets[0])
            try luke.enter(Self.secrets[1])
            try hans.waitFor(Self.secrets[1])
            try hans.waitFor("✓ delivered")
            return time / .seconds(1)
        }

        @Test func aSessionGoesStraightFromMachineToMachine() throws {
            try withMachines { machines, server, hans, luke in
                let traffic = try machines.capture(on: "server") { _ = try talk("direct", hans, luke) }
                #expect(traffic.count > 500)
                #expect(Self.secrets.allSatisfy { traffic.range(of: Data($0.utf8)) == nil })
                server.killNow()
                try hans.waitFor("reconnecting")
                try hans.enter("without a server")
                try luke.waitFor("without a server")
            }
        }

        @Test func whereNoDirectWayIsTheRelayHelpsAndLearnsNothing() throws {
            try withMachines { machines, server, hans, luke in
                try machines.separate(["hans", "luke"])
                var time = 0.0
                let traffic = try machines.capture(on: "server") { time = try talk("relayed", hans, luke) }
                // Two seconds are for direct ways; a loaded machine gets some more.
                #expect(time > 1.9 && time < 4, "relayed after \(time) s")
                // Both halves of the relayed session were captured, and none of it can be read.
                #expect(traffic.count > 5_000)
                for secret in Self.secrets {
                    #expect(traffic.range(of: Data(secret.utf8)) == nil, "on the network")
                    #expect(try !memory(of: server.pid, holds: Data(secret.utf8)), "in the server's memory")
                    #expect(try !disk(server.dataPath, holds: Data(secret.utf8)), "on the server's disk")
                }
                // The search finds what is there: what was said to everyone passes the server in the clear.
                try hans.press("F2")
                try hans.enter("not a secret at all")
                try luke.waitFor("not a secret at all")
                #expect(try disk(server.dataPath, holds: Data("not a secret at all".utf8)))
                #expect(try memory(of: server.pid, holds: Data("not a secret at all".utf8)))
            }
        }

        private func memory(of pid: pid_t, holds text: Data) throws -> Bool {
            let memory = try openFile("/proc/\(pid)/mem", O_RDONLY)
            defer { close(memory) }
            for line in contents(of: "/proc/\(pid)/maps").split(separator: "\n") {
                let fields = line.split(separator: " ", omittingEmptySubsequences: true)
                let range = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
                guard fields[1].hasPrefix("rw"), range.count == 2, range[1] - range[0] < 1 << 32 else { continue }
                var bytes = Data(count: Int(range[1] - range[0]))
                let count = bytes.withUnsafeMutableBytes { pread(memory, $0.baseAddress, $0.count, off_t(range[0])) }
                if count > 0, bytes.prefix(count).range(of: text) != nil { return true }
            }
            return false
        }

        private func disk(_ folder: String, holds text: Data) throws -> Bool {
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
            #expect(!names.isEmpty)
            return names.contains { FileManager.default.contents(atPath: "\(folder)/\($0)")?.range(of: text) != nil }
        }
    }
}
