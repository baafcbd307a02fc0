import ChatProtocol
import Glibc
import Testing

@testable import ChatPeer

/// What clients that share files do together.
@Suite struct SharingTests: SharingScene {
    private let fetchers = [name("c1"), name("c2"), name("c3"), name("c4")]

    // MARK: Together

    @Test func fourFetchersGetAtLeastHalfFromEachOther() throws {
        let file = try SampleFile(size: 32 << 20)
        var world = try world(file, fetchers: fetchers)
        for user in fetchers { try world.download("sample.bin", by: user) }
        world.run(seconds: 120) { world in fetchers.allSatisfy { world.hasFinished($0) } }
        try expectWhole(world, file, at: fetchers)
        let received = try fetchers.map { try world[$0].received }
        let fromOwner = received.reduce(0) { $0 + ($1[owner] ?? 0) }
        let all = received.reduce(0) { $0 + $1.values.reduce(0, +) }
        #expect(fromOwner * 2 <= all, "\(fromOwner) of \(all) bytes came from the owner")
        // One link for each two people.
        for user in fetchers { #expect(try world[user].sharing.linked.count == 4) }
        // The owner was told once of each.
        #expect(world.news(owner).count { if case .uploading = $0 { true } else { false } } == 4)
        // All are known to have all of it.
        world.run(seconds: 3)
        for user in fetchers { #expect(world.index[user]?[file.content]?.pieces.isFull == true) }
    }

    @Test func liarIsNamedAndDroppedAndNotTakenBack() throws {
        let file = try SampleFile(size: 3 << 20)
        var world = try world(file, fetchers: [hans])
        world.start(leia, conduct: .lying)
        try world.offer(file, by: leia)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 120) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.drops(hans) == ["leia lied"])
        #expect(try world[hans].sharing.linked == [owner])
        // It comes back for something else.
        world.give(.request(introduction(leia, pin(3))), to: hans)
        world.link(leia, hans)
        world.run(seconds: 1)
        #expect(try world[hans].sharing.linked == [owner])
        #expect(world.news(hans).contains(.turnedAway(leia)))
    }

    @Test func peerThatSendsNothingIsNamedAndDropped() throws {
        let file = try SampleFile(size: 8 << 20)
        var world = try world(file, fetchers: [hans])
        world.start(leia, conduct: .silent)
        try world.offer(file, by: leia)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 120) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        // What it was asked for came from others before it could be called stalled, or it was dropped.
        let gone = world.drops(hans)
        #expect(gone.allSatisfy { $0 == "leia stalled" })
        // Where there is nobody else, it is waited for, and then it is named.
        var alone = try SharingWorld()
        alone.start(leia, conduct: .silent)
        alone.start(hans)
        try alone.offer(file, by: leia)
        try alone.download("sample.bin", by: hans)
        alone.run(seconds: 40)
        #expect(alone.drops(hans).first == "leia stalled")
        #expect(try alone[hans].closed >= 1)
    }

    @Test func peerThatVanishesIsReplaced() throws {
        let file = try SampleFile(size: 8 << 20)
        var world = try world(file, fetchers: [hans, leia])
        try world.download("sample.bin", by: leia)
        world.run(seconds: 60) { $0.hasFinished(leia) }
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.done ?? 0) > 2 << 20 }
        world.stop(owner)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.drops(hans).isEmpty)
    }

    @Test func restartFetchesOnlyTheRest() throws {
        let file = try SampleFile(size: 10 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.6 }
        world.stop(hans)
        world.start(hans)
        world.run(seconds: 2)
        #expect(world.news(hans).contains(.interrupted(1, file.description.file)))
        #expect(world.transfers(hans).first?.status.isPaused == true)
        #expect(try world[hans].received.isEmpty, "something was fetched that nobody wanted")
        world.give(.resume(1, world.ticket()), to: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        let received = try #require(try world[hans].received[owner])
        // What was begun and not complete is fetched again.
        #expect(received < file.bytes.count * 55 / 100, "\(received) bytes were fetched again")
    }

    @Test func interruptedDownloadIsTakenUpWhenItsFileIsWantedAgain() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.5 }
        world.stop(hans)
        world.start(hans)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.transfers(hans).map(\.number) == [1])
    }

    @Test func interruptedDownloadThatIsEndedIsGone() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.5 }
        world.stop(hans)
        world.start(hans)
        world.give(.end(1, world.ticket()), to: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains(.ended(1, file.description.file)))
        #expect(world.place.names("hans/.partial").isEmpty)
    }

    // MARK: The server

    @Test func transfersGoOnWithoutTheServerAndTheIndexFillsAgain() throws {
        let file = try SampleFile(size: 8 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.2 }
        world.serverGoes()
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.index.isEmpty)
        world.serverComesBack()
        world.run(seconds: 2)
        for user in [owner, hans] { #expect(world.index[user]?[file.content]?.pieces.isFull == true) }
    }

    @Test func newsForTheIndexIsGathered() throws {
        let file = try SampleFile(size: 12 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        world.run(seconds: 2)
        let count = world.requests(of: hans) { if case .have = $0 { true } else { false } }
        #expect((1...4).contains(count), "\(count) times for 48 pieces")
        #expect(world.index[hans]?[file.content]?.pieces.isFull == true)
    }

    @Test func commandWithoutAServerIsRefused() throws {
        var world = try SharingWorld()
        world.start(hans)
        world.serverGoes()
        let ticket = world.ticket()
        world.give(.download(try #require(FileDesignation("a")), ticket), to: hans)
        world.run(seconds: 1)
        #expect(world.news(hans) == [.refused(ticket, .noServer)])
    }

    // MARK: Commands

    @Test func pausedTransferRestsAndResumes() throws {
        let file = try SampleFile(size: 6 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.3 }
        world.give(.pause(1, world.ticket()), to: hans)
        world.run(seconds: 1)
        let done = world.transfers(hans).first?.status.done
        world.run(seconds: 30)
        #expect(world.transfers(hans).first?.status.done == done)
        world.give(.resume(1, world.ticket()), to: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.drops(hans).isEmpty)
    }

    @Test func endedTransferLeavesNothing() throws {
        let file = try SampleFile(size: 6 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.3 }
        world.give(.end(1, world.ticket()), to: hans)
        world.run(seconds: 5)
        #expect(world.news(hans).contains(.ended(1, file.description.file)))
        #expect(world.place.names("hans/.partial").isEmpty)
        #expect(world.index[hans]?.isEmpty ?? true)
        let ticket = world.ticket()
        world.give(.pause(1, ticket), to: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains(.refused(ticket, .noSuchTransfer(1))))
    }

    @Test func ofTwoFilesOfOneNameTheUserChooses() throws {
        let one = try SampleFile(size: 1 << 20)
        let two = try SampleFile(size: 1 << 20, seed: 2)
        var world = try world(one, fetchers: [hans])
        world.start(leia)
        try world.offer(two, by: leia)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 2)
        let choices = world.news(hans).compactMap { if case .choose(_, _, let choices) = $0 { choices } else { nil } }.first
        #expect(try #require(choices).count == 2)
        let prefix = two.content.root.description.prefix(8)
        try world.download("sample.bin#\(prefix)", by: hans)
        world.run(seconds: 20) { $0.hasFinished(hans) }
        try expectWhole(world, two, at: [hans])
        // The other one gets another name in the folder.
        try world.download("sample.bin#\(one.content.root.description.prefix(8))", by: hans)
        world.run(seconds: 20) { $0.hasFinished(hans, 2) }
        try expectWhole(world, one, at: [hans], as: "sample (2).bin")
    }

    @Test func whatIsFetchedOrThereIsSaidToBe() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { ($0.transfers(hans).first?.status.fraction ?? 0) >= 0.3 }
        let first = world.ticket()
        world.give(.download(try #require(FileDesignation("sample.bin")), first), to: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        #expect(world.news(hans).contains(.alreadyFetching(first, 1, file.description.file)))
        let second = world.ticket()
        world.give(.download(try #require(FileDesignation("sample.bin")), second), to: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains(.alreadyHere(second, file.description.file)))
        let third = world.ticket()
        world.give(.download(try #require(FileDesignation("nothing.bin")), third), to: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains(.refused(third, .notFound(try #require(FileDesignation("nothing.bin"))))))
    }

    /// A file that its user has moved, changed or removed is no longer here, and is fetched again.
    @Test(arguments: ["moved", "changed", "removed"])
    func whatIsNotWhereItWasIsFetchedAgain(deed: String) throws {
        let file = try SampleFile(size: 600_000)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        let path = "\(world.folder(of: hans))/sample.bin"
        switch deed {
        case "moved": #expect(rename(path, path + ".old") == 0)
        case "changed": #expect(truncate(path, 7) == 0)
        default: #expect(unlink(path) == 0)
        }
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans, 2) }
        #expect(world.news(hans).contains { if case .offerEnded(file.description.file, _) = $0 { true } else { false } })
        try expectWhole(world, file, at: [hans], as: deed == "changed" ? "sample (2).bin" : "sample.bin")
        // It is offered again, and is there from now on.
        try #expect(world[hans].sharing.offered.map(\.file) == [file.description.file])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains { if case .alreadyHere(_, file.description.file) = $0 { true } else { false } })
    }

    @Test func whatIsGoneAndNobodyElseHasIsNotFound() throws {
        let file = try SampleFile(size: 600_000)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        world.stop(owner)
        #expect(unlink("\(world.folder(of: hans))/sample.bin") == 0)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 1)
        #expect(world.news(hans).contains { if case .refused(_, .notFound) = $0 { true } else { false } })
        try #expect(world[hans].sharing.offered.isEmpty)
    }

    /// Fetched chunk by chunk it has no name yet: asking for all of it gives it one.
    @Test func whatIsThereWithoutANameGetsOne() throws {
        let file = try SampleFile(size: 500_000)
        var world = try world(file, fetchers: [hans])
        for (number, piece) in [0, 1].enumerated() {
            try world.download("sample.bin", by: hans, pieces: [piece], from: owner)
            world.run(seconds: 60) { $0.hasFinished(hans, number + 1) }
        }
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans, 3) }
        try expectWhole(world, file, at: [hans])
        #expect(try world[hans].received[owner] == file.bytes.count)
    }

    @Test func onlyThePiecesThatAreWantedAreFetched() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans, pieces: [1, 3], from: owner)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        #expect(world.news(hans).contains(.finished(1, file.description.file, path: nil)))
        #expect(try world[hans].received[owner] == 2 * file.content.pieceSize)
        // And then the rest.
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans, 2) }
        try expectWhole(world, file, at: [hans])
        #expect(try world[hans].received[owner] == file.bytes.count)
    }

    @Test(arguments: [0, 1, 16_384])
    func smallFilesArrive(size: Int) throws {
        let file = try SampleFile(size: size)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 20) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
    }

    // MARK: The disk

    @Test func fullDiskFailsTheTransferInWords() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        world.limitDisk(of: hans, leaves: 50)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 20)
        #expect(world.news(hans).contains(.failed(1, file.description.file, .system("write", 28))))
        #expect(world.index[hans]?.isEmpty ?? true)
        // What was fetched stays, and counts when there is room again.
        world.limitDisk(of: hans, leaves: .max)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans, 2) }
        try expectWhole(world, file, at: [hans])
    }

    @Test func folderThatCannotBeUsedIsTold() throws {
        let file = try SampleFile(size: 1 << 20)
        var world = try world(file, fetchers: [])
        _ = try world.place.file("hans", [1])
        world.start(hans)
        try world.download("sample.bin", by: hans)
        world.run(seconds: 5)
        #expect(world.news(hans).contains { if case .folderFailed = $0 { true } else { false } })
        #expect(world.news(hans).contains { if case .failed(1, _, _) = $0 { true } else { false } })
    }

    // MARK: Telling

    @Test func statusIsToldAFewTimesASecond() throws {
        let file = try SampleFile(size: 12 << 20)
        var world = try world(file, fetchers: [hans])
        let start = world.now.uptime
        try world.download("sample.bin", by: hans)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        let seconds = Double(world.now.uptime - start) / 1e9
        let times = try world[hans].statusLists
        #expect(Double(times.count) <= 5 * seconds + 2)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= Moment.second / 5 })
        // And nothing once nothing changes.
        world.run(seconds: 20)
        let count = try world[hans].statusLists.count
        world.run(seconds: 60)
        #expect(try world[hans].statusLists.count == count)
    }

    @Test func linkThatNobodyUsesIsClosed() throws {
        let file = try SampleFile(size: 1 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.run(seconds: 20) { $0.hasFinished(hans) }
        #expect(try world[hans].sharing.linked == [owner])
        world.run(seconds: 300)
        #expect(try world[hans].sharing.linked.isEmpty)
        #expect(try world[owner].sharing.linked.isEmpty)
        #expect(try world[hans].sharing.nextWake == nil)
    }

    @Test func bothDiallingAtOnceLosesNothing() throws {
        let file = try SampleFile(size: 4 << 20)
        var world = try world(file, fetchers: [hans])
        try world.download("sample.bin", by: hans)
        world.link(owner, hans)
        world.run(seconds: 0.2)
        world.link(owner, hans)
        world.link(hans, owner)
        world.run(seconds: 60) { $0.hasFinished(hans) }
        try expectWhole(world, file, at: [hans])
        #expect(world.drops(hans).isEmpty)
        #expect(try world[hans].sharing.linked == [owner])
        #expect(try world[hans].sharing.links.count == 1)
        #expect(try world[owner].sharing.links.count == 1)
    }
}
