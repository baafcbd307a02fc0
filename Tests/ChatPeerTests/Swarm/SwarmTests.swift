import ChatPeer
import ChatProtocol
import Testing

/// Whole swarms on a clock of their own: what each transfer does follows from the rules alone.
@Suite struct SwarmTests {
    private let minute = 60 * Moment.second
    private let clients = ["c1", "c2", "c3", "c4"]

    private func swarm(size: Int = 24 << 20) throws -> SwarmSimulation {
        var swarm = SwarmSimulation(file: try SampleFile(size: size))
        try swarm.addOwner("owner")
        return swarm
    }

    private func expectWhole(_ swarm: SwarmSimulation, _ names: [String]) throws {
        for name in names {
            let node = try swarm[name]
            #expect(node.finishedAt != nil, "\(name) is not done")
            #expect(swarm.isWhole(node), "\(name) has something else")
        }
    }

    private func received(_ swarm: SwarmSimulation, by names: [String], from owner: String) throws -> (owner: Int, all: Int) {
        let owner = try swarm[owner].name
        let nodes = try names.map { try swarm[$0] }
        return (nodes.reduce(0) { $0 + ($1.received[owner] ?? 0) }, nodes.reduce(0) { $0 + $1.received.values.reduce(0, +) })
    }

    @Test func fourClientsGetMostFromEachOther() throws {
        var alone = try swarm(size: 64 << 20)
        try alone.addClient("c1")
        alone.run(until: 2 * minute)
        let single = try #require(try alone["c1"].finishedAt)
        var swarm = try swarm(size: 64 << 20)
        for name in clients { try swarm.addClient(name) }
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, clients)
        let bytes = try received(swarm, by: clients, from: "owner")
        #expect(bytes.owner * 2 <= bytes.all, "\(bytes.owner) of \(bytes.all) bytes came from the owner")
        // Little comes twice.
        #expect(bytes.all < 4 * swarm.file.bytes.count * 11 / 10)
        let last = swarm.now
        #expect(Double(last) <= 1.5 * Double(single), "four took \(last), one \(single)")
    }

    @Test func clientAloneWithTheOwnerGetsEverything() throws {
        var swarm = try swarm(size: 3_000_001)
        try swarm.addClient("c1")
        swarm.run(until: minute)
        try expectWhole(swarm, ["c1"])
        #expect(try received(swarm, by: ["c1"], from: "owner").all == 3_000_001)
        #expect(try swarm.status("c1").phase == .finished(path: "/"))
    }

    @Test(arguments: [0, 1, 16_384, 262_145])
    func smallFilesArrive(size: Int) throws {
        var swarm = try swarm(size: size)
        try swarm.addClient("c1")
        swarm.run(until: minute)
        try expectWhole(swarm, ["c1"])
    }

    @Test(arguments: [SwarmSimulation.Conduct.falseLeaves, .falseProofs])
    func liarIsNamedAndDroppedAndNothingOfItIsKept(conduct: SwarmSimulation.Conduct) throws {
        var swarm = try swarm()
        try swarm.addOwner("liar", conduct: conduct)
        for name in clients { try swarm.addClient(name) }
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, clients)
        for name in clients {
            let drops = try swarm[name].drops.map { "\($0.user) \($0.reason)" }
            #expect(drops == ["liar lied"])
            #expect(try swarm.status(name).dropped.map(\.user.text) == ["liar"])
        }
    }

    @Test func silentPeerIsDroppedAndItsShareComesFromOthers() throws {
        var swarm = try swarm()
        try swarm.addOwner("silent", conduct: .silent)
        // Slow enough that there is still something to do after 15 seconds.
        var slow = SwarmSimulation(file: swarm.file)
        try slow.addOwner("owner", rate: 1_000_000)
        try slow.addOwner("silent", conduct: .silent)
        try slow.addClient("c1")
        slow.run(until: 2 * minute)
        try expectWhole(slow, ["c1"])
        #expect(try slow["c1"].drops.map { "\($0.user) \($0.reason)" } == ["silent stalled"])
        // And fast enough that it must not wait so long.
        for name in clients { try swarm.addClient(name) }
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, clients)
        #expect(swarm.now < 10 * Moment.second)
    }

    @Test func killedPeerDoesNoHarm() throws {
        var swarm = try swarm()
        try swarm.addOwner("second")
        for name in clients { try swarm.addClient(name) }
        try swarm.kill("second", at: Moment.second / 2)
        try swarm.kill("c4", at: Moment.second)
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, ["c1", "c2", "c3"])
    }

    @Test func everythingAtOnce() throws {
        var swarm = try swarm()
        try swarm.addOwner("liar", conduct: .falseLeaves)
        try swarm.addOwner("silent", conduct: .silent)
        try swarm.addOwner("second")
        for name in clients { try swarm.addClient(name) }
        try swarm.kill("second", at: Moment.second / 2)
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, clients)
        for name in clients { #expect(try swarm[name].drops.contains { $0.user.text == "liar" && $0.reason == .lied }) }
    }

    @Test func othersGoOnWhenTheOwnerGoesAfterOneCopy() throws {
        var swarm = try swarm(size: 4 << 20)
        for name in clients { try swarm.addClient(name) }
        swarm.run(until: Moment.second / 5)
        // Between them they have it all; the owner is no longer needed.
        var union = PieceSet(capacity: swarm.file.content.pieceCount)
        while union.count < union.capacity {
            swarm.run(until: swarm.now + Moment.second / 50)
            for name in clients { for piece in try swarm[name].pieces { union.insert(piece) } }
        }
        try swarm.kill("owner", at: swarm.now)
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, clients)
    }

    @Test func transferThatWasStoppedFetchesOnlyTheRest() throws {
        var swarm = try swarm()
        var had = PieceSet(capacity: swarm.file.content.pieceCount)
        for piece in 0..<had.capacity where piece % 5 < 3 { had.insert(piece) }
        try swarm.addClient("c1", having: had)
        swarm.run(until: minute)
        let bytes = try received(swarm, by: ["c1"], from: "owner").all
        #expect(try swarm["c1"].finishedAt != nil)
        #expect(bytes == swarm.file.bytes.count - had.reduce(0) { $0 + swarm.file.content.length(ofPiece: $1) })
        let status = try swarm.status("c1")
        #expect(status.done == status.wanted)
    }

    @Test func oneChunkIsFetchedAlone() throws {
        var swarm = try swarm()
        var wanted = PieceSet(capacity: swarm.file.content.pieceCount)
        wanted.insert(7)
        try swarm.addClient("c1", pieces: wanted)
        swarm.run(until: minute)
        #expect(try swarm.status("c1").phase == .finished(path: nil))
        #expect(try Array(swarm["c1"].pieces) == [7])
    }

    @Test func pausedTransferAsksForNothingUntilItIsResumed() throws {
        var swarm = try swarm()
        try swarm.addClient("c1")
        try swarm.send(.pause, to: "c1", at: Moment.second / 4)
        swarm.run(until: Moment.second)
        let paused = try swarm.status("c1")
        #expect(paused.words == "paused" && paused.rate == 0 && paused.done > 0)
        swarm.run(until: 30 * Moment.second)
        #expect(try swarm.status("c1").done == paused.done)
        try swarm.send(.resume, to: "c1", at: swarm.now)
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, ["c1"])
    }

    @Test func stallIsShownAndPeersAreSought() throws {
        var swarm = try swarm()
        try swarm.addClient("c1")
        try swarm.kill("owner", at: Moment.second / 2)
        swarm.run(until: 20 * Moment.second)
        let status = try swarm.status("c1")
        #expect(status.isStalled && status.peers.isEmpty)
        try swarm.addOwner("second")
        swarm.run(until: 2 * minute)
        try expectWhole(swarm, ["c1"])
        #expect(try !swarm.status("c1").isStalled)
    }
}
