import ChatProtocol
import Testing

@Suite struct SwarmCodecTests {
    let content: FileContent
    private let hash: Hash256

    init() throws {
        let root = try #require(Hash256([UInt8](1...32)))
        content = try #require(FileContent(root: root, size: 5_000_000))
        hash = try #require(Hash256([UInt8](repeating: 9, count: 32)))
    }

    var frames: [BulkFrame] {
        var some = PieceSet(capacity: content.pieceCount)
        some.insert(0)
        some.insert(17)
        return [
            .ask(content), .holding(content, some), .holding(content, PieceSet(all: content.pieceCount)), .nothing(content),
            .have(content, piece: 19), .wantLayer(content, from: 3, count: 17), .layer(content, from: 18, [hash, .zero]),
            .request(.max, content, BlockPlace(piece: 19, block: 0)), .proof(7, leaves: [hash], uncles: []),
            .proof(7, leaves: Array(repeating: hash, count: 16), uncles: Array(repeating: .zero, count: 4)),
            .leaf(1, index: 15, [UInt8](repeating: 5, count: 16384)), .leaf(1, index: 0, [1]), .refuse(3, .busy), .cancel(9),
        ]
    }

    @Test func framesComeBackAsTheyWereInAnyPortions() throws {
        let bytes = frames.flatMap { $0.encoded() }
        for portion in [1, 3, 1000, bytes.count] {
            var splitter = BulkFrameSplitter()
            var found: [BulkFrame] = []
            var start = 0
            while start < bytes.count {
                splitter.append(bytes[start..<min(bytes.count, start + portion)])
                start += portion
                while let frame = try splitter.next() { found.append(frame) }
            }
            #expect(found == frames)
        }
    }

    @Test func unknownKindsArePassedOver() throws {
        var splitter = BulkFrameSplitter()
        splitter.append([0, 0, 0, 3, 200, 1, 2] + BulkFrame.cancel(5).encoded())
        #expect(try splitter.next() == .cancel(5))
    }

    @Test(arguments: [[0, 0, 0, 0], [0, 1, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func lengthsOutOfBoundsEndTheLink(bytes: [UInt8]) {
        var splitter = BulkFrameSplitter()
        splitter.append(bytes)
        #expect(throws: BadRequest.self) { try splitter.next() }
    }

    @Test func claimsBeyondTheFileAreRefused() {
        let pieces = content.pieceCount
        let bad: [BulkFrame] = [
            .have(content, piece: pieces), .request(1, content, BlockPlace(piece: pieces, block: 0)),
            .request(1, content, BlockPlace(piece: 0, block: 1)), .wantLayer(content, from: 0, count: pieces + 1),
            .wantLayer(content, from: 0, count: 0), .layer(content, from: pieces - 1, [hash, hash]), .leaf(1, index: 16, [1]),
            .leaf(1, index: 0, []), .holding(content, PieceSet(all: pieces + 8)), .proof(1, leaves: [], uncles: []),
            .proof(1, leaves: [hash], uncles: Array(repeating: hash, count: 9)),
        ]
        for frame in bad {
            let bytes = Array(frame.encoded().dropFirst(4))
            #expect(throws: BadRequest.self) { try bytes.withUnsafeBytes { try BulkFrame.decoding($0) } }
        }
    }

    private func object(_ write: (inout JSONWriter) -> Void) throws -> JSONObject {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return try writer.bytes.withUnsafeBytes { try JSONParser.object(in: $0) }
    }

    @Test func requestsComeBackAsTheyWere() throws {
        let name = try #require(SafeName("film \"1\".mkv"))
        var some = PieceSet(capacity: content.pieceCount)
        some.insert(3)
        let requests: [SwarmRequest] = [
            .register(SharedFile(name: name, content: content), PieceSet(all: content.pieceCount)),
            .register(SharedFile(name: name, content: content), some), .have(content, [0, 19]), .withdraw(content), .searchfile(name),
            .searchchunk(name, [1, 65_535]),
        ]
        for request in requests {
            #expect(try SwarmRequest.decoding(action: request.action, object { request.writeMembers(to: &$0) }) == request)
        }
        #expect(try SwarmRequest.decoding(action: "whoelse", [:]) == nil)
        #expect(try SwarmRequest.decoding(action: "searchfile", ["name": .string("../x")]) == .searchfile(nil))
    }

    @Test func repliesComeBackAsTheyWere() throws {
        let file = SharedFile(name: try #require(SafeName("a")), content: content)
        let owner = SwarmFinding.Owner(user: try #require(UserName("hans")), count: 20, pieces: [1, 2])
        let found = SwarmFinding(file: file, owners: [owner], ownerCount: 3)
        let replies: [SwarmReply] = [
            .register(.full), .have(.unknownFile), .withdraw(.success), .searchfile(.success, [found]), .searchchunk(.unknownChunk, []),
        ]
        for reply in replies {
            #expect(try SwarmReply.decoding(action: reply.action, object { reply.writeMembers(to: &$0) }) == reply)
        }
    }

    @Test(arguments: [
        #"{"name":"../a","root":"R","size":5,"pieces":"all"}"#, #"{"name":"a","root":"xyz","size":5,"pieces":"all"}"#,
        #"{"name":"a","root":"R","size":1152921504606846976,"pieces":"all"}"#, #"{"name":"a","root":"R","size":-1,"pieces":"all"}"#,
        #"{"name":"a","root":"R","size":0,"pieces":"all"}"#, #"{"name":"a","root":"R","size":5,"pieces":"8000"}"#,
        #"{"name":"a","root":"R","size":5,"pieces":"c0"}"#, #"{"name":"a\u202e","root":"R","size":5,"pieces":"all"}"#,
        #"{"name":"a","root":"R","size":5.5,"pieces":"all"}"#, #"{"root":"R","size":5,"pieces":"all"}"#,
    ])
    func hostileRegistrationsAreRefused(text: String) throws {
        let bytes = Array(text.replacing("\"R\"", with: "\"\(content.root)\"").utf8)
        let object = try bytes.withUnsafeBytes { try JSONParser.object(in: $0) }
        #expect(throws: BadRequest.self) { try SwarmRequest.decoding(action: "register", object) }
    }

    @Test func mapsOfPiecesAreStrict() {
        #expect(PieceSet(bytes: [0x80, 0x40], capacity: 10).map(Array.init) == [0, 9])
        #expect(PieceSet(bytes: [0x80, 0x20], capacity: 10) == nil)
        #expect(PieceSet(bytes: [0x80], capacity: 10) == nil)
        #expect(PieceSet(bytes: [0x80, 0, 0], capacity: 10) == nil)
        #expect(PieceSet(all: 130).count == 130)
        #expect(Array(PieceSet(all: 130)) == Array(0..<130))
        #expect(PieceSet(bytes: PieceSet(all: 65).bytes, capacity: 65) == PieceSet(all: 65))
        #expect(PieceSet(capacity: 0).bytes.isEmpty)
    }
}
