import ChatPeer
import ChatProtocol
import Testing

@Suite struct UploadsTests {
    private let hans: UserName
    private let leia: UserName
    private let content: FileContent

    init() throws {
        hans = try #require(UserName("hans"))
        leia = try #require(UserName("leia"))
        content = try #require(FileContent(root: Hash256(of: [1]), size: 100 << 20))
    }

    private var all: (FileContent) -> PieceSet? { { [content] in $0 == content ? PieceSet(all: $0.pieceCount) : nil } }

    @Test func floodOfRequestsIsBoundedAndTold() {
        var uploads = Uploads()
        _ = uploads.receive(.ask(content), from: hans, pieces: all)
        var refused = 0
        for number in 0..<10_000 {
            let frame = BulkFrame.request(UInt64(number), content, BlockPlace(piece: number % 400, block: 0))
            if uploads.receive(frame, from: hans, pieces: all) == [.send(.refuse(UInt64(number), .busy), to: hans)] { refused += 1 }
        }
        #expect(uploads.waiting == Uploads.mostWaiting)
        #expect(refused == 10_000 - Uploads.mostWaiting)
    }

    @Test func everybodyHasATurn() {
        var uploads = Uploads()
        for user in [hans, leia] { _ = uploads.receive(.ask(content), from: user, pieces: all) }
        for number in 0..<3 {
            _ = uploads.receive(.request(UInt64(number), content, BlockPlace(piece: 0, block: 0)), from: hans, pieces: all)
        }
        _ = uploads.receive(.request(9, content, BlockPlace(piece: 0, block: 0)), from: leia, pieces: all)
        var order: [UserName] = []
        while let job = uploads.next(where: { _ in true }) { order.append(job.user) }
        #expect(order == [hans, leia, hans, hans])
    }

    @Test func whoIsNotReadyKeepsTheTurn() {
        var uploads = Uploads()
        for user in [hans, leia] {
            _ = uploads.receive(.ask(content), from: user, pieces: all)
            _ = uploads.receive(.request(1, content, BlockPlace(piece: 0, block: 0)), from: user, pieces: all)
        }
        #expect(uploads.next { $0 == leia }?.user == leia)
        #expect(uploads.next { $0 == leia } == nil)
        #expect(uploads.next { _ in true }?.user == hans)
    }

    @Test func whatIsNotOfferedIsRefused() throws {
        var uploads = Uploads()
        let other = try #require(FileContent(root: Hash256(of: [2]), size: 5))
        #expect(uploads.receive(.ask(other), from: hans, pieces: all) == [.send(.nothing(other), to: hans)])
        #expect(
            uploads.receive(.request(1, other, BlockPlace(piece: 0, block: 0)), from: hans, pieces: all)
                == [.send(.refuse(1, .notOffered), to: hans)])
        #expect(uploads.receive(.wantLayer(other, from: 0, count: 1), from: hans, pieces: all) == [.send(.nothing(other), to: hans)])
        // Not before asking, either.
        #expect(
            uploads.receive(.request(1, content, BlockPlace(piece: 0, block: 0)), from: hans, pieces: all)
                == [.send(.refuse(1, .notOffered), to: hans)])
        let partly: (FileContent) -> PieceSet? = { PieceSet(capacity: $0.pieceCount) }
        _ = uploads.receive(.ask(content), from: hans, pieces: partly)
        #expect(
            uploads.receive(.request(1, content, BlockPlace(piece: 0, block: 0)), from: hans, pieces: partly)
                == [.send(.refuse(1, .notOffered), to: hans)])
    }

    @Test func newsGoesToThoseWhoAskedOnly() {
        var uploads = Uploads()
        _ = uploads.receive(.ask(content), from: hans, pieces: all)
        #expect(uploads.gained(7, of: content) == [.send(.have(content, piece: 7), to: hans)])
        uploads.left(hans)
        #expect(uploads.gained(8, of: content).isEmpty)
    }

    @Test func cancelledRequestsAndThoseOfTheGoneAreForgotten() {
        var uploads = Uploads()
        for user in [hans, leia] {
            _ = uploads.receive(.ask(content), from: user, pieces: all)
            _ = uploads.receive(.request(1, content, BlockPlace(piece: 0, block: 0)), from: user, pieces: all)
        }
        _ = uploads.receive(.cancel(1), from: hans, pieces: all)
        uploads.left(leia)
        #expect(uploads.next { _ in true } == nil)
        #expect(uploads.waiting == 0)
    }
}
