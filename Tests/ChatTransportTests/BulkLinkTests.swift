import ChatProtocol
import ChatTransport
import Synchronization
import Testing

/// Links for bulk data over real sockets: what they carry, how they are held back, and what ends them.
@Suite(.timeLimit(.minutes(2)))
struct BulkLinkTests {
    /// Nobody listens there.
    private static var closed: [Candidate] { Candidate(address: "127.0.0.1", port: 1024).map { [$0] } ?? [] }

    /// A link between luke's host and bytes of the test's own, which come as hans.
    private func raw(_ bench: PeerBench) async throws -> (peer: RawPeer, link: PeerLinkID) {
        bench.luke.host.expect(bench.introductions(purpose: .bulk).toLuke)
        let raw = try await RawPeer(as: bench.hans, to: bench.luke)
        try await raw.send(.hello(.bulk))
        #expect(try await raw.received.next() == PeerMessage.hello(.bulk).encoded())
        return (raw, try await bench.luke.nextLink().id)
    }

    // MARK: What goes over it

    @Test func blocksGoBothWaysAtOnceAndArriveIntact() async throws {
        try await PeerBench.run { bench in
            let link = try await bench.link(purpose: .bulk)
            let blocks: UInt64 = 256
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (side, id) in [(bench.hans, link.hans), (bench.luke, link.luke)] {
                    let check = BlockCheck()
                    side.takesFrame.withLock {
                        $0 = { frame in
                            check.take(frame)
                            return true
                        }
                    }
                    group.addTask { try await side.pour(0..<blocks, on: id) }
                    group.addTask { try await check.wait(for: blocks) }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func blocksGoThroughTheRelayToo() async throws {
        try await PeerBench.run { bench in
            let (toHans, toLuke) = bench.introductions(candidates: Self.closed, purpose: .bulk)
            bench.luke.host.expect(toLuke)
            bench.hans.host.dial(toHans)
            let (atHans, _, route) = try await bench.hans.nextLink()
            let (_, hans, same) = try await bench.luke.nextLink()
            #expect(route == .relayed && same == .relayed && hans.purpose == .bulk)
            let check = BlockCheck()
            bench.luke.takesFrame.withLock {
                $0 = { frame in
                    check.take(frame)
                    return true
                }
            }
            try await bench.hans.pour(0..<8, on: atHans)
            try await check.wait(for: 8)
            #expect(bench.server.listener.relayMetrics.sessions == 1)
            #expect(bench.server.listener.relayMetrics.bytes > 8 * UInt64(FileContent.blockSize))
        }
    }

    @Test func messagesAndFramesKeepToTheirLinks() async throws {
        try await PeerBench.run { bench in
            let chat = try await bench.link()
            let bulk = try await bench.link(purpose: .bulk)
            bench.hans.host.send(.ping, on: bulk.hans)
            #expect(!bench.hans.host.send(frames: [.cancel(1)], on: chat.hans))
            bench.hans.host.send(.pong, on: chat.hans)
            bench.hans.host.send(frames: [.cancel(2)], on: bulk.hans)
            #expect(try await bench.luke.nextMessage() == .pong)
            #expect(try await bench.luke.frames.next() == .cancel(2))
        }
    }

    @Test func framesOfUnknownKindsArePassedOver() async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            let (raw, _) = try await raw(bench)
            try await raw.send([0, 0, 0, 3, 200, 1, 2] + BulkFrame.cancel(5).encoded())
            #expect(try await bench.luke.frames.next() == .cancel(5))
        }
    }

    // MARK: Holding back

    @Test func whoTakesNothingStopsTheSenderAndLosesNothing() async throws {
        try await PeerBench.run { bench in
            let chat = try await bench.link()
            let link = try await bench.link(purpose: .bulk)
            let (check, accepts, blocks) = (BlockCheck(), AcceptsFrames(), UInt64(256))
            bench.luke.takesFrame.withLock {
                $0 = { frame in
                    check.take(frame)
                    return accepts.value.load(ordering: .sequentiallyConsistent)
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bench.hans.pour(0..<blocks, on: link.hans) }
                _ = try await bench.hans.reports.next { if case .writability(_, isWritable: false) = $0 { true } else { false } }
                // A link for chat goes on meanwhile.
                for number in UInt64(1)...20 {
                    bench.hans.host.send(.ack(through: number), on: chat.hans)
                    #expect(try await bench.luke.nextMessage() == .ack(through: number))
                }
                #expect(check.count.withLock { $0 } == 1)
                accepts.value.store(true, ordering: .sequentiallyConsistent)
                bench.luke.host.resumeReading(purpose: .chat)
                bench.luke.host.resumeReading(purpose: .bulk)
                try await check.wait(for: blocks)
                try await group.waitForAll()
            }
        }
    }

    @Test func whoSendsRegardlessLosesTheLink() async throws {
        try await PeerBench.run({
            $0.softBulkOutbound = 64 * 1024
            $0.hardBulkOutbound = 512 * 1024
        }) { bench in
            let link = try await bench.link(purpose: .bulk)
            bench.luke.takesFrame.withLock { $0 = { _ in false } }
            for number in 0..<UInt64(256) { bench.hans.host.send(frames: BulkFrame.block(number), on: link.hans) }
            let down = try await bench.hans.reports.next { if case .linkDown = $0 { true } else { false } }
            guard case .linkDown(link.hans, let reason) = down else { throw Timeout() }
            #expect(reason == "the other side does not take what is sent")
            #expect(!bench.hans.host.send(frames: [.cancel(1)], on: link.hans))
        }
    }

    // MARK: What makes no sense

    /// A length of 2^31 and of none, a proof that ends within a hash, and a leaf with nothing in it.
    @Test(
        arguments: [
            [0x80, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 20, 8, 0, 0, 0, 0, 0, 0, 0, 1, 1] + [UInt8](repeating: 7, count: 10),
            [0, 0, 0, 10, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0],
        ] as [[UInt8]])
    func aMalformedFrameIsReportedAndEndsTheLink(bytes: [UInt8]) async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            let (raw, link) = try await raw(bench)
            try await raw.send(BulkFrame.cancel(5).encoded() + bytes)
            #expect(try await bench.luke.frames.next() == .cancel(5))
            guard case .malformed(link, _) = try await bench.luke.reports.next() else { throw Timeout() }
            guard case .linkDown(link, _) = try await bench.luke.reports.next() else { throw Timeout() }
            try await raw.waitForTheEnd()
        }
    }

    @Test func framesBeforeHelloLeadNowhere() async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            bench.luke.host.expect(bench.introductions(purpose: .bulk).toLuke)
            let raw = try await RawPeer(as: bench.hans, to: bench.luke)
            try await raw.send(BulkFrame.cancel(5).encoded() + PeerMessage.hello(.bulk).encoded())
            try await raw.waitForTheEnd()
            #expect(bench.luke.reports.all.isEmpty && bench.luke.frames.all.isEmpty)
        }
    }

    @Test func framesBeginAfterOneNewline() async throws {
        try await PeerBench.run({ $0.relayAfter = .seconds(30) }) { bench in
            bench.luke.host.expect(bench.introductions(purpose: .bulk).toLuke)
            let raw = try await RawPeer(as: bench.hans, to: bench.luke)
            try await raw.send(PeerMessage.hello(.bulk).encoded().dropLast() + BulkFrame.cancel(5).encoded())
            _ = try await bench.luke.nextLink()
            guard case .malformed = try await bench.luke.reports.next() else { throw Timeout() }
            #expect(bench.luke.frames.all.isEmpty)
        }
    }
}

/// Whether luke takes frames.
private final class AcceptsFrames: Sendable {
    let value = Atomic(false)
}
