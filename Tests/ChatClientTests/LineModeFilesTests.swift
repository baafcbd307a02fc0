import ChatPeer
import ChatProtocol
import Testing

@testable import ChatClient

/// A file that nobody has on a disk.
let film: SharedFile = {
    guard let root = Hash256([UInt8](repeating: 0xAB, count: 32)), let content = FileContent(root: root, size: 5_000_000),
        let name = SafeName("film.mkv")
    else { preconditionFailure("a root, a size and a name make a file") }
    return SharedFile(name: name, content: content)
}()

private func fixture(interactive: Bool = false) -> LineModeFixture {
    var fixture = LineModeFixture(interactive: interactive, hasFiles: true)
    fixture.type("hans")
    fixture.type("falcon")
    fixture.online()
    return fixture
}

extension LineModeFixture {
    fileprivate mutating func tell(_ news: SharingNews) -> [LineMode.Output] { give(.sharing(.tell(news))) }

    /// The number of the command that was typed last.
    fileprivate var last: UserTicket { UserTicket(number: mode.lastTicket) }
}

private func listed(_ number: Int, done: UInt64, _ phase: TransferStatus.Phase = .fetching) -> ListedTransfer {
    ListedTransfer(
        number: number,
        status: TransferStatus(
            file: film, phase: phase, isPaused: false, isStalled: false, done: done, wanted: film.content.size, rate: 1_000_000,
            timeLeft: 3, peers: [UserName("yoda")].compactMap(\.self), dropped: []))
}

@Suite struct LineModeFilesTests {
    @Test func whomTheUserBlocksTheFilesSideLearns() throws {
        var fixture = fixture()
        let luke = try #require(UserName("luke"))
        let ticket = try #require(fixture.type("block luke").ticket)
        #expect(fixture.learn(.reply(.block(.success), ticket)).sharing == [.block(luke, true)])
        let next = try #require(fixture.type("unblock luke").ticket)
        #expect(fixture.learn(.reply(.unblock(.success), next)).sharing == [.block(luke, false)])
    }

    @Test func theServerIsAskedAndItsAnswersGoBack() throws {
        var fixture = fixture()
        let question = SharingTicket(number: 9)
        let asked = fixture.give(.sharing(.ask(question, .searchfile(film.name))))
        #expect(asked.request == .swarm(.searchfile(film.name)))
        let ticket = try #require(asked.ticket)
        let answer = fixture.learn(.reply(.swarm(.searchfile(.unknownFile, [])), ticket))
        #expect(answer.sharing == [.answered(question, .searchfile(.unknownFile, []))])
        // Once, and for nobody else.
        #expect(fixture.learn(.reply(.swarm(.searchfile(.unknownFile, [])), ticket)).sharing.isEmpty)
    }

    @Test func theFilesSideLearnsOfTheConnection() {
        var fixture = LineModeFixture(hasFiles: true)
        fixture.type("hans")
        fixture.type("falcon")
        #expect(fixture.online().sharing == [.online(as: hans)])
        #expect(fixture.phase(.waiting(untilUptime: 0, reason: "gone")).sharing == [.offline])
        #expect(fixture.phase(.waiting(untilUptime: 1, reason: "gone")).sharing.isEmpty)
    }

    @Test func aFileIsOffered() {
        var fixture = fixture()
        #expect(fixture.type("register ~/films/film.mkv").sharing == [.register(path: "/home/hans/films/film.mkv", fixture.last)])
        #expect(!fixture.mode.wantsLine)
        #expect(fixture.tell(.registered(fixture.last, film)).printed == ["film.mkv is offered: 5.0 MB, 20 chunks, film.mkv#abababab"])
        #expect(fixture.mode.wantsLine)
        _ = fixture.type("register nothing")
        let refused = fixture.tell(.notRegistered(fixture.last, path: "nothing", .noSuchFile("nothing")))
        #expect(refused.printed == ["Error. Not offered: there is no file nothing"])
    }

    @Test func aPersonGoesOnWhileALargeFileIsRead() {
        var fixture = fixture(interactive: true)
        fixture.type("register film.mkv")
        #expect(fixture.mode.wantsLine)
    }

    @Test func searchesSayWhoHasWhat() {
        var fixture = fixture()
        #expect(fixture.type("searchfile film.mkv").sharing == [.searchfile(film.name, fixture.last)])
        let owners = ["luke", "yoda"].compactMap { UserName($0) }
        let found = SwarmFinding(
            file: film, owners: [.init(user: owners[0], count: 20), .init(user: owners[1], count: 3)], ownerCount: 3)
        #expect(
            fixture.tell(.found(fixture.last, .success, [found])).printed == [
                "film.mkv#abababab  5.0 MB, 20 chunks", "    luke has all of it", "    yoda has 3", "    and 1 more",
            ])
        #expect(fixture.type("searchchunk film.mkv 0,2-3").sharing == [.searchchunk(film.name, [0, 2, 3], fixture.last)])
        let some = SwarmFinding(file: film, owners: [.init(user: owners[1], count: 3, pieces: [0, 2])], ownerCount: 1)
        #expect(
            fixture.tell(.found(fixture.last, .success, [some])).printed
                == ["film.mkv#abababab  5.0 MB, 20 chunks", "    yoda has 0,2"])
        fixture.type("searchfile nothing")
        #expect(
            fixture.tell(.found(fixture.last, .unknownFile, [])).printed == ["Error. Nobody who is online offers a file of that name"])
    }

    @Test(arguments: ["searchchunk film.mkv none", "searchchunk film.mkv 3-1", "searchchunk film.mkv 0-9999", "searchchunk film.mkv -1"])
    func chunksThatAreNoneAreRefused(_ line: String) {
        var fixture = fixture()
        let outputs = fixture.type(line)
        #expect(outputs.sharing.isEmpty)
        #expect(outputs.printed == ["Error. Chunks are numbers from 0, like 0,1,5-8, at most 64 of them"])
        #expect(fixture.mode.wantsLine)
    }

    @Test(arguments: [
        ("download etc/passwd", "the name contains a slash or a backslash"), ("download .bashrc", "the name begins with a dot"),
        ("searchfile a\u{202E}b", "the name contains characters that cannot be seen"),
    ])
    func namesThatAreNoneAreRefused(_ line: String, _ why: String) {
        var fixture = fixture()
        let outputs = fixture.type(line)
        #expect(outputs.sharing.isEmpty)
        #expect(outputs.printed == ["Error. No file can be called that: \(why)"])
    }

    @Test func aScriptWaitsForItsDownload() throws {
        var fixture = fixture()
        let file = try #require(FileDesignation("film.mkv"))
        #expect(fixture.type("download film.mkv").sharing == [.download(file, pieces: nil, from: nil, fixture.last)])
        #expect(fixture.tell(.begun(fixture.last, 1, film)).printed == ["[1] Fetching film.mkv, 5.0 MB"])
        #expect(!fixture.mode.wantsLine)
        _ = fixture.tell(.transfers([listed(1, done: 1_000_000)]))
        #expect(!fixture.mode.wantsLine)
        let finished = fixture.tell(.finished(1, film, path: "/home/hans/Downloads/film.mkv"))
        #expect(finished.printed == ["[1] film.mkv is complete: /home/hans/Downloads/film.mkv"])
        #expect(fixture.mode.wantsLine)
    }

    @Test func aScriptDoesNotWaitForEverForWhatDoesNotCome() {
        var fixture = fixture()
        fixture.type("download film.mkv")
        _ = fixture.tell(.begun(fixture.last, 1, film))
        fixture.now.uptime += 100 * Moment.second
        _ = fixture.tell(.transfers([listed(1, done: 1)]))
        fixture.now.uptime += 100 * Moment.second
        #expect(fixture.give(.tick).printed.isEmpty)
        fixture.now.uptime += 21 * Moment.second
        #expect(fixture.give(.tick).printed == ["Error. [1] Nothing came for two minutes; it goes on when somebody is there"])
        #expect(fixture.mode.wantsLine)
    }

    @Test func aPersonGoesOnWhileAFileIsFetched() {
        var fixture = fixture(interactive: true)
        fixture.type("download film.mkv")
        _ = fixture.tell(.begun(fixture.last, 1, film))
        #expect(fixture.mode.wantsLine)
        let transfer = listed(1, done: 2_500_000)
        _ = fixture.tell(.transfers([transfer]))
        #expect(fixture.type("transfers").printed == [TransferLine.text(transfer, width: 78)])
        #expect(fixture.tell(.finished(1, film, path: "/x")).notices == ["[1] film.mkv is complete: /x"])
    }

    @Test func transfersArePausedResumedAndEnded() {
        var fixture = fixture(interactive: true)
        #expect(fixture.type("transfers").printed == ["No transfers"])
        #expect(fixture.type("transfers pause 1").sharing == [.pause(1, fixture.last)])
        #expect(fixture.tell(.paused(fixture.last, 1, film)).printed == ["[1] film.mkv is paused"])
        #expect(fixture.type("transfers resume 1").sharing == [.resume(1, fixture.last)])
        #expect(fixture.tell(.refused(fixture.last, .noSuchTransfer(1))).printed == ["Error. There is no transfer 1"])
        #expect(fixture.type("transfers end 1").sharing == [.end(1, fixture.last)])
        #expect(fixture.tell(.ended(1, film)).printed == ["[1] film.mkv was given up"])
        #expect(fixture.mode.wantsLine)
        #expect(fixture.type("transfers burn 1").printed == ["Error. Invalid command"])
    }

    @Test func aChunkIsFetchedFromOnePersonOverAnOpenSessionAlone() {
        var fixture = fixture()
        #expect(fixture.type("private yoda download film.mkv 3").printed == ["Error. Private messaging to yoda not enabled"])
    }

    @Test func whatHappensByItselfIsTold() throws {
        var fixture = fixture()
        let yoda = try #require(UserName("yoda"))
        #expect(fixture.tell(.uploading(yoda, film)).notices == ["yoda is fetching film.mkv from you"])
        #expect(fixture.tell(.dropped(yoda, .lied, 1, film)).notices == ["[1] yoda sent false data for film.mkv and is not asked any more"])
        #expect(fixture.mode.wantsLine)
    }

    @Test func fileNamesOfOthersCannotDeceiveTheTerminal() {
        // They are made of what can be seen, or they do not come to be; the words of this machine's system are cleaned.
        let text = FileText(.offerEnded(film, .changed("/tmp/\u{1B}[2Jx")))
        #expect(text?.lines.allSatisfy { !$0.contains("\u{1B}") } == true)
    }
}
