import ChatPeer
import ChatProtocol
import Testing

@Suite struct TransferLineTests {
    private func transfer(
        _ phase: TransferStatus.Phase = .fetching, name: String = "film.mkv", done: UInt64 = 620, rate: Double = 41_234_567,
        left: Double? = 12, peers: Int = 3, isPaused: Bool = false, isStalled: Bool = false
    ) throws -> ListedTransfer {
        let content = try #require(FileContent(root: Hash256(of: [1]), size: 1000))
        let file = SharedFile(name: try #require(SafeName(name)), content: content)
        let users = try (0..<peers).map { try #require(UserName("u\($0)")) }
        return ListedTransfer(
            number: 1,
            status: TransferStatus(
                file: file, phase: phase, isPaused: isPaused, isStalled: isStalled, done: done, wanted: 1000, rate: rate, timeLeft: left,
                peers: users, dropped: []))
    }

    @Test func everythingIsToldWhereThereIsRoom() throws {
        #expect(
            TransferLine.text(try transfer(), width: 80)
                == "[1] film.mkv  ██████████████░░░░░░░░░░  62 %  41.2 MB/s  0:12  3 peers")
        #expect(
            TransferLine.text(try transfer(peers: 1), width: 80, isASCII: true)
                == "[1] film.mkv  [#############.........]  62 %  41.2 MB/s  0:12  1 peer")
    }

    @Test(arguments: 1...100) func lineIsNeverWiderThanItsPlace(width: Int) throws {
        for isASCII in [false, true] {
            for name in ["f", "film.mkv", String(repeating: "long ", count: 30) + "name"] {
                for phase in [TransferStatus.Phase.seeking, .fetching, .finished(path: "/p"), .failed(.busy), .ended] {
                    let line = TransferLine.text(try transfer(phase, name: name), width: width, isASCII: isASCII)
                    #expect(line.count <= width, "\(line)")
                    #expect(!isASCII || line.allSatisfy(\.isASCII))
                }
            }
        }
    }

    @Test func leastImportantGoesFirst() throws {
        #expect(TransferLine.text(try transfer(), width: 50) == "[1] film.mkv  ████████░░░░░  62 %  41.2 MB/s  0:12")
        #expect(TransferLine.text(try transfer(), width: 26) == "[1] film.mkv  ███░░░  62 %")
        #expect(TransferLine.text(try transfer(), width: 20) == "[1] film.mkv  62 %")
        #expect(TransferLine.text(try transfer(name: "a long name.mkv"), width: 20) == "[1] a long na…  62 %")
        #expect(TransferLine.text(try transfer(), width: 10) == "[1]  62 %")
        #expect(TransferLine.text(try transfer(), width: 5) == "[1] …")
        #expect(TransferLine.text(try transfer(), width: 0) == "")
    }

    @Test func stateIsToldInWords() throws {
        #expect(TransferLine.text(try transfer(isPaused: true), width: 60) == "[1] film.mkv  ██████████████░░░░░░░░░░  62 %  paused")
        #expect(TransferLine.text(try transfer(.seeking, done: 0), width: 80) == "[1] film.mkv  0 %  waiting for someone who has it")
        #expect(TransferLine.text(try transfer(.finished(path: "/p"), done: 1000), width: 60) == "[1] film.mkv  done  1.0 kB")
        #expect(TransferLine.text(try transfer(.failed(.busy)), width: 30) == "[1] film.mkv  failed")
        #expect(TransferLine.text(try transfer(isStalled: true), width: 90).hasSuffix("62 %  stalled: nothing came for 15 seconds"))
    }

    @Test func wholeIsWholeOnlyWhenItIs() throws {
        #expect(TransferLine.text(try transfer(done: 999), width: 80).contains("░  99 %"))
        #expect(TransferLine.text(try transfer(.settling, done: 1000), width: 80).contains("█  100 %"))
        #expect(TransferLine.bar(0.9999, width: 4) == "███░")
        #expect(TransferLine.bar(.nan, width: 0) == "")
    }

    @Test func sizesCountInThousands() {
        let cases: [(Double, String)] = [
            (0, "0 B"), (999, "999 B"), (999.6, "1.0 kB"), (1000, "1.0 kB"), (41_234_567, "41.2 MB"), (99_949_999, "99.9 MB"),
            (99_960_000, "100 MB"), (999_600_000, "1.0 GB"), (274_877_906_944, "275 GB"), (5e12, "5.0 TB"), (.infinity, "?"), (-1, "?"),
        ]
        for (bytes, text) in cases { #expect(TransferLine.size(bytes) == text) }
    }

    @Test func timesAreWholeSecondsUpwards() {
        let cases: [(Double, String)] = [
            (0, "0:00"), (0.2, "0:01"), (12, "0:12"), (760, "12:40"), (10_815, "3:00:15"), (400_000, "4 days"), (.infinity, "?"), (-1, "?"),
        ]
        for (seconds, text) in cases { #expect(TransferLine.time(seconds) == text) }
    }
}
