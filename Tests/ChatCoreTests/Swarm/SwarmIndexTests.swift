import ChatCore
import ChatProtocol
import Testing

@Suite struct SwarmIndexTests {
    private func user(_ name: String) throws -> UserName { try #require(UserName(name)) }
    private func name(_ text: String) throws -> SafeName { try #require(SafeName(text)) }

    /// A file of 4 pieces.
    private func content(_ number: UInt8, size: UInt64 = 1_000_000) throws -> FileContent {
        let root = try #require(Hash256([number] + [UInt8](repeating: 7, count: 31)))
        return try #require(FileContent(root: root, size: size))
    }

    private func pieces(_ pieces: [Int], of content: FileContent) -> PieceSet {
        var set = PieceSet(capacity: content.pieceCount)
        for piece in pieces { set.insert(piece) }
        return set
    }

    private func everyone(_: UserName) -> Bool { true }

    @Test func fileIsFoundByNameWithItsOwners() throws {
        var index = SwarmIndex()
        let film = SharedFile(name: try name("film.mkv"), content: try content(1))
        #expect(index.register(film, PieceSet(all: 4), of: try user("hans")) == .success)
        #expect(index.register(film, pieces([1, 2], of: film.content), of: try user("leia")) == .success)
        let found = index.search(film.name, isVisible: everyone)
        #expect(found.map(\.file) == [film])
        #expect(found.first?.owners == [.init(user: try user("hans"), count: 4), .init(user: try user("leia"), count: 2)])
        #expect(index.search(try name("none"), isVisible: everyone).isEmpty)
    }

    @Test func rootTellsFilesOfOneNameApart() throws {
        var index = SwarmIndex()
        for number in 1...2 {
            let file = SharedFile(name: try name("a"), content: try content(UInt8(number)))
            _ = index.register(file, PieceSet(all: 4), of: try user("u\(number)"))
        }
        let found = index.search(try name("a"), isVisible: everyone)
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.ownerCount == 1 })
    }

    @Test func oneFileUnderTwoNamesHasTheOwnersOfBoth() throws {
        var index = SwarmIndex()
        _ = index.register(SharedFile(name: try name("a"), content: try content(1)), PieceSet(all: 4), of: try user("hans"))
        _ = index.register(SharedFile(name: try name("b"), content: try content(1)), PieceSet(all: 4), of: try user("leia"))
        #expect(index.search(try name("a"), isVisible: everyone).first?.owners.map(\.user.text) == ["hans", "leia"])
        index.remove(try user("hans"))
        #expect(index.search(try name("a"), isVisible: everyone).isEmpty)
    }

    @Test func chunksAreFoundWhereTheyAre() throws {
        var index = SwarmIndex()
        let file = SharedFile(name: try name("a"), content: try content(1))
        _ = index.register(file, pieces([0], of: file.content), of: try user("hans"))
        _ = index.register(file, pieces([1], of: file.content), of: try user("leia"))
        #expect(index.have(file.content, [2], of: try user("leia")) == .success)
        let owners = index.search(file.name, pieces: [1, 2, 3], isVisible: everyone)?.first?.owners
        #expect(owners == [.init(user: try user("leia"), count: 2, pieces: [1, 2])])
        #expect(index.search(file.name, pieces: [4], isVisible: everyone) == [])
        #expect(index.search(try name("none"), pieces: [0], isVisible: everyone) == nil)
    }

    @Test func whoHasNothingYetIsNoOwner() throws {
        var index = SwarmIndex()
        let file = SharedFile(name: try name("a"), content: try content(1))
        let empty = SharedFile(name: try name("b"), content: try #require(FileContent(root: .zero, size: 0)))
        for user in ["hans", "leia"] { _ = index.register(file, PieceSet(capacity: 4), of: try self.user(user)) }
        #expect(index.search(file.name, isVisible: everyone).isEmpty)
        _ = index.have(file.content, [3], of: try user("leia"))
        #expect(index.search(file.name, isVisible: everyone).first?.owners.map(\.user.text) == ["leia"])
        // Of an empty file everybody has everything.
        _ = index.register(empty, PieceSet(capacity: 0), of: try user("hans"))
        #expect(index.search(empty.name, isVisible: everyone).first?.ownerCount == 1)
    }

    @Test func onlyThoseWhoMayBeSeenAreTold() throws {
        var index = SwarmIndex()
        let file = SharedFile(name: try name("a"), content: try content(1))
        for text in ["hans", "leia"] { _ = index.register(file, PieceSet(all: 4), of: try user(text)) }
        let found = index.search(file.name) { $0.text == "leia" }
        #expect(found.first?.owners.map(\.user.text) == ["leia"])
        #expect(found.first?.ownerCount == 1)
        #expect(index.search(file.name) { _ in false }.isEmpty)
    }

    @Test func whoGoesOfflineTakesEverythingAlong() throws {
        var index = SwarmIndex()
        for number in 1...50 {
            let file = SharedFile(name: try name("f\(number % 5)"), content: try content(UInt8(number)))
            for text in ["hans", "leia"] { _ = index.register(file, pieces([number % 4], of: file.content), of: try user(text)) }
        }
        #expect(index.offerCount == 100)
        index.remove(try user("hans"))
        #expect(index.offerCount == 50)
        index.remove(try user("leia"))
        index.remove(try user("nobody"))
        #expect(index.isEmpty)
    }

    @Test func registeringAgainReplaces() throws {
        var index = SwarmIndex()
        let file = SharedFile(name: try name("a"), content: try content(1))
        let renamed = SharedFile(name: try name("b"), content: file.content)
        _ = index.register(file, pieces([0], of: file.content), of: try user("hans"))
        _ = index.register(renamed, PieceSet(all: 4), of: try user("hans"))
        #expect(index.offerCount == 1)
        #expect(index.search(file.name, isVisible: everyone).isEmpty)
        #expect(index.search(renamed.name, isVisible: everyone).first?.owners.first?.count == 4)
        #expect(index.withdraw(file.content, of: try user("hans")) == .success)
        #expect(index.withdraw(file.content, of: try user("hans")) == .unknownFile)
        #expect(index.isEmpty)
    }

    @Test func nobodyOffersMoreThanTheLimits() throws {
        var limits = SwarmIndex.Limits()
        limits.filesPerUser = 3
        limits.offers = 5
        var index = SwarmIndex(limits: limits)
        for number in 1...4 {
            let file = SharedFile(name: try name("a"), content: try content(UInt8(number)))
            #expect(index.register(file, PieceSet(all: 4), of: try user("hans")) == (number <= 3 ? .success : .full))
            #expect(index.register(file, PieceSet(all: 4), of: try user("leia")) == (number <= 2 ? .success : .full))
        }
        #expect(index.offerCount == 5)
    }

    @Test func mapsOfPiecesAreBounded() throws {
        var index = SwarmIndex()
        var accepted = 0
        for number in 1...100 {
            let file = SharedFile(name: try name("a"), content: try content(UInt8(number), size: FileContent.largest))
            if index.register(file, pieces([5], of: file.content), of: try user("hans")) == .success { accepted += 1 }
        }
        #expect(accepted == 16)
        // Whole files need no maps.
        let file = SharedFile(name: try name("a"), content: try content(200, size: FileContent.largest))
        #expect(index.register(file, PieceSet(all: file.content.pieceCount), of: try user("hans")) == .success)
        index.remove(try user("hans"))
        #expect(index.isEmpty)
    }

    @Test func answersAreBounded() throws {
        var index = SwarmIndex()
        for owner in 0..<200 {
            let file = SharedFile(name: try name("a"), content: try content(UInt8(owner % 40)))
            _ = index.register(file, PieceSet(all: 4), of: try user("u\(owner)"))
            _ = index.register(SharedFile(name: file.name, content: try content(99)), PieceSet(all: 4), of: try user("u\(owner)"))
            _ = index.register(SharedFile(name: try name("b"), content: try content(98)), PieceSet(all: 4), of: try user("u\(owner)"))
        }
        let found = index.search(try name("a"), isVisible: everyone)
        #expect(found.count == SwarmFinding.mostFiles)
        #expect(found.first?.ownerCount == 200)
        #expect(found.allSatisfy { $0.owners.count == min($0.ownerCount, SwarmFinding.mostOwnersInAll / SwarmFinding.mostFiles) })
        #expect(index.search(try name("b"), isVisible: everyone).first?.owners.count == SwarmFinding.mostOwners)
    }

    @Test func searchGivesUpBeforeItTakesLong() throws {
        var limits = SwarmIndex.Limits()
        limits.lookedInAll = 20
        var index = SwarmIndex(limits: limits)
        for file in 1...5 {
            for owner in 0..<10 {
                _ = index.register(
                    SharedFile(name: try name("a"), content: try content(UInt8(file))), PieceSet(all: 4), of: try user("u\(owner)"))
            }
        }
        var looked = 0
        let found = index.search(try name("a")) { _ in
            looked += 1
            return true
        }
        #expect(looked == 20)
        #expect(found.count == 2)
    }

    @Test func piecesThatTheFileDoesNotHaveAreRefused() throws {
        var index = SwarmIndex()
        let file = SharedFile(name: try name("a"), content: try content(1))
        #expect(index.register(file, PieceSet(all: 5), of: try user("hans")) == .unknownChunk)
        #expect(index.have(file.content, [0], of: try user("hans")) == .unknownFile)
        _ = index.register(file, PieceSet(capacity: 4), of: try user("hans"))
        #expect(index.have(file.content, [4], of: try user("hans")) == .unknownChunk)
        #expect(index.have(file.content, [0, 1, 2, 3], of: try user("hans")) == .success)
        #expect(index.search(file.name, isVisible: everyone).first?.owners.first?.count == 4)
    }
}
