import ChatProtocol
import Fuzzing
import Testing

/// Frames of a bulk link come from whoever is at the other end: refused or understood, never more than they may be, never a trap.
@Suite struct BulkFuzzTests {
    private static let runs = 100_000

    /// Without their lengths, and short enough that mutations meet what matters.
    private func samples() throws -> [[UInt8]] {
        try SwarmCodecTests().frames.map { Array($0.encoded().dropFirst(4)) }.filter { $0.count < 700 }
    }

    private func decoded(_ bytes: [UInt8]) -> BulkFrame? { bytes.withUnsafeBytes { try? BulkFrame.decoding($0) } }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func framesSurviveMutation(seed: UInt64) throws {
        let samples = try samples()
        let taken = Mutations.run(Self.runs, of: samples, seed: seed) { input in
            guard let frame = decoded(input) else { return false }
            let once = Array(frame.encoded().dropFirst(4))
            if decoded(once) != frame || once.count > max(input.count, 64) || !isWithinBounds(frame) {
                Issue.record("\(Hexadecimal.text(input)) became \(frame)")
            }
            return true
        }
        #expect(taken > Self.runs / 50)
    }

    private func isWithinBounds(_ frame: BulkFrame) -> Bool {
        switch frame {
        case .ask(let content), .nothing(let content): content.pieceCount <= FileContent.mostPieces
        case .holding(let content, let pieces): pieces.capacity == content.pieceCount && content.pieceCount <= FileContent.mostPieces
        case .have(let content, let piece): (0..<content.pieceCount).contains(piece)
        case .wantLayer(let content, let from, let count):
            from >= 0 && (1...BulkFrame.mostHashes).contains(count) && from + count <= content.pieceCount
        case .layer(let content, let from, let hashes): from >= 0 && from + hashes.count <= content.pieceCount
        case .request(_, let content, let place): content.length(of: place) > 0 && place.block < content.blockCount(inPiece: place.piece)
        case .proof(_, let leaves, let uncles):
            (1...FileContent.leavesPerBlock).contains(leaves.count) && uncles.count <= BulkFrame.mostUncles
        case .leaf(_, let index, let data):
            (0..<FileContent.leavesPerBlock).contains(index) && (1...FileContent.leafSize).contains(data.count)
        case .refuse, .cancel: true
        }
    }

    /// What a splitter makes of a stream, up to the fault that ends the link, if there is one.
    private func split(_ stream: [UInt8], inPortions portion: () -> Int) -> (frames: [BulkFrame], fault: BadRequest?) {
        var splitter = BulkFrameSplitter()
        var frames: [BulkFrame] = []
        var rest = stream[...]
        repeat {
            let part = rest.prefix(portion())
            rest = rest.dropFirst(part.count)
            splitter.append(part)
            do throws(BadRequest) {
                while let frame = try splitter.next() { frames.append(frame) }
            } catch {
                return (frames, error)
            }
        } while !rest.isEmpty
        return (frames, nil)
    }

    /// TCP cuts where it likes, and that must not decide what is read.
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func portionsDecideNothingHoweverBrokenTheStream(seed: UInt64) throws {
        let frames = try SwarmCodecTests().frames.map { $0.encoded() }.filter { $0.count < 200 }
        var random = Mutations(seed: seed)
        let streams = (0..<20).map { _ in (0..<4).flatMap { _ in frames[random.below(frames.count)] } }
        var faults = 0
        _ = Mutations.run(20_000, of: streams, seed: seed) { stream in
            let whole = split(stream) { max(1, stream.count) }
            let parts = split(stream) { 1 + random.below(40) }
            if whole.frames != parts.frames || whole.fault != parts.fault { Issue.record("\(Hexadecimal.text(stream))") }
            if whole.fault != nil { faults += 1 }
            return true
        }
        #expect(faults > 100 && faults < 20_000)
    }

    /// The claim is refused before there is anything to keep: nobody makes a client wait for, or set aside, what cannot come.
    @Test(arguments: [0, 65_537, 1 << 20, 1 << 24, 1 << 31, .max] as [UInt32])
    func lengthsBeyondTheLimitAreRefusedBeforeTheirBytesCome(length: UInt32) {
        let claim = withUnsafeBytes(of: length.bigEndian) { Array($0) }
        let result = split(claim) { 4 }
        #expect(result.frames.isEmpty && result.fault != nil)
    }

    @Test(arguments: [1 << 38 + 1, 1 << 53, 1 << 60, 1 << 63 - 1, 1 << 63, .max] as [UInt64])
    func sizesBeyondTheLargestFileAreRefused(size: UInt64) throws {
        let content = try SwarmCodecTests().content
        for sample in [BulkFrame.ask(content), .have(content, piece: 1), .wantLayer(content, from: 0, count: 1)] {
            var bytes = Array(sample.encoded().dropFirst(4))
            bytes.replaceSubrange(33..<41, with: withUnsafeBytes(of: size.bigEndian) { Array($0) })
            #expect(throws: BadRequest.self) { try bytes.withUnsafeBytes { try BulkFrame.decoding($0) } }
        }
    }
}
