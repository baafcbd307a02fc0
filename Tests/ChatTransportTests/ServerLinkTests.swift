import ChatProtocol
import ChatTransport
import Foundation
import Testing

/// The client's link over real TLS: trust on first use, and what is refused.
@Suite(.timeLimit(.minutes(2)))
struct ServerLinkTests {
    /// Runs `body` with a link to `bench`, and ends the link afterwards.
    private func link(
        to bench: Bench, host: String = "127.0.0.1", port: Int? = nil, isPlaintext: Bool = false,
        _ body: (ServerLink, Awaited<ServerLink.Report>, KnownServers) async throws -> Void
    ) async throws {
        let reports = Awaited<ServerLink.Report>()
        let known = KnownServers(folder: bench.folder)
        let link = ServerLink(
            host: host, port: port ?? bench.port, isPlaintext: isPlaintext, known: known, trustCommand: "banter trust --data here"
        ) {
            reports.add($0)
            return true
        }
        do {
            try await body(link, reports, known)
        } catch {
            await link.shutDown()
            throw error
        }
        await link.shutDown()
    }

    @Test func theFirstVisitOnThisMachineIsRememberedAndTheSecondRecognised() async throws {
        try await Bench.run { bench in
            for isFirst in [true, false] {
                try await link(to: bench) { link, reports, _ in
                    link.connect()
                    let report = try await reports.next()
                    guard case .opened(.tlsPinned(let fingerprint, isFirst)) = report else {
                        Issue.record("got \(report)")
                        return
                    }
                    #expect(fingerprint == bench.identity.fingerprint.description)
                }
            }
        }
    }

    @Test(arguments: [true, false])
    func whatIsSentAsSoonAsTheLinkIsOpenArrives(isPlaintext: Bool) async throws {
        try await Bench.run { bench in
            let wire = Locked<ServerLink?>(nil)
            let ping = RequestFrame(.ping, id: RequestID(1))
            let link = ServerLink(
                host: "127.0.0.1", port: bench.port, isPlaintext: isPlaintext, known: KnownServers(folder: bench.folder),
                trustCommand: "banter trust --data here"
            ) { report in
                if case .opened = report { wire.withLock { $0 }?.send(ping.encoded()) }
                return true
            }
            wire.withLock { $0 = link }
            link.connect()
            let id = try await bench.nextConnection()
            #expect(try await bench.happenings.next() == .received(.request(ping), id))
            await link.shutDown()
        }
    }

    @Test func framesGoBothWaysOverTLS() async throws {
        try await Bench.run({ $0.plaintext = .never }) { bench in
            try await link(to: bench) { link, reports, _ in
                link.connect()
                let id = try await bench.nextConnection()
                _ = try await reports.next()
                link.send(RequestFrame(.ping, id: RequestID(1)).encoded())
                #expect(try await bench.happenings.next() == .received(.request(RequestFrame(.ping, id: RequestID(1))), id))
                bench.send(#"{"action":"pong","id":1}{"action":"nonsense"}garbage"# + "\n" + #"{"action":"timeout"}"#, to: id)
                guard case .received(.reply(.pong, RequestID(1))) = try await reports.next() else { throw Timeout() }
                guard case .malformed = try await reports.next() else { throw Timeout() }
                guard case .received(.event(.timeout)) = try await reports.next() else { throw Timeout() }
            }
        }
    }

    @Test func aChangedCertificateIsRefusedWithBothFingerprintsAndTheRemedy() async throws {
        try await Bench.run { bench in
            let other = try ServerIdentity(
                folder: { () -> String in
                    let folder = bench.folder + "/other"
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                    return folder
                }()
            ).fingerprint
            try await link(to: bench) { link, reports, known in
                try known.remember(other, of: "127.0.0.1:\(bench.port)")
                link.connect()
                guard case .closed(.changedServer(let known, let presented, let remedy)) = try await reports.next() else { throw Timeout() }
                #expect(known == other.description)
                #expect(presented == bench.identity.fingerprint.description)
                #expect(remedy == "banter trust --data here \(presented)")
                try link.trust(presented)
                link.connect()
                guard case .opened = try await reports.next() else { throw Timeout() }
            }
        }
    }

    @Test func nobodyThereIsSaidInWords() async throws {
        try await Bench.run { bench in
            try await link(to: bench, port: 1) { link, reports, _ in
                link.connect()
                guard case .closed(.lost(let words)) = try await reports.next() else { throw Timeout() }
                #expect(words == "nobody answers at 127.0.0.1 port 1")
            }
        }
    }

    @Test func theEndOfAnOldConnectionIsNotReported() async throws {
        try await Bench.run { bench in
            try await link(to: bench) { link, reports, _ in
                link.connect()
                _ = try await reports.next()
                link.disconnect()
                link.connect()
                guard case .opened = try await reports.next() else { throw Timeout() }
            }
        }
    }

    @Test func plaintextIsTheUsersOwnWord() async throws {
        try await Bench.run { bench in
            try await link(to: bench, isPlaintext: true) { link, reports, _ in
                link.connect()
                guard case .opened(.plaintext) = try await reports.next() else { throw Timeout() }
            }
        }
    }

    @Test func oldTLSIsRefused() async throws {
        try await Bench.run { bench in
            // A TLS 1.2 ClientHello, as OpenSSL writes it: one cipher suite, no extensions.
            let socket = try PlainSocket(port: bench.port)
            let hello: [UInt8] =
                [0x16, 0x03, 0x01, 0x00, 0x2F, 0x01, 0x00, 0x00, 0x2B, 0x03, 0x03] + Array(repeating: 7, count: 32)
                + [0x00, 0x00, 0x04, 0xC0, 0x2F, 0x00, 0xFF, 0x01, 0x00]
            socket.send(hello)
            // An alert (21), fatal (2).
            let answer = Array(socket.readToEnd().utf8)
            #expect(answer.first == nil || answer.first == 0x15)
            #expect(!bench.happenings.all.contains { if case .received = $0 { true } else { false } })
        }
    }

    @Test func somethingElseThanABanterServerIsSaidInWords() async throws {
        try await Bench.run { bench in
            try await link(to: bench, port: StrayServer.start(answering: "HTTP/1.1 400 Bad Request\r\n\r\n")) { link, reports, _ in
                link.connect()
                guard case .closed(.lost(let words)) = try await reports.next() else { throw Timeout() }
                #expect(words.hasPrefix("what answers at 127.0.0.1 port"))
                #expect(words.hasSuffix("is not a Banter server, or speaks no TLS 1.3"))
            }
        }
    }

    /// Runs `body` on a folder of its own.
    private func withKnownServers(_ body: (KnownServers, Fingerprint) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banter-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(KnownServers(folder: folder), ServerIdentity(folder: folder).fingerprint)
    }

    @Test func knownServersSurviveLinesThatAreNotUnderstood() throws {
        try withKnownServers { known, one in
            #expect(try known.fingerprint(of: "a:1") == nil)
            let other = "# mine\n\nb:2 what is this\nc:3 SHA256:short\n" + String(repeating: "x", count: 10_000) + "\n"
            try other.write(toFile: known.path, atomically: true, encoding: .utf8)
            try known.remember(one, of: "a:1")
            #expect(try known.fingerprint(of: "a:1") == one)
            #expect(try String(contentsOfFile: known.path, encoding: .utf8) == other + "a:1 \(one)\n")
            let mode = try FileManager.default.attributesOfItem(atPath: known.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func aServerWhoseLineIsNotUnderstoodIsRefusedAndNotNew() throws {
        try withKnownServers { known, one in
            try "# mine\nb:2 SHA256:short\nc:3\n".write(toFile: known.path, atomically: true, encoding: .utf8)
            for (server, line) in [("b:2", 2), ("c:3", 3)] {
                let failure = #expect(throws: KnownServers.Failure.self) { try known.fingerprint(of: server) }
                #expect(failure?.description.contains("\(known.path), line \(line)") == true)
            }
            // The remedy that the user is shown for a changed certificate mends it, too.
            try known.remember(one, of: "b:2")
            #expect(try known.fingerprint(of: "b:2") == one)
        }
    }

    @Test func aFileThatCannotBeReadIsRefusedAndNotReplaced() throws {
        try withKnownServers { known, one in
            // Not even root reads a folder.
            try FileManager.default.createDirectory(atPath: known.path, withIntermediateDirectories: true)
            let failure = #expect(throws: KnownServers.Failure.self) { try known.fingerprint(of: "a:1") }
            #expect(failure?.description.contains("cannot read \(known.path)") == true)
            #expect(throws: KnownServers.Failure.self) { try known.remember(one, of: "a:1") }
        }
    }
}
