import ChatProtocol
import Foundation
import Testing

/// Those who pass for somebody else: nothing is sent to them, and the words say so.
extension EndToEnd {
    @Suite struct ImpostorTests {
        private func client(_ name: String, port: UInt16, _ server: ServerProcess, folder: String? = nil) throws -> PipeClient {
            let folder = "\(server.folder)/\(folder ?? name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let client = try PipeClient(port: port, folder: folder, ["--plaintext"])
            try client.write(name, Accounts.password(of: name))
            try client.expectWelcome()
            return client
        }

        @Test func aServerThatNamesAnotherKeyIsFoundOut() throws {
            try withServer { server in
                let luke = try client("luke", port: server.port, server)
                let other = String(repeating: "ab", count: 32)
                let liar = try LyingServer(before: server.port) { line in
                    guard line.contains("\"startprivate\""), let pin = line.firstMatch(of: /[0-9a-f]{64}/) else { return line }
                    return line.replacing(pin.output, with: other)
                }
                let hans = try client("hans", port: liar.port, server)
                try hans.write("startprivate luke", "private luke the plans are in the droid")
                try hans.expectNext("Error. Somebody answered in place of luke, with another key than the server named. Nothing was sent")
                try hans.expectNext("Error. Private messaging to luke not enabled")
                // luke was to expect hans, and heard nothing.
                try luke.write("private hans hello")
                try luke.expect("Error. Private messaging to hans not enabled")
                #expect(!luke.transcript.contains { $0.contains("droid") })
            }
        }

        @Test func whoComesWithAnotherKeyThanAnnouncedIsNotLetIn() throws {
            try withServer { server in
                let other = String(repeating: "cd", count: 32)
                let liar = try LyingServer(before: server.port) { line in
                    guard line.contains("\"private_request\""), let pin = line.firstMatch(of: /[0-9a-f]{64}/) else { return line }
                    return line.replacing(pin.output, with: other)
                }
                let luke = try client("luke", port: liar.port, server)
                let hans = try client("hans", port: server.port, server)
                try hans.write("startprivate luke")
                try hans.expect("a refusal", where: { $0.hasPrefix("Error. luke cannot be reached (") })
                try luke.expect("Error. Somebody answered in place of hans, with another key than the server named. Nothing was sent")
            }
        }

        @Test func aKeyThatChangedAfterItWasVerifiedStopsEverythingUntilItIsAccepted() throws {
            try withServer { server in
                let hans = try client("hans", port: server.port, server)
                var luke = try client("luke", port: server.port, server)
                try hans.write("startprivate luke", "verify luke yes", "stopprivate luke")
                try hans.expect("Start private messaging with luke")
                try hans.expect("luke is verified")
                try luke.expect("hans has stopped private messaging")
                try luke.write("logout")
                #expect(try luke.exitStatus() == .status(0))
                try hans.expect("luke logged out")

                luke = try client("luke", port: server.port, server, folder: "new")
                try hans.expect("luke logged in")
                try hans.write("startprivate luke", "private luke the plans are in the droid")
                try hans.expectNext("Error. The key of luke has changed since you verified it. Nothing was sent")
                try hans.expectNext("Error. Private messaging to luke not enabled")
                // Nor can luke begin.
                try luke.write("startprivate hans")
                try hans.write("acceptkey luke")
                try hans.expectNext("The key of luke is accepted, but not verified")
                try luke.expect("Start private messaging with hans")
                try hans.write("private luke welcome back")
                try luke.expect("hans (private): welcome back")
                #expect(!luke.transcript.contains { $0.contains("droid") })
            }
        }

        @Test func aRelayTicketIsGoodOnce() throws {
            try withServer { server in
                // Two sides that only the test plays.
                let sides = try ["hans", "luke"].enumerated().map { number, name in
                    let side = try RawClient(port: server.port)
                    let pin = try #require(PeerPin(digest: [UInt8](repeating: UInt8(number + 1), count: 32)))
                    #expect(try side.logIn(name, peer: PeerOffer(pin: pin, candidates: [])).0 == .success)
                    return side
                }
                try sides[0].send(.startprivate(UserName("luke")), id: 2)
                let ticket = try sides[0].first("introduction") { message in
                    if case .reply(.startprivate(.peer(let introduction)), _) = message { introduction.ticket } else { nil }
                }
                func knock(_ ticket: RelayTicket) throws -> RawClient {
                    let door = try RawClient(port: server.port)
                    try door.send(.relay(ticket), id: 1)
                    return door
                }
                let first = try knock(ticket)
                let other = try sides[1].first("request") { message in
                    if case .event(.privateRequest(let introduction)) = message { introduction.ticket } else { nil }
                }
                let second = try knock(other)
                for door in [first, second] { #expect(try answer(of: door) == .ready) }
                for ticket in [ticket, other] { #expect(try answer(of: knock(ticket)) == .expired) }
            }
        }

        private func answer(of door: RawClient) throws -> Reply.RelayStatus {
            try door.first("answer at the relay") { message in
                if case .reply(.relay(let status), _) = message { status } else { nil }
            }
        }
    }
}
