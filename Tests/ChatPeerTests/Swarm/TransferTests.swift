import ChatPeer
import ChatProtocol
import Testing

@Suite struct TransferTests {
    private let file: SampleFile
    private let hans: UserName
    private let leia: UserName

    init() throws {
        file = try SampleFile(size: 5 << 20)
        hans = try #require(UserName("hans"))
        leia = try #require(UserName("leia"))
    }

    private var all: PieceSet { PieceSet(all: file.content.pieceCount) }

    private func transfer() -> Transfer {
        var transfer = Transfer(id: 3, file: file.description.file, seed: 1, at: 0)
        _ = transfer.start(at: 0)
        return transfer
    }

    private func started() throws -> (Transfer, [(number: UInt64, place: BlockPlace)]) {
        var transfer = transfer()
        _ = transfer.handle(.linked(hans), at: 0)
        _ = transfer.handle(.received(.holding(file.content, all), from: hans), at: 0)
        let outputs = transfer.handle(.received(.layer(file.content, from: 0, file.description.layer), from: hans), at: 0)
        #expect(outputs == [.prepare(file.description)])
        let asked = transfer.handle(.prepared(PieceSet(capacity: all.capacity)), at: 0)
        return (
            transfer,
            asked.compactMap { if case .send(.request(let number, _, let place), _) = $0 { (number, place) } else { nil } }
        )
    }

    @Test func hashesOfPiecesAreFetchedFirstAndFromOneAlone() {
        var transfer = transfer()
        #expect(transfer.handle(.linked(hans), at: 0) == [.send(.ask(file.content), to: hans)])
        let outputs = transfer.handle(.received(.holding(file.content, all), from: hans), at: 0)
        #expect(outputs == [.send(.wantLayer(file.content, from: 0, count: all.capacity), to: hans)])
        _ = transfer.handle(.linked(leia), at: 0)
        #expect(transfer.handle(.received(.holding(file.content, all), from: leia), at: 0).isEmpty)
        // Nobody asked leia.
        let layer = BulkFrame.layer(file.content, from: 0, file.description.layer)
        #expect(transfer.handle(.received(layer, from: leia), at: 0).isEmpty)
    }

    @Test func whoSendsATreeThatDoesNotMatchIsNamedAndAnotherAsked() {
        var transfer = transfer()
        for user in [hans, leia] {
            _ = transfer.handle(.linked(user), at: 0)
        }
        _ = transfer.handle(.received(.holding(file.content, all), from: hans), at: 0)
        _ = transfer.handle(.received(.holding(file.content, all), from: leia), at: 0)
        let outputs = transfer.handle(.received(.layer(file.content, from: 0, file.description.layer.reversed()), from: hans), at: 0)
        #expect(
            outputs == [.drop(hans, .lied), .send(.wantLayer(file.content, from: 0, count: all.capacity), to: leia)])
        #expect(transfer.status(at: 0).dropped == [.init(user: hans, reason: .lied)])
        // Nor is it listened to when it comes back.
        #expect(transfer.handle(.linked(hans), at: 1).isEmpty)
    }

    @Test func silenceAboutTheHashesIsNotWaitedForForever() {
        var transfer = transfer()
        for user in [hans, leia] { _ = transfer.handle(.linked(user), at: 0) }
        _ = transfer.handle(.received(.holding(file.content, all), from: hans), at: 0)
        _ = transfer.handle(.received(.holding(file.content, all), from: leia), at: 0)
        let outputs = transfer.handle(.tick, at: 15 * Moment.second)
        #expect(outputs.contains(.drop(hans, .stalled)))
        #expect(outputs.contains(.send(.wantLayer(file.content, from: 0, count: all.capacity), to: leia)))
    }

    @Test func requestsCarryTheTransfersNumber() throws {
        let (_, asked) = try started()
        #expect(asked.count == 4)
        #expect(asked.allSatisfy { $0.number >> 32 == 3 })
    }

    @Test func leafIsWrittenOnlyWithItsProof() throws {
        let (transfer, asked) = try started()
        let (number, place) = try #require(asked.first)
        let proof = file.proof(of: place)
        let leaf = BulkFrame.leaf(number, index: 0, file.leaf(0, ofPiece: place.piece))
        var honest = transfer
        #expect(honest.handle(.received(.proof(number, leaves: proof.leaves, uncles: proof.uncles), from: hans), at: 0).isEmpty)
        #expect(
            honest.handle(.received(leaf, from: hans), at: 0)
                == [.write(piece: place.piece, leaf: 0, file.leaf(0, ofPiece: place.piece))])
        // The same again is not written again, and from another not at all.
        #expect(honest.handle(.received(leaf, from: leia), at: 0).isEmpty)
        var unproven = transfer
        #expect(unproven.handle(.received(leaf, from: hans), at: 0) == [.drop(hans, .lied)])
        var short = honest
        #expect(
            short.handle(.received(.leaf(number, index: 1, [1, 2, 3]), from: hans), at: 0).contains(.drop(hans, .lied)))
    }

    @Test func failureOfTheDiskEndsTheTransferWithWords() throws {
        var (transfer, asked) = try started()
        let outputs = transfer.handle(.failed(.noSpace(needed: 5, free: 3)), at: 0)
        #expect(outputs.count == asked.count)
        #expect(transfer.status(at: 0).isOver)
        #expect(transfer.status(at: 0).words == "failed: not enough space: 5 bytes are needed, 3 are free")
        #expect(transfer.nextDeadline == nil)
        asked = []
    }

    @Test func endedTransferTakesItsRequestsBackAndLeavesNothing() throws {
        var (transfer, asked) = try started()
        let outputs = transfer.handle(.end, at: 0)
        #expect(outputs.last == .discard)
        #expect(
            Set(outputs.dropLast().compactMap { if case .send(.cancel(let number), _) = $0 { number } else { nil } })
                == Set(asked.map(\.number)))
        asked = []
        #expect(transfer.handle(.linked(leia), at: 0).isEmpty)
    }

    @Test func fileIsDoneWhenTheDiskSaysSo() throws {
        var (transfer, asked) = try started()
        var written = 0
        var clock: UInt64 = 0
        while let (number, place) = asked.popLast() {
            clock += 1_000_000
            let proof = file.proof(of: place)
            _ = transfer.handle(.received(.proof(number, leaves: proof.leaves, uncles: proof.uncles), from: hans), at: clock)
            for (index, leaf) in file.content.leaves(of: place).enumerated() {
                for output in transfer.handle(
                    .received(.leaf(number, index: index, file.leaf(leaf, ofPiece: place.piece)), from: hans), at: clock)
                {
                    if case .send(.request(let number, _, let place), _) = output { asked.append((number, place)) }
                    if case .complete = output { written += 1 }
                }
            }
        }
        // 20 pieces: all asked for, none said to be on the disk, and so it is not done.
        #expect(written == 20)
        #expect(transfer.status(at: clock).phase == .fetching)
        var outputs: [TransferOutput] = []
        for piece in 0..<20 { outputs += transfer.handle(.stored(piece: piece), at: clock) }
        #expect(outputs.contains(.settle))
    }

    @Test func onlyTheOnePeerIsAskedWhereOneIsWanted() {
        var transfer = Transfer(id: 1, file: file.description.file, from: leia, seed: 1, at: 0)
        #expect(transfer.start(at: 0) == [.findPeers])
        #expect(transfer.handle(.linked(hans), at: 0).isEmpty)
        #expect(transfer.handle(.linked(leia), at: 0) == [.send(.ask(file.content), to: leia)])
    }

    @Test func nobodyIsSoughtInAHurry() {
        var transfer = transfer()
        var searches = 0
        var clock: UInt64 = 0
        while clock < 600 * Moment.second, let next = transfer.nextDeadline {
            clock = max(clock + 1, next)
            searches += transfer.handle(.tick, at: clock).count { $0 == .findPeers }
        }
        // One, three, seven and fifteen seconds after the start, and then every ten.
        #expect(searches == 63)
    }
}
