import ChatProtocol
import Testing

/// Both ends of the wire understand each other, and the original's shapes are what they always were.
struct CodecTests {
    private static let yoda = UserName("yoda")
    private static let receipt = Reply.Receipt(sequence: 7, time: Timestamp(milliseconds: 1_700_000_000_123))

    private func decode(_ text: String) throws -> RequestFrame {
        try Array(text.utf8).withUnsafeBytes { bytes throws in try RequestFrame(decoding: bytes) }
    }

    private func line(_ message: ServerMessage) -> String { String(decoding: message.encoded(), as: UTF8.self) }

    @Test(arguments: [
        RequestFrame(.login(.init(name: yoda, password: "w\"ise", privatePort: 5000, dialect: .original)), id: RequestID(3)),
        RequestFrame(.login(.init(name: yoda, password: "", dialect: Dialect(isExtended: true, wantsPresence: false)))),
        RequestFrame(.logout), RequestFrame(.whoelse), RequestFrame(.ping), RequestFrame(.pong),
        RequestFrame(.message(to: yoda, text: "héllo\n😀", key: MessageKey("k1")), id: RequestID(.string("x"))),
        RequestFrame(.broadcast(text: "{\"action\":1}", key: nil)), RequestFrame(.block(yoda)), RequestFrame(.unblock(yoda)),
        RequestFrame(.whoelsesince(seconds: 10)), RequestFrame(.whoelsesince(seconds: 0.5)), RequestFrame(.startprivate(yoda)),
        RequestFrame(.ack(through: 9)), RequestFrame(.passwd(old: "a", new: "b")), RequestFrame(.unknown(action: "dance")),
        RequestFrame(.history(HistoryQuery(with: yoda, before: HistoryPlace(received: 3, sent: 9), limit: 20))),
        RequestFrame(.history(HistoryQuery(with: nil))), RequestFrame(.startprivate(yoda, for: .bulk), id: RequestID(8)),
        RequestFrame(.startprivate(nil, for: .bulk)), RequestFrame(.swarm(.searchfile(SafeName("film.mkv"))), id: RequestID(9)),
        RequestFrame(.swarm(.searchfile(nil))), RequestFrame(.swarm(.searchchunk(SafeName("a \"b\".mkv"), [0, 65_535]))),
    ])
    func requestsAreReadAsTheyWereWritten(_ frame: RequestFrame) throws {
        #expect(try decode(String(decoding: frame.encoded(), as: UTF8.self)) == frame)
    }

    @Test func resumeIsReadAsItWasWritten() throws {
        let token = try #require(ResumeToken("00112233445566778899aabbccddeeff"))
        let frame = RequestFrame(.resume(.init(token: token, after: 4, dialect: .extended)))
        #expect(try decode(String(decoding: frame.encoded(), as: UTF8.self)) == frame)
    }

    @Test func requestsAboutFilesAreReadAsTheyWereWritten() throws {
        let content = try Self.content()
        let file = SharedFile(name: try #require(SafeName("film.mkv")), content: content)
        var some = PieceSet(capacity: content.pieceCount)
        some.insert(3)
        let requests: [SwarmRequest] = [
            .register(file, PieceSet(all: content.pieceCount)), .register(file, some), .have(content, [0, 19]), .withdraw(content),
        ]
        for request in requests {
            let frame = RequestFrame(.swarm(request), id: RequestID(1))
            #expect(try decode(String(decoding: frame.encoded(), as: UTF8.self)) == frame)
        }
    }

    private static func content() throws -> FileContent {
        let root = try #require(Hash256([UInt8](1...32)))
        return try #require(FileContent(root: root, size: 5_000_000))
    }

    private static func introduction(for purpose: PeerMessage.Purpose) throws -> PeerIntroduction {
        let pin = try #require(PeerPin(String(repeating: "a", count: 64)))
        let candidate = try #require(Candidate("192.0.2.7:40001"))
        let ticket = try #require(RelayTicket("00112233445566778899aabbccddeeff"))
        return PeerIntroduction(
            user: try #require(yoda), offer: PeerOffer(pin: pin, candidates: [candidate]), ticket: ticket, purpose: purpose)
    }

    /// Clients from before files know nothing of purposes, and need not.
    @Test func anIntroductionForChatIsWhatItAlwaysWas() throws {
        let members =
            #""pin":"\#(String(repeating: "a", count: 64))","candidates":["192.0.2.7:40001"],"ticket":"00112233445566778899aabbccddeeff""#
        let (chat, bulk) = (try Self.introduction(for: .chat), try Self.introduction(for: .bulk))
        #expect(
            line(.reply(.startprivate(.peer(chat)), id: nil))
                == #"{"action":"startprivate","reply":"SUCCESS","username":"yoda",\#(members)}"# + "\n")
        #expect(line(.event(.privateRequest(chat))) == #"{"action":"private_request","from":"yoda",\#(members)}"# + "\n")
        #expect(
            line(.event(.privateRequest(bulk))) == #"{"action":"private_request","from":"yoda",\#(members),"purpose":"bulk"}"# + "\n")
        let plain = RequestFrame(.startprivate(Self.yoda))
        #expect(String(decoding: plain.encoded(), as: UTF8.self) == #"{"action":"startprivate","user":"yoda"}"# + "\n")
        #expect(try decode(#"{"action":"startprivate","user":"yoda","purpose":"chat"}"#) == plain)
    }

    @Test func anIntroductionForWhatNobodyKnowsIsRefused() throws {
        let text = line(.event(.privateRequest(try Self.introduction(for: .bulk)))).replacing("\"bulk\"", with: "\"lunch\"")
        #expect(throws: BadRequest.self) { try Array(text.utf8).withUnsafeBytes { bytes throws in try ServerMessage.decoding(bytes) } }
    }

    @Test func repliesAndEventsAreReadAsTheyWereWritten() throws {
        let yoda = try #require(Self.yoda)
        let token = try #require(ResumeToken("00112233445566778899aabbccddeeff"))
        let welcome = Reply.Welcome(name: yoda, token: token, timeout: 60, keepAlive: 30, unread: 2, time: Self.receipt.time)
        let page = Reply.HistoryPage(
            with: yoda, messages: [.init(from: yoda, text: "hi", receipt: Self.receipt)], before: HistoryPlace(received: 1, sent: .max >> 1)
        )
        let file = SharedFile(name: try #require(SafeName("film.mkv")), content: try Self.content())
        let finding = SwarmFinding(file: file, owners: [.init(user: yoda, count: 20, pieces: [0, 19])], ownerCount: 70)
        let replies: [Reply] =
            [
                .swarm(.register(.unsupported)), .swarm(.have(.unknownFile)), .swarm(.withdraw(.success)),
                .swarm(.searchfile(.success, [finding])), .swarm(.searchchunk(.unknownChunk, [])),
                .startprivate(.peer(try Self.introduction(for: .chat))), .startprivate(.peer(try Self.introduction(for: .bulk))),
                .refused(action: "register", .notLoggedIn), .refused(action: "searchfile", .unavailable),
                .login(.success, welcome), .login(.invalidPassword), .resume(.expired), .logout, .message(.success, Self.receipt),
                .message(.userBlocked), .broadcast(sent: 3, blocked: 1, Self.receipt), .broadcast(sent: 0, blocked: 0, fault: .tooLong),
                .block(.alreadyBlocked), .unblock(.success), .whoelse([yoda]), .whoelsesince([]), .startprivate(.userOffline),
                .startprivate(.success(user: yoda, address: "127.0.0.1", port: 5000)), .history(page), .passwd(.success), .ack, .pong,
                .unknownAction("dance"), .refused(action: "message", .notLoggedIn), .refused(action: "ping", .notLoggedIn),
                .error(.badRequest, reason: "why"),
            ]
        let events: [Event] = [
            .message(from: yoda, text: "\u{1B}[31m", Self.receipt), .broadcast(from: yoda, text: "x", Self.receipt), .loggedIn(yoda),
            .loggedOut(yoda), .presence(.init(online: [yoda], offline: [], isReset: true)), .delivered(to: yoda, through: 3), .timeout,
            .privateRequest(try Self.introduction(for: .chat)), .privateRequest(try Self.introduction(for: .bulk)), .ping,
            .bye(.shutdown),
        ]
        for message in replies.map({ ServerMessage.reply($0, id: RequestID(1)) }) + events.map({ ServerMessage.event($0) }) {
            #expect(try message.encoded().withUnsafeBytes { bytes throws in try ServerMessage.decoding(bytes) } == message)
        }
    }

    @Test func theOriginalsShapesArePinned() throws {
        let yoda = try #require(Self.yoda)
        #expect(line(.reply(.login(.success), id: nil)) == #"{"action":"login","status":"SUCCESS"}"# + "\n")
        #expect(line(.reply(.logout, id: nil)) == #"{"action":"logout","reply":"logged out"}"# + "\n")
        #expect(line(.reply(.whoelse([yoda]), id: nil)) == #"{"action":"whoelse","reply":["yoda"]}"# + "\n")
        #expect(line(.reply(.broadcast(sent: 2, blocked: 1), id: nil)) == #"{"action":"broadcast","n_sent":2,"n_blocked":1}"# + "\n")
        #expect(line(.reply(.unknownAction("x"), id: RequestID(5))) == #"{"action":"x","reply":"Unknown action","id":5}"# + "\n")
        #expect(line(.event(.loggedIn(yoda))) == #"{"action":"login_broadcast","from":"yoda","message":""}"# + "\n")
        #expect(line(.event(.timeout)) == #"{"action":"timeout"}"# + "\n")
        #expect(try decode(#"{"action":"whoelsesince","since":"10"}"#).request == .whoelsesince(seconds: 10))
    }

    @Test(arguments: [
        #"{}"#, #"{"action":1}"#, #"{"action":"message"}"#, #"{"action":"message","user":"a"}"#,
        #"{"action":"message","user":1,"message":"x"}"#,
        #"{"action":"whoelsesince","since":0}"#, #"{"action":"whoelsesince","since":"x"}"#, #"{"action":"whoelsesince","since":-1}"#,
        #"{"action":"login","username":"a","password":"b","protocol":2}"#,
        #"{"action":"login","username":"a","password":"b","private_port":70000}"#,
        #"{"action":"login","username":"a","password":"b","presence":"some"}"#, #"{"action":"whoelse","id":[]}"#,
        #"{"action":"ack","seq":-1}"#,
        #"{"action":"message","user":"a","message":"x","key":""}"#, #"{"action":"history","limit":0}"#, #"{"action":"history","before":1}"#,
        #"{"action":"resume","token":"xyz"}"#, #"{"action":"startprivate","user":"a","purpose":"lunch"}"#,
        #"{"action":"startprivate","user":"a","purpose":null}"#, #"{"action":"register"}"#, #"{"action":"searchfile","name":1}"#,
        #"{"action":"searchchunk","name":"a","chunks":[0.5]}"#, "[]", "x",
    ])
    func badRequestsAreRefusedWithAReason(_ text: String) {
        #expect { try decode(text) } throws: { error in (error as? BadRequest)?.reason.isEmpty == false }
    }

    @Test func namesAreChecked() {
        for name in ["", "a b", "ä", "a/b", String(repeating: "a", count: 33), "a\n"] { #expect(UserName(name) == nil) }
        for name in ["a", "A-Z_.0", String(repeating: "a", count: 32)] { #expect(UserName(name)?.text == name) }
    }

    @Test func textsAreChecked() {
        #expect(MessageText.fault(in: "") == .empty)
        #expect(MessageText.fault(in: " \t\n") == .empty)
        #expect(MessageText.fault(in: String(repeating: "a", count: 16_384)) == nil)
        #expect(MessageText.fault(in: String(repeating: "a", count: 16_385)) == .tooLong)
        #expect(MessageText.fault(in: String(repeating: "é", count: 8_193)) == .tooLong)
    }

    @Test func anEventOfANewerServerIsPassedOver() throws {
        #expect(
            try Array(#"{"action":"fireworks","x":1}"#.utf8).withUnsafeBytes { bytes throws in try ServerMessage.decoding(bytes) } == nil)
    }
}
