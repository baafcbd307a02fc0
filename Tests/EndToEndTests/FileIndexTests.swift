import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct FileIndexTests {
        @Test func aFileIsFoundWhileItsOwnerIsThere() throws {
            try withServer { server in
                let root = try #require(Hash256([UInt8](1...32)))
                let content = try #require(FileContent(root: root, size: 5_000_000))
                let film = SharedFile(name: try #require(SafeName("film.mkv")), content: content)
                let pin = try #require(PeerPin(digest: [UInt8](repeating: 1, count: 32)))
                let hans = try RawClient(port: server.port)
                _ = try hans.logIn("hans", peer: PeerOffer(pin: pin, candidates: []))
                let yoda = try RawClient.extended("yoda", port: server.port)

                #expect(try yoda.asks(.searchfile(film.name)) == .searchfile(.unknownFile, []))
                var some = PieceSet(capacity: content.pieceCount)
                some.insert(2)
                #expect(try hans.asks(.register(film, some)) == .register(.success))
                #expect(try hans.asks(.have(content, [0, 1])) == .have(.success))
                let owner = SwarmFinding.Owner(user: try #require(UserName("hans")), count: 3)
                #expect(
                    try yoda.asks(.searchfile(film.name))
                        == .searchfile(.success, [SwarmFinding(file: film, owners: [owner], ownerCount: 1)]))
                #expect(try yoda.asks(.searchchunk(film.name, [7])) == .searchchunk(.unknownChunk, []))

                hans.close()
                try eventually("the file is gone with its owner") {
                    try yoda.asks(.searchfile(film.name)) == .searchfile(.unknownFile, [])
                }
            }
        }
    }
}

extension RawClient {
    fileprivate func asks(_ request: SwarmRequest, at place: SourceLocation = #_sourceLocation) throws -> SwarmReply {
        try send(.swarm(request))
        return try first("reply to \(request.action)", at: place) { message in
            if case .reply(.swarm(let reply), _) = message { reply } else { nil }
        }
    }
}
