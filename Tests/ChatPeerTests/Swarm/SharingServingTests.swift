import ChatProtocol
import Foundation
import Testing

@testable import ChatPeer

/// What a client gives to others, and what not.
@Suite struct SharingServingTests: SharingScene {
    // MARK: What is offered

    @Test func fileThatChangesIsOfferedNoLonger() throws {
        let file = try SampleFile(size: 8 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.2 }
        let handle = try #require(FileHandle(forWritingAtPath: "\(world.place.path)/files-owner/sample.bin"))
        try handle.truncate(atOffset: 5)
        try handle.close()
        world.run(seconds: 5)
        #expect(try world[owner].sharing.offered.isEmpty)
        #expect(world.index[owner]?.isEmpty == true)
        let ends = world.news(owner).compactMap { if case .offerEnded(let file, .changed) = $0 { file } else { nil } }
        #expect(ends == [file.description.file])
        // Nobody is to blame; hans waits for somebody else who has it.
        #expect(world.drops(hans).isEmpty)
        #expect(world.transfers(hans).first?.status.phase == .fetching)
        world.start(leia)
        try world.offer(file, by: leia)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
    }

    @Test func whatIsNotOfferedIsRefused() throws {
        let file = try SampleFile(size: 1 << 20)
        let other = try SampleFile(size: 1 << 20, name: "other.bin", seed: 9)
        var world = try world(file, fetchers: [hans])
        world.link(hans, owner)
        world.run(seconds: 1)
        let answers = try ask(
            [
                .ask(other.content), .request(7, other.content, BlockPlace(piece: 0, block: 0)),
                .wantLayer(other.content, from: 0, count: 1),
            ],
            of: owner, in: world)
        #expect(answers == [.nothing(other.content), .refuse(7, .notOffered), .nothing(other.content)])
    }

    @Test func whoMayNotBeServedGetsNothing() throws {
        let file = try SampleFile(size: 1 << 20)
        var world = try SharingWorld()
        world.start(owner, serving: .only([leia: world.key(of: leia)]))
        for user in [hans, leia] { world.start(user) }
        try world.offer(file, by: owner)
        for user in [hans, leia] { try world.download("sample.bin", by: user) }
        world.run(seconds: 20) { $0.hasFinished(leia) }
        // hans gets it from leia, not from the owner.
        world.run(seconds: 60) { $0.hasFinished(hans) }
        #expect(try world[hans].received[owner] == nil)
        #expect(world.news(owner).contains(.turnedAway(hans)))
        try expectWhole(world, file, at: [leia, hans])
    }

    @Test func aKnownNameWithAnotherKeyGetsNothing() throws {
        let file = try SampleFile(size: 1 << 20)
        var world = try SharingWorld()
        world.start(owner, serving: .only([leia: pin(7)]))
        world.start(leia)
        try world.offer(file, by: owner)
        try world.download("sample.bin", by: leia)
        world.run(seconds: 20)
        #expect(try world[leia].received[owner] == nil)
        #expect(world.news(owner).contains(.turnedAway(leia)))
        // Nor over a link that the owner has opened.
        world.link(owner, leia)
        world.run(seconds: 1)
        #expect(try ask([.ask(file.content)], of: owner, in: world) == [.nothing(file.content)])
    }

    @Test func whoIsServedNoLongerGetsNothingMoreAndIsToldSo() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        world.link(hans, owner)
        world.run(seconds: 1)
        var sharing = try world[owner].sharing
        let link = try #require(sharing.links.keys.first)
        let requests = (0..<6).map { BulkFrame.request(UInt64($0), file.content, BlockPlace(piece: $0, block: 0)) }
        let asked = sharing.handle(([.ask(file.content)] + requests).map { .frame(link, $0) }, at: world.now)
        let jobs = asked.compactMap { if case .disk(.read(let job)) = $0 { job } else { nil } }
        #expect(jobs.map(\.number) == [0, 1, 2, 3])
        let told = sharing.handle(.serve(.nobody), at: world.now)
        #expect(told == [.send([.refuse(4, .notOffered), .refuse(5, .notOffered), .nothing(file.content)], link)])
        let read = sharing.handle(.disk(.read(jobs[0], [.leaf(0, index: 0, [1])])), at: world.now)
        #expect(read == [.send([.refuse(0, .notOffered)], link)])
    }

    @Test func whoIsBlockedIsCutOffAtOnce() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        world.link(hans, owner)
        world.run(seconds: 1)
        var sharing = try world[owner].sharing
        let link = try #require(sharing.links.keys.first)
        let requests = (0..<6).map { BulkFrame.request(UInt64($0), file.content, BlockPlace(piece: $0, block: 0)) }
        let asked = sharing.handle(([.ask(file.content)] + requests).map { .frame(link, $0) }, at: world.now)
        let job = try #require(asked.lazy.compactMap { if case .disk(.read(let job)) = $0 { job } else { nil } }.first)
        // What comes from the disk at the same moment is not sent, nor what is still being read.
        let told = sharing.handle([.disk(.read(job, [.leaf(0, index: 0, [1])])), .block(hans, true)], at: world.now)
        let frames = told.flatMap { output -> [BulkFrame] in if case .send(let frames, _) = output { frames } else { [] } }
        #expect(frames == [.refuse(5, .notOffered), .nothing(file.content)])
        #expect(told.last == .close(link))
        let reading = sharing.reading.map(\.job)
        #expect(reading.map(\.number) == [1, 2, 3, 4])
        for job in reading {
            #expect(sharing.handle(.disk(.read(job, [.leaf(job.number, index: 0, [1])])), at: world.now) == [])
        }
        #expect(sharing.linked.isEmpty)
        #expect(!sharing.uploads.isWaiting)

        // He comes again in vain, also with what was on its way.
        let pin = world.key(of: hans)
        #expect(
            sharing.handle(.linkUp(PeerLinkID(number: 900), hans, pin, isInitiator: false), at: world.now) == [
                .close(PeerLinkID(number: 900))
            ])
        // Over a link of the owner's own he gets nothing.
        let own = PeerLinkID(number: 901)
        _ = sharing.handle(.linkUp(own, hans, pin, isInitiator: true), at: world.now)
        #expect(sharing.handle(.frame(own, .ask(file.content)), at: world.now) == [.send([.nothing(file.content)], own)])
        // Until he is not blocked any more.
        _ = sharing.handle(.block(hans, false), at: world.now)
        let answers = sharing.handle(.frame(own, .ask(file.content)), at: world.now)
        #expect(answers == [.send([.holding(file.content, PieceSet(all: file.content.pieceCount))], own)])
    }

    @Test func whoIsBlockedInTheMidstOfAFileGetsNoMoreOfIt() throws {
        let file = try SampleFile(size: 8 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.2 }
        world.give(.block(hans, true), to: owner)
        world.run(seconds: 1)
        let done = try #require(world.transfers(hans).first?.status.fraction)
        #expect(done < 1)
        world.run(seconds: 5)
        #expect(world.transfers(hans).first?.status.fraction == done)
        #expect(try world[owner].sharing.uploads.waiting == 0)
    }

    @Test func floodOfRequestsIsAnsweredWithBusy() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        world.link(hans, owner)
        world.run(seconds: 1)
        let flood: [BulkFrame] =
            [.ask(file.content)] + (0..<10_000).map { .request(UInt64($0), file.content, BlockPlace(piece: $0 % 16, block: 0)) }
        let answers = try ask(flood, of: owner, in: world)
        #expect(
            answers.count { if case .refuse(_, .busy) = $0 { true } else { false } } >= 10_000 - Uploads.mostWaiting
                - FileSharing.Limits.reads)
    }

    /// What a client answers at once to frames of its only peer.
    private func ask(_ frames: [BulkFrame], of user: UserName, in world: SharingWorld) throws -> [BulkFrame] {
        var sharing = try world[user].sharing
        let link = try #require(sharing.links.keys.first)
        var answers: [BulkFrame] = []
        for output in sharing.handle(frames.map { .frame(link, $0) }, at: world.now) {
            if case .send(let frames, _) = output { answers += frames }
        }
        return answers
    }

    @Test func fileIsWithdrawnByName() throws {
        let file = try SampleFile(size: 1 << 20)
        var world = try world(file, fetchers: [])
        let ticket = world.ticket()
        world.give(.withdraw(try #require(FileDesignation("sample.bin")), ticket), to: owner)
        world.run(seconds: 1)
        #expect(world.news(owner).contains(.withdrawn(ticket, file.description.file)))
        #expect(world.index[owner]?.isEmpty == true)
        #expect(try world[owner].sharing.offered.isEmpty)
    }
}
