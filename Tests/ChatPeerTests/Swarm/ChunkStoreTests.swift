import ChatPeer
import ChatProtocol
import Foundation
import Testing

@Suite struct ChunkStoreTests {
    private func register(_ path: String) throws -> RegisteredFile {
        var registration = try Registration(path: path)
        while true {
            if let file = try registration.step() { return file }
        }
    }

    private func check(_ store: ChunkStore, _ content: FileContent) throws {
        while try store.checkNext(content) {}
    }

    private func fetch(_ pieces: some Sequence<Int>, of file: SampleFile, into store: ChunkStore) throws {
        for piece in pieces {
            for leaf in 0..<file.content.leafCount(inPiece: piece) {
                try store.write([file.leaf(leaf, ofPiece: piece)], from: leaf, inPiece: piece, of: file.content)
            }
            try store.complete(piece, of: file.content)
        }
    }

    @Test(arguments: [0, 1, 16_385, 600_000])
    func registeredFileIsServedWithProofs(size: Int) throws {
        let place = try Place()
        let file = try SampleFile(size: size)
        let store = try place.store()
        try store.register(try register(try place.file("sample.bin", file.bytes)))
        #expect(store.description(of: file.content) == file.description)
        #expect(store.pieces(of: file.content)?.isFull == true)
        for piece in 0..<file.content.pieceCount {
            let block = BlockPlace(piece: piece, block: 0)
            let (proof, leaves) = try store.read(block, of: file.content)
            #expect(proof == file.proof(of: block))
            #expect(leaves == file.content.leaves(of: block).map { file.leaf($0, ofPiece: piece) })
        }
    }

    @Test func nothingElseIsServed() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let other = try SampleFile(size: 600_000, seed: 2)
        let store = try place.store()
        try store.register(try register(try place.file("sample.bin", file.bytes)))
        #expect(throws: DiskFailure.notOffered) { try store.read(BlockPlace(piece: 0, block: 0), of: other.content) }
        for place in [
            BlockPlace(piece: 3, block: 0), BlockPlace(piece: 0, block: 1), BlockPlace(piece: -1, block: 0),
            BlockPlace(piece: 0, block: -1),
        ] {
            #expect(throws: DiskFailure.notOffered) { try store.read(place, of: file.content) }
        }
        try store.prepare(other.description)
        try fetch([1], of: other, into: store)
        #expect(throws: DiskFailure.notOffered) { try store.read(BlockPlace(piece: 0, block: 0), of: other.content) }
        #expect(try store.read(BlockPlace(piece: 1, block: 0), of: other.content).leaves.count == 16)
        store.release(file.content)
        #expect(throws: DiskFailure.notOffered) { try store.read(BlockPlace(piece: 0, block: 0), of: file.content) }
    }

    @Test func changedFileIsNotServed() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let store = try place.store()
        let path = try place.file("sample.bin", file.bytes)
        try store.register(try register(path))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data([1, 2, 3]))
        try handle.close()
        #expect(throws: DiskFailure.changed(path)) { try store.read(BlockPlace(piece: 1, block: 0), of: file.content) }
    }

    @Test func linksFoldersAndDevicesAreRefused() throws {
        let place = try Place()
        let path = try place.file("secret", [1, 2, 3])
        let link = "\(place.path)/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: DiskFailure.isLink(link)) { try Registration(path: link) }
        #expect(throws: DiskFailure.isFolder(place.path)) { try Registration(path: place.path) }
        #expect(throws: DiskFailure.notAFile("/dev/zero")) { try Registration(path: "/dev/zero") }
        #expect(throws: DiskFailure.noSuchFile("\(place.path)/none")) { try Registration(path: "\(place.path)/none") }
        #expect(throws: DiskFailure.badName(.leadingDot)) { try Registration(path: "\(place.path)/.hidden") }
        #expect(throws: DiskFailure.badName(.leadingDot)) { try Registration(path: "\(place.path)/..") }
        let pipe = "\(place.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: DiskFailure.notAFile(pipe)) { try Registration(path: pipe) }
    }

    @Test(arguments: [0, 1, 262_144, 600_000])
    func finishedDownloadGetsItsNameAndIsServed(size: Int) throws {
        let place = try Place()
        let file = try SampleFile(size: size)
        let store = try place.store()
        try store.prepare(file.description)
        try fetch(0..<file.content.pieceCount, of: file, into: store)
        let path = try store.settle(file.content)
        #expect(path == "\(place.path)/down/sample.bin")
        #expect(FileManager.default.contents(atPath: path) == Data(file.bytes))
        #expect(place.names("down/.partial").isEmpty)
        if size > 0 {
            #expect(
                try store.read(BlockPlace(piece: 0, block: 0), of: file.content).proof == file.proof(of: BlockPlace(piece: 0, block: 0)))
        }
        #expect(throws: DiskFailure.self) { try store.settle(file.content) }
    }

    @Test func nothingIsReplaced() throws {
        let place = try Place()
        let store = try place.store()
        _ = try place.file("down/sample.bin", [1])
        try FileManager.default.createSymbolicLink(atPath: "\(place.path)/down/sample (2).bin", withDestinationPath: "/nowhere")
        let file = try SampleFile(size: 1000)
        try store.prepare(file.description)
        try fetch([0], of: file, into: store)
        #expect(try store.settle(file.content) == "\(place.path)/down/sample (3).bin")
        #expect(FileManager.default.contents(atPath: "\(place.path)/down/sample.bin") == Data([1]))
    }

    @Test func interruptedDownloadIsTakenUpAndChecked() throws {
        let place = try Place()
        let file = try SampleFile(size: 1_400_000)
        let first = try place.store()
        try first.prepare(file.description)
        try fetch([0, 2, 3], of: file, into: first)
        first.close()
        // One of the pieces is damaged meanwhile.
        let part = "\(place.path)/down/.partial/\(file.content.root).part"
        let handle = try #require(FileHandle(forUpdatingAtPath: part))
        try handle.seek(toOffset: UInt64(2 * file.content.pieceSize + 5))
        try handle.write(contentsOf: Data([0, 0, 0, 0, 0, 0, 0, 0, 0]))
        try handle.close()
        let second = try place.store()
        #expect(second.interrupted() == [file.description])
        try second.prepare(file.description)
        #expect(second.pieces(of: file.content)?.isEmpty == true)
        try check(second, file.content)
        #expect(second.pieces(of: file.content).map(Array.init) == [0, 3])
        try fetch([1, 2, 4, 5], of: file, into: second)
        let path = try second.settle(file.content)
        #expect(FileManager.default.contents(atPath: path) == Data(file.bytes))
        #expect(second.interrupted().isEmpty)
    }

    @Test func stateThatLiesIsNotBelieved() throws {
        let place = try Place()
        let file = try SampleFile(size: 1_400_000)
        let first = try place.store()
        try first.prepare(file.description)
        first.close()
        let path = "\(place.path)/down/.partial/\(file.content.root).state"
        var state = Array(try #require(FileManager.default.contents(atPath: path)))
        state[state.count - 1] = 0xFC
        try Data(state).write(to: URL(fileURLWithPath: path))
        let second = try place.store()
        try second.prepare(file.description)
        try check(second, file.content)
        #expect(second.pieces(of: file.content)?.isEmpty == true)
        second.close()
        // Cut off, longer, or another root: begun anew.
        for bytes in [Array(state.dropLast()), state + [0], [], Array(state.prefix(60)), state.map { $0 ^ 1 }] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let store = try place.store()
            #expect(store.interrupted().isEmpty)
            try store.prepare(file.description)
            #expect(try !store.checkNext(file.content))
            store.close()
        }
    }

    @Test func linkInPlaceOfThePartIsNotFollowed() throws {
        let place = try Place()
        let file = try SampleFile(size: 1000)
        let victim = try place.file("victim", [7])
        _ = try place.store()
        let part = "\(place.path)/down/.partial/\(file.content.root).part"
        try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: victim)
        let store = try place.store()
        #expect(throws: DiskFailure.self) { try store.prepare(file.description) }
        try FileManager.default.removeItem(atPath: part)
        // A second name for a file of the user's is no place to write to either.
        try FileManager.default.linkItem(atPath: victim, toPath: part)
        try store.prepare(file.description)
        try fetch([0], of: file, into: store)
        #expect(FileManager.default.contents(atPath: victim) == Data([7]))
        // Nor is the folder for what is unfinished a link.
        try FileManager.default.createDirectory(atPath: "\(place.path)/other", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: "\(place.path)/other/.partial", withDestinationPath: place.path)
        #expect(throws: DiskFailure.self) { try DownloadFolder("\(place.path)/other") }
    }

    /// In memory, where there is less than that.
    @Test func spaceIsCheckedFirst() throws {
        let place = try Place(in: "/dev/shm")
        let store = try place.store()
        // 256 GiB with a layer that fits its root: all pieces of the same, invented hash.
        let hash = Hash256(of: [1])
        let layer = [Hash256](repeating: hash, count: FileContent.mostPieces)
        let root = MerkleTree.root(of: layer, slots: FileContent.mostPieces, height: 8)
        let huge = try #require(FileContent(root: root, size: FileContent.largest))
        let name = try #require(SafeName("huge"))
        let description = try #require(FileDescription(file: SharedFile(name: name, content: huge), layer: layer))
        let failure = #expect(throws: DiskFailure.self) { try store.prepare(description) }
        guard case .noSpace(let needed, let free)? = failure else {
            Issue.record("no word about space: \(String(describing: failure))")
            return
        }
        #expect(needed == FileContent.largest && free < needed)
        #expect(place.names("down/.partial").allSatisfy { !$0.hasSuffix(".state") })
    }

    @Test func twoProgramsDoNotFetchTheSame() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let first = try place.store()
        let second = try place.store()
        try first.prepare(file.description)
        #expect(throws: DiskFailure.busy) { try second.prepare(file.description) }
        first.close()
        try second.prepare(file.description)
    }

    @Test func leavesThatFollowEachOtherAreWrittenTogether() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let store = try place.store()
        try store.prepare(file.description)
        try check(store, file.content)
        for piece in 0..<file.content.pieceCount {
            let leaves = (0..<file.content.leafCount(inPiece: piece)).map { file.leaf($0, ofPiece: piece) }
            #expect(throws: DiskFailure.outOfPlace) { try store.write(leaves, from: 1, inPiece: piece, of: file.content) }
            try store.write(leaves, from: 0, inPiece: piece, of: file.content)
            try store.complete(piece, of: file.content)
        }
        let path = try store.settle(file.content)
        #expect(FileManager.default.contents(atPath: path).map { Array($0) } == file.bytes)
    }

    @Test func dataOutOfPlaceIsNotWritten() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let store = try place.store()
        try store.prepare(file.description)
        let leaf = file.leaf(0, ofPiece: 0)
        for (leafNumber, piece) in [(-1, 0), (16, 0), (0, 3), (0, -1), (5, 2), (Int.max / FileContent.leafSize, 0)] {
            #expect(throws: DiskFailure.outOfPlace) { try store.write([leaf], from: leafNumber, inPiece: piece, of: file.content) }
        }
        #expect(throws: DiskFailure.outOfPlace) { try store.write([], from: 0, inPiece: 0, of: file.content) }
        #expect(throws: DiskFailure.outOfPlace) { try store.write([leaf + [0]], from: 0, inPiece: 0, of: file.content) }
        #expect(throws: DiskFailure.outOfPlace) { try store.complete(3, of: file.content) }
        #expect(throws: DiskFailure.outOfPlace) { try store.settle(file.content) }
    }

    @Test func discardedDownloadLeavesNothing() throws {
        let place = try Place()
        let file = try SampleFile(size: 600_000)
        let store = try place.store()
        try store.prepare(file.description)
        try fetch([0], of: file, into: store)
        store.discard(file.content)
        #expect(place.names("down/.partial").isEmpty)
        #expect(store.offers.isEmpty)
    }
}
