import ChatProtocol
import Foundation
import Testing

/// Private sessions from client to client, between two real ones in line mode.
extension EndToEnd {
    @Suite struct PrivateSessionTests {
        /// Each person has a folder, and with it an identity, of their own.
        private func client(_ name: String, _ server: ServerProcess) throws -> PipeClient {
            let folder = "\(server.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let client = try PipeClient(port: server.port, folder: folder)
            try client.write(name, Accounts.password(of: name))
            try client.expectWelcome()
            return client
        }

        @Test func theOriginalAssignmentsTranscriptHolds() throws {
            try withServer { server in
                let luke = try client("luke", server)
                let hans = try client("hans", server)
                try hans.write("private luke too early", "startprivate hans", "startprivate nobody", "startprivate yoda")
                try hans.expectNext("Error. Private messaging to luke not enabled")
                try hans.expectNext("Error. Cannot start private messaging with self")
                try hans.expectNext("Error. Invalid user")
                try hans.expectNext("Error. yoda is offline")

                try hans.write("startprivate luke", "private luke hey dude")
                try hans.expectNext("Start private messaging with luke")
                try luke.expect("hans (private): hey dude")
                try luke.write("private hans hello yourself")
                try hans.expectNext("luke (private): hello yourself")

                try hans.write("stopprivate luke", "private luke gone")
                try luke.expect("hans has stopped private messaging")
                try hans.expectNext("Error. Private messaging to luke not enabled")
            }
        }

        @Test func aBlockRefusesNewSessionsAndLeavesAnOpenOneAlone() throws {
            try withServer { server in
                let luke = try client("luke", server)
                let hans = try client("hans", server)
                try hans.write("startprivate luke")
                try hans.expectNext("Start private messaging with luke")
                try luke.write("block hans")
                try luke.expect("hans is blocked")
                try hans.write("private luke still here")
                try luke.expectNext("hans (private): still here")
                try hans.write("stopprivate luke", "startprivate luke")
                try hans.expect("Error. luke has blocked you")
            }
        }

        @Test func aSessionOutlivesTheServer() throws {
            try withServer { server in
                let luke = try client("luke", server)
                let hans = try client("hans", server)
                try hans.write("startprivate luke")
                try hans.expectNext("Start private messaging with luke")
                server.killNow()
                try hans.write("private luke the server is gone")
                try luke.expect("hans (private): the server is gone")
                try luke.write("private hans we are not")
                try hans.expect("luke (private): we are not")
            }
        }

        @Test func whoIsGoneIsTold() throws {
            try withServer { server in
                let luke = try client("luke", server)
                let hans = try client("hans", server)
                try hans.write("startprivate luke")
                try hans.expectNext("Start private messaging with luke")
                #expect(try luke.finish() == .status(0))
                try hans.expect("Private messaging with luke is over: luke has left")
                try hans.write("private luke anybody there")
                try hans.expect("Error. Private messaging to luke not enabled")
            }
        }

        @Test func aClientOfTheOriginalIsRefusedInWords() throws {
            try withServer { server in
                let hans = try client("hans", server)
                let yoda = try RawClient.original("yoda", port: server.port)
                try hans.expect("yoda logged in")
                try hans.write("startprivate yoda")
                try hans.expectNext("Error. yoda uses a client without encrypted private messaging")
                yoda.close()
            }
        }
    }
}
