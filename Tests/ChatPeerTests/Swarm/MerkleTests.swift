import ChatPeer
import ChatProtocol
import Foundation
import Testing

@Suite struct MerkleTests {
    /// FIPS 180-2, and the empty text.
    @Test func hashesAgreeWithKnownVectors() {
        #expect(Hash256(of: Array("abc".utf8)).description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hash256(of: []).description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        // SHA-256 of 64 zeros: the node above two leaves that are not there.
        #expect(
            MerkleTree.padding(height: 1).description == "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b")
    }

    @Test func fileOfOneLeafHasItsHashAsRoot() throws {
        #expect(try SampleFile.describe(Array("abc".utf8)).content.root == Hash256(of: Array("abc".utf8)))
        #expect(try SampleFile.describe([]).content.root == .zero)
    }

    @Test func anotherSizeIsAnotherFile() throws {
        let file = try SampleFile(size: 700_000)
        let other = try #require(FileContent(root: file.content.root, size: 699_999))
        #expect(other != file.content)
        // The root does not tell the sizes apart as long as the number of pieces is the same: the last leaf does.
        let described = try #require(
            FileDescription(file: SharedFile(name: file.description.file.name, content: other), layer: file.description.layer))
        let place = BlockPlace(piece: 2, block: 0)
        let proof = file.proof(of: place)
        #expect(
            BlockProof(of: place, in: other, leaves: proof.leaves, uncles: proof.uncles, pieceHash: described.layer[2]) != nil)
        #expect(other.length(ofLeaf: proof.leaves.count - 1, inPiece: 2) != file.content.length(ofLeaf: proof.leaves.count - 1, inPiece: 2))
    }

    @Test(arguments: [1, 16_384, 16_385, 262_144, 262_145, 1_000_000, 5_000_001])
    func everyBlockCanBeProven(size: Int) throws {
        let file = try SampleFile(size: size)
        for piece in 0..<file.content.pieceCount {
            for block in 0..<file.content.blockCount(inPiece: piece) {
                let place = BlockPlace(piece: piece, block: block)
                let proof = file.proof(of: place)
                let hash = file.description.layer[piece]
                #expect(BlockProof(of: place, in: file.content, leaves: proof.leaves, uncles: proof.uncles, pieceHash: hash) == proof)
                for (index, leaf) in file.content.leaves(of: place).enumerated() {
                    #expect(Hash256(of: file.leaf(leaf, ofPiece: piece)) == proof.leaves[index])
                }
            }
        }
    }

    /// With pieces of 4 MiB, where a block needs four uncles.
    @Test func everyBlockOfALargePieceCanBeProvenAndNoOther() throws {
        let content = try #require(FileContent(root: Hash256(of: [1]), size: 8 << 30))
        #expect(content.pieceSize == 4 << 20)
        let leaves = (0..<256).map { Hash256(of: [UInt8($0)]) }
        let hash = MerkleTree.root(of: leaves, slots: 256)
        for block in 0..<16 {
            let place = BlockPlace(piece: 5, block: block)
            let proof = BlockProof(of: place, in: content, pieceLeaves: leaves)
            #expect(proof.uncles.count == 4)
            #expect(BlockProof(of: place, in: content, leaves: proof.leaves, uncles: proof.uncles, pieceHash: hash) == proof)
            let elsewhere = BlockPlace(piece: 5, block: (block + 1) % 16)
            #expect(BlockProof(of: elsewhere, in: content, leaves: proof.leaves, uncles: proof.uncles, pieceHash: hash) == nil)
            #expect(
                BlockProof(of: place, in: content, leaves: proof.leaves, uncles: Array(proof.uncles.dropLast()), pieceHash: hash) == nil)
            #expect(BlockProof(of: place, in: content, leaves: proof.leaves.reversed(), uncles: proof.uncles, pieceHash: hash) == nil)
        }
    }

    @Test func layerThatDoesNotLeadToTheRootIsRefused() throws {
        let file = try SampleFile(size: 1_000_000)
        var layer = file.description.layer
        #expect(FileDescription(file: file.description.file, layer: layer) != nil)
        #expect(FileDescription(file: file.description.file, layer: Array(layer.dropLast())) == nil)
        #expect(FileDescription(file: file.description.file, layer: layer + [.zero]) == nil)
        layer.swapAt(0, 1)
        #expect(FileDescription(file: file.description.file, layer: layer) == nil)
    }

    @Test func claimsBeyondTheBoundsAreRefused() {
        let root = Hash256(of: [1])
        #expect(FileContent(root: root, size: 1 << 60) == nil)
        #expect(FileContent(root: root, size: .max) == nil)
        #expect(FileContent(root: root, size: FileContent.largest + 1) == nil)
        #expect(FileContent(root: root, size: FileContent.largest)?.pieceCount == FileContent.mostPieces)
        #expect(FileContent(root: root, size: 0) == nil)
        #expect(FileContent(root: .zero, size: 1) == nil)
        #expect(DescriptionBuilder(size: 1 << 60) == nil)
    }

    @Test func pieceSizeFollowsFromTheSize() {
        #expect(FileContent.pieceSize(for: 0) == 256 << 10)
        #expect(FileContent.pieceSize(for: 256 << 20) == 256 << 10)
        #expect(FileContent.pieceSize(for: 256 << 20 + 1) == 512 << 10)
        #expect(FileContent.pieceSize(for: 1 << 30) == 1 << 20)
        #expect(FileContent.pieceSize(for: FileContent.largest) == 4 << 20)
    }

    /// An independent implementation of BEP 52, from the Debian package python3-libtorrent, on sizes around every boundary.
    @Test func rootsAgreeWithLibtorrent() throws {
        let sizes = [
            1, 2, 16_383, 16_384, 16_385, 32_768, 40_000, 49_153, 131_072, 262_143, 262_144, 262_145, 262_144 + 16_385, 524_287, 524_289,
            786_432, 1_000_003, 1_310_720, 2_097_151, 5_000_011,
        ]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("banter-roots-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        var roots: [String] = []
        for size in sizes {
            let file = try SampleFile(size: size, seed: UInt64(size))
            try Data(file.bytes).write(to: folder.appendingPathComponent("\(size)"))
            roots.append(file.content.root.description)
        }
        let script = """
            import sys, os
            import libtorrent as lt
            folder = sys.argv[1]
            for size in sys.argv[2:]:
                files = lt.file_storage()
                lt.add_files(files, os.path.join(folder, size))
                torrent = lt.create_torrent(files, 262144, lt.create_torrent.v2_only)
                lt.set_piece_hashes(torrent, folder)
                tree = torrent.generate()[b'info'][b'file tree']
                print(tree[size.encode()][b''][b'pieces root'].hex())
            """
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = ["-W", "ignore", "-c", script, folder.path] + sizes.map(String.init)
        let output = Pipe()
        python.standardOutput = output
        try python.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        python.waitUntilExit()
        try #require(python.terminationStatus == 0, "python3-libtorrent is needed: apt-get install python3-libtorrent")
        #expect(text.split(separator: "\n").map(String.init) == roots)
    }
}
