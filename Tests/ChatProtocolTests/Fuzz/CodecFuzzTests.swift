import ChatProtocol
import Fuzzing
import Testing

/// Whatever comes over a wire is refused or understood, and what is understood is understood the same when it is passed on.
@Suite struct CodecFuzzTests {
    private static let runs = 50_000

    /// - Parameter reencoded: the input decoded and encoded again; `nil` if it was refused.
    private func check(_ samples: [[UInt8]], seed: UInt64, limit: Int, _ reencoded: ([UInt8]) -> [UInt8]?) {
        for sample in samples { #expect(reencoded(sample) == sample, "\(String(decoding: sample, as: UTF8.self))") }
        let taken = Mutations.run(Self.runs, of: samples, seed: seed) { input in
            guard let once = reencoded(input) else { return false }
            if reencoded(once) != once || once.count > max(limit, 6 * input.count) {
                Issue.record("\(String(decoding: input, as: UTF8.self)) became \(String(decoding: once, as: UTF8.self))")
            }
            return true
        }
        #expect(taken > Self.runs / 50, "hardly anything got past the first check")
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func requestsSurviveMutation(seed: UInt64) throws {
        let name = try #require(SafeName("film \"1\".mkv"))
        let content = try SwarmCodecTests().content
        let file = SharedFile(name: name, content: content)
        let candidate = try #require(Candidate("[2001:db8::7]:40001"))
        let offer = PeerOffer(pin: try #require(PeerPin(String(repeating: "a", count: 64))), candidates: [candidate])
        let token = try #require(ResumeToken("00112233445566778899aabbccddeeff"))
        let yoda = UserName("yoda")
        var some = PieceSet(capacity: content.pieceCount)
        some.insert(17)
        let requests: [Request] = [
            .login(.init(name: yoda, password: "wise", privatePort: 5000, dialect: .extended, peer: offer)),
            .resume(.init(token: token, after: 4, dialect: .extended)), .message(to: yoda, text: "hé\n", key: MessageKey("k1")),
            .broadcast(text: "x", key: nil), .whoelsesince(seconds: 10), .startprivate(yoda, for: .bulk), .ack(through: 9),
            .history(HistoryQuery(with: yoda, before: HistoryPlace(received: 3, sent: 9), limit: 20)), .passwd(old: "a", new: "b"),
            .swarm(.register(file, PieceSet(all: content.pieceCount))), .swarm(.register(file, some)), .swarm(.have(content, [0, 19])),
            .swarm(.withdraw(content)), .swarm(.searchfile(name)), .swarm(.searchchunk(name, [1, 65_535])),
        ]
        check(requests.map { RequestFrame($0, id: RequestID(7)).encoded() }, seed: seed, limit: 2048) { bytes in
            let frame = bytes.withUnsafeBytes { try? RequestFrame(decoding: $0) }
            if case .swarm(let request)? = frame?.request { expectBounds(of: request) }
            return frame?.encoded()
        }
    }

    private func expectBounds(of request: SwarmRequest) {
        let isWithin =
            switch request {
            case .register(let file, let pieces):
                file.content.size <= FileContent.largest && pieces.capacity == file.content.pieceCount
                    && pieces.capacity <= FileContent.mostPieces && file.name.text.utf8.count <= SafeName.most
            case .have(let content, let pieces):
                pieces.count <= SwarmRequest.mostNews && pieces.allSatisfy { (0..<content.pieceCount).contains($0) }
            case .withdraw(let content): content.size <= FileContent.largest
            case .searchfile: true
            case .searchchunk(_, let pieces):
                pieces.count <= SwarmRequest.mostPieces && pieces.allSatisfy { (0..<FileContent.mostPieces).contains($0) }
            }
        if !isWithin { Issue.record("out of bounds: \(request)") }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func whatTheServerSendsSurvivesMutation(seed: UInt64) throws {
        let yoda = try #require(UserName("yoda"))
        let file = SharedFile(name: try #require(SafeName("a.mkv")), content: try SwarmCodecTests().content)
        let found = SwarmFinding(file: file, owners: [.init(user: yoda, count: 20, pieces: [1, 19])], ownerCount: 3)
        let pin = try #require(PeerPin(String(repeating: "a", count: 64)))
        let candidate = try #require(Candidate("192.0.2.7:40001"))
        let ticket = try #require(RelayTicket("00112233445566778899aabbccddeeff"))
        let introduction = PeerIntroduction(user: yoda, offer: PeerOffer(pin: pin, candidates: [candidate]), ticket: ticket, purpose: .bulk)
        let receipt = Reply.Receipt(sequence: 7, time: Timestamp(milliseconds: 1_700_000_000_123))
        let replies: [Reply] = [
            .swarm(.register(.full)), .swarm(.searchfile(.success, [found, found])), .swarm(.searchchunk(.unknownChunk, [])),
            .startprivate(.peer(introduction)), .startprivate(.success(user: yoda, address: "127.0.0.1", port: 5000)),
            .message(.success, receipt), .whoelse([yoda]), .refused(action: "register", .notLoggedIn),
        ]
        let events: [Event] = [
            .privateRequest(introduction), .message(from: yoda, text: "x", receipt), .presence(.init(online: [yoda])), .bye(.shutdown),
        ]
        let samples = replies.map { ServerMessage.reply($0, id: RequestID(1)).encoded() } + events.map { ServerMessage.event($0).encoded() }
        check(samples, seed: seed, limit: 2048) { bytes in
            (bytes.withUnsafeBytes { try? ServerMessage.decoding($0) })?.encoded()
        }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func whatAPeerSaysSurvivesMutation(seed: UInt64) throws {
        let stream = try #require(PeerStream("0011223344556677"))
        let samples: [PeerMessage] = [
            .hello(.chat), .hello(.bulk), .session(stream: stream, yours: nil, through: 0),
            .session(stream: stream, yours: stream, through: 3),
            .text(number: 1, "hé \"x\"\n"), .ack(through: 9), .ping, .pong, .bye(.declined),
        ]
        check(samples.map { $0.encoded() }, seed: seed, limit: 2048) { bytes in
            (bytes.withUnsafeBytes { try? PeerMessage.decoding($0) })?.encoded()
        }
    }

    @Test func ticketsAreThirtyTwoDigitsAndNothingElse() {
        let digits = Set("0123456789abcdefABCDEF".utf8)
        let samples = ["00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"].map { Array($0.utf8) }
        let taken = Mutations.run(Self.runs, of: samples, seed: 1) { input in
            let text = String(decoding: input, as: UTF8.self)
            let ticket = RelayTicket(text)
            let isTicket = text.utf8.count == 32 && text.utf8.allSatisfy(digits.contains)
            if (ticket != nil) != isTicket || (ticket != nil && ticket?.text != text) { Issue.record("\(text)") }
            return ticket != nil
        }
        #expect(taken > Self.runs / 50)
    }
}
