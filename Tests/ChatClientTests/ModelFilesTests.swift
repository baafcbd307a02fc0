import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

@Suite struct ModelFilesTests {
    private func screen(width: Int = 80, height: Int = 24) -> ScreenFixture {
        var fixture = ScreenFixture.online(width: width, height: height)
        fixture.model.desk = SharingDesk()
        return fixture
    }

    private func listed(_ number: Int, done: UInt64 = 2_500_000, phase: TransferStatus.Phase = .fetching, isPaused: Bool = false)
        -> ListedTransfer
    {
        ListedTransfer(
            number: number,
            status: TransferStatus(
                file: film, phase: phase, isPaused: isPaused, isStalled: false, done: done, wanted: film.content.size, rate: 1_000_000,
                timeLeft: 3, peers: ["luke", "yoda"].compactMap { UserName($0) }, dropped: []))
    }

    private func tell(_ news: SharingNews, _ fixture: inout ScreenFixture) { fixture.update(.sharing(.tell(news))) }

    private func last(_ fixture: ScreenFixture) -> UserTicket { UserTicket(number: fixture.model.lastTicket) }

    @Test func aTransferHasALineThatChangesInPlace() {
        var fixture = screen()
        let before = fixture.lines()
        tell(.transfers([listed(1)]), &fixture)
        #expect(fixture.line(with: "[1] film.mkv")?.contains("50 %") == true)
        #expect(fixture.line(with: "[1] film.mkv")?.contains("1.0 MB/s  0:03  2 peers") == true)
        tell(.transfers([listed(1, done: 4_000_000)]), &fixture)
        #expect(fixture.lines().filter { $0.contains("film.mkv") }.count == 1)
        #expect(fixture.line(with: "[1] film.mkv")?.contains("80 %") == true)
        tell(.transfers([listed(1, done: 5_000_000, phase: .finished(path: "/x"))]), &fixture)
        #expect(fixture.lines() == before)
    }

    @Test func whomTheUserBlocksTheFilesSideLearns() throws {
        var fixture = screen()
        let luke = try #require(UserName("luke"))
        fixture.effects = []
        fixture.enter("/block luke")
        #expect(!fixture.effects.contains(.sharing(.block(luke, true))))
        fixture.answer(.block(.success))
        #expect(fixture.effects.contains(.sharing(.block(luke, true))))
        fixture.enter("/unblock luke")
        fixture.answer(.unblock(.success))
        #expect(fixture.effects.contains(.sharing(.block(luke, false))))
    }

    @Test func manyTransfersLeaveRoomForTheRest() {
        var fixture = screen()
        tell(.transfers((1...9).map { listed($0) }), &fixture)
        #expect(fixture.screen().contains("[3] film.mkv"))
        #expect(!fixture.screen().contains("[4] film.mkv"))
        #expect(fixture.screen().contains("and 6 more · /transfers lists them"))
        #expect(fixture.screen().contains("to everyone ▸"))
    }

    @Test(arguments: [(40, 12), (20, 5), (36, 11), (80, 8), (1, 1)])
    func smallScreensStayUsable(width: Int, height: Int) {
        var fixture = screen(width: width, height: height)
        tell(.transfers((1...9).map { listed($0) }), &fixture)
        fixture.type("hi")
        let lines = fixture.lines()
        #expect(lines.count == height)
        if width >= 20 { #expect(fixture.inputLine() == "hi") }
    }

    @Test func theAnswerComesToTheRoomWhereTheCommandWasGiven() throws {
        var fixture = screen()
        fixture.enter("/msg yoda")
        fixture.enter("/download film.mkv")
        let file = try #require(FileDesignation("film.mkv"))
        #expect(fixture.effects.contains(.sharing(.download(file, pieces: nil, from: nil, last(fixture)))))
        let ticket = last(fixture)
        fixture.press(.function(2))
        tell(.begun(ticket, 1, film), &fixture)
        tell(.finished(1, film, path: "/x/film.mkv"), &fixture)
        #expect(fixture.model.everyone.log.entries.allSatisfy { !$0.text.contains("film") })
        #expect(fixture.screen().contains("[1] film.mkv is complete: /x/film.mkv"))
    }

    @Test func readingALargeFileIsOneLine() {
        var fixture = screen()
        fixture.enter("/register film.mkv")
        let ticket = last(fixture)
        for tenth in 1...9 { tell(.registering(ticket, done: UInt64(tenth) * 500_000, size: 5_000_000), &fixture) }
        #expect(fixture.lines().filter { $0.contains("Reading the file") }.count == 1)
        #expect(fixture.screen().contains("Reading the file: 4.5 MB of 5.0 MB"))
        tell(.registered(ticket, film), &fixture)
        #expect(fixture.screen().contains("film.mkv is offered: 5.0 MB"))
        let told = fixture.model.everyone.log.entries.last?.text ?? ""
        #expect(told.contains("Everyone here can fetch it, and who has it passes it on · /withdraw film.mkv ends your offer"))
        #expect(fixture.model.readings.isEmpty)
        #expect(!fixture.screen().contains("Reading the file"), "what came of it stands in its place")
    }

    @Test func aFileTypedInAPrivateTabIsOfferedToEveryoneOnlyWhenMeant() throws {
        var fixture = screen(width: 120)
        fixture.model.conversations = [Room(.private(try #require(UserName("luke"))))]
        fixture.model.open(0)
        fixture.effects = []
        fixture.enter("/register film.mkv")
        #expect(fixture.screen().contains("Not for luke alone: everyone can fetch it · Enter again offers it"))
        #expect(fixture.effects.allSatisfy { if case .sharing = $0 { false } else { true } })
        fixture.press(.enter)
        #expect(fixture.effects.contains(.sharing(.register(path: "film.mkv", last(fixture)))))
        #expect(fixture.inputLine() == "")
    }

    @Test func whoServesFewIsToldWhoCanFetch() throws {
        var fixture = screen(width: 120)
        fixture.enter("/set serve verified")
        fixture.enter("/register film.mkv")
        tell(.registered(last(fixture), film), &fixture)
        #expect(fixture.screen().contains("Those whom you have verified can fetch it"))
    }

    @Test func namesThatASearchListedAreCompleted() throws {
        var fixture = screen(width: 120)
        fixture.enter("/searchfile film.mkv")
        let ticket = last(fixture)
        let luke = try #require(UserName("luke"))
        let finding = SwarmFinding(file: film, owners: [SwarmFinding.Owner(user: luke, count: film.content.pieceCount)], ownerCount: 1)
        tell(.found(ticket, .success, [finding]), &fixture)
        fixture.type("/download f")
        fixture.press(.tab)
        #expect(fixture.inputLine() == "/download film.mkv")
    }

    @Test func aNameThatNobodyOffersMustBeWhole() {
        var fixture = screen(width: 120)
        fixture.enter("/searchfile fil")
        tell(.found(last(fixture), .unknownFile, []), &fixture)
        #expect(fixture.screen().contains("Nobody who is online offers a file of that name"))
        #expect(fixture.screen().contains("A name must be whole"))
    }

    @Test func whatWasClearedStaysSoWhenTheReadingEnds() {
        var fixture = screen()
        fixture.broadcast(from: "luke", "said before")
        fixture.enter("/register film.mkv")
        let ticket = last(fixture)
        tell(.registering(ticket, done: 500_000, size: 5_000_000), &fixture)
        fixture.enter("/clear")
        tell(.registered(ticket, film), &fixture)
        #expect(fixture.screen().contains("film.mkv is offered"))
        #expect(!fixture.screen().contains("said before"))
    }

    @Test func whatCannotBeUnderstoodIsSaidAndNotLost() {
        var fixture = screen()
        fixture.enter("/download a/b")
        #expect(fixture.screen().contains("No file can be called that: the name contains a slash"))
        #expect(fixture.inputLine() == "")
        fixture.press(.up)
        #expect(fixture.inputLine() == "/download a/b")
    }

    @Test func pausedTransfersAreListedOnDemand() {
        var fixture = screen()
        tell(.transfers([listed(1, isPaused: true)]), &fixture)
        #expect(!fixture.screen().contains("film.mkv"))
        fixture.enter("/transfers")
        #expect(fixture.line(with: "[1] film.mkv")?.contains("paused") == true)
    }

    @Test func whatTheDiskSaysIsCleanedAsWell() throws {
        var fixture = screen()
        fixture.enter("/register x")
        tell(.notRegistered(last(fixture), path: "x", .noSuchFile("x\u{1B}[31m\u{202E}y")), &fixture)
        let text = try #require(fixture.model.everyone.log.entries.last?.text)
        #expect(text.hasPrefix("Not offered: there is no file x") && !text.contains("\u{1B}") && !text.contains("\u{202E}"))
    }

    @Test func liarsAreNamed() throws {
        var fixture = screen()
        tell(.dropped(try #require(UserName("yoda")), .lied, 1, film), &fixture)
        #expect(fixture.line(with: "yoda sent false data for film.mkv")?.contains("!") == true)
    }

    @Test func trustDecidesWhoIsServedWhereTheSettingSaysSo() throws {
        let luke = try #require(UserName("luke"))
        let pin = try #require(PeerPin(digest: [UInt8](repeating: 2, count: 32)))
        var fixture = screen()
        fixture.model.options.serves = .verified
        let book = TrustBook([KnownPerson(user: luke, pin: pin, since: Timestamp(milliseconds: 0))])
        fixture.model.privates = PrivateSessions(pin: pin, book: book, random: SteadyRandom())
        fixture.model.peer(.verify(luke), at: fixture.now)
        fixture.update(.tick)
        #expect(fixture.effects.contains(.sharing(.serve(.only([luke: pin])))))
    }
}
