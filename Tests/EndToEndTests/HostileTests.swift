import ChatProtocol
import Foundation
import Testing

/// What strangers may throw at the server: refused, bounded in memory, and unnoticed by everybody else.
extension EndToEnd {
    @Suite struct HostileTests {
        /// Bytes by which the server may have grown after all of one attack, in a debug build.
        private static let growth = 64 << 20 + sanitizedMemory

        @Test func aLineWithoutEndIsRefusedEarly() async throws {
            try await attack { server in
                for isLoggedIn in [false, true] {
                    let client = try isLoggedIn ? RawClient.extended("vader", port: server.port) : RawClient(port: server.port)
                    let chunk = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
                    var sent = try client.offer(Array(#"{"action":"broadcast","message":""#.utf8))
                    for _ in 0..<1024 {
                        let count = try client.offer(chunk)
                        sent += count
                        if count < chunk.count { break }
                    }
                    // What the kernel's buffers take is not the server's to refuse.
                    #expect(sent < 64 << 20, "\(sent) bytes of one line were taken")
                    let answers = try client.untilEnd()
                    #expect(answers.allSatisfy { $0.isError(.frameTooLong) }, "\(answers)")
                }
            }
        }

        @Test func aMillionBracesAreRefused() async throws {
            try await attack { server in
                for bracket in ["{", "[", #"{"a":"#] {
                    let client = try RawClient(port: server.port)
                    let prefix = bracket == "[" ? #"{"action":"# : ""
                    _ = try client.offer(Array((prefix + String(repeating: bracket, count: 1_000_000)).utf8))
                    #expect(try client.untilEnd().allSatisfy(\.isAnyError))
                }
            }
        }

        @Test func garbageIsRefusedAndAFewOfItForgiven() async throws {
            try await attack { server in
                let invalid: [[UInt8]] = [
                    Array("{\"action\":\"whoelse\u{0}\"}".utf8),
                    Array(#"{"action":""#.utf8) + [0xFF, 0xFE, 0xC0, 0xAF] + Array(#""}"#.utf8),
                    [UInt8](repeating: 0, count: 3000) + Array("\n".utf8),
                    Array("[1,2,3]\n".utf8),
                ]
                let forgiven = try RawClient(port: server.port)
                for bytes in invalid {
                    try forgiven.send(bytes)
                    #expect(try forgiven.first("refusal") { $0 }.isError(.badRequest))
                }
                #expect(try forgiven.logIn("vader").0 == .success)
                forgiven.close()

                let tooMany = try RawClient(port: server.port)
                for _ in 1...5 { _ = try tooMany.offer(Array("nonsense\n".utf8)) }
                let answers = try tooMany.untilEnd()
                #expect(answers.count <= 5)
                #expect(answers.allSatisfy { $0.isError(.badRequest) }, "\(answers)")

                let browser = try RawClient(port: server.port)
                let lines = (1...20).map { "X-Header-\($0): value\r\n" }.joined()
                _ = try browser.offer(Array(("GET / HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n").utf8))
                #expect(try browser.untilEnd().allSatisfy { $0.isError(.badRequest) })
            }
        }

        @Test func nothingButBrokenTLSIsSurvived() async throws {
            try await attack { server in
                // A record header that promises a handshake, then noise.
                let client = try RawClient(port: server.port)
                _ = try client.offer([0x16, 0x03, 0x01, 0x40, 0x00] + [UInt8](repeating: 0x5A, count: 200_000))
                client.close()
            }
        }

        @Test func aThousandSilentConnectionsKeepNobodyOut() async throws {
            try await attack { server in
                let silent = try (0..<1000).map { _ in try RawClient(port: server.port) }
                let begin = Deadline.uptime()
                let newcomer = try RawClient.extended("palpatine", port: server.port)
                #expect(Deadline.uptime() - begin < 10_000_000_000, "a login took too long")
                #expect(try newcomer.tell("hans", "good, good") == .success)
                silent.forEach { $0.close() }
            }
        }

        @Test func whoDoesNotReadIsCutOffAndHoldsNobodyUp() async throws {
            try await attack { server in
                let deaf = try RawClient.original("chewy", port: server.port, receiveBuffer: 4096)
                let reader = try RawClient.extended("r2d2", port: server.port)
                let vader = try RawClient.extended("vader", port: server.port)
                let text = String(repeating: "x", count: 16_000)
                // More than the kernel's buffers and the server's queue for one client can hold together.
                try eventually("the deaf one is cut off", within: 60) {
                    try vader.send(.broadcast(text: text, key: nil))
                    try reader.first("broadcast") { message in
                        if case .event(.broadcast(_, text, _)) = message { () } else { nil }
                    }
                    return try !vader.asksWhoElse().contains("chewy")
                }
                deaf.close()
            }
        }

        /// Two people chat undisturbed before, during and after `body`, the server's memory does not show it, and somebody new can come.
        private func attack(_ body: (ServerProcess) throws -> Void) async throws {
            try await withServer { server in
                let port = server.port
                let (hasBegun, isOver) = (Flag(false), Flag(false))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try Self.chat(port: port, hasBegun, until: isOver) }
                    // However this ends, the chat does too.
                    defer { isOver.isSet = true }
                    try eventually("the two chat") { hasBegun.isSet }
                    let before = try server.residentBytes()
                    try body(server)
                    let growth = try server.peakResidentBytes() - before
                    #expect(growth < Self.growth, "the server grew by \(growth >> 10) KiB")
                    isOver.isSet = true
                    try await group.waitForAll()
                }
                let newcomer = try RawClient.extended("obiwan", port: port)
                #expect(try newcomer.tell("hans", "hello there") == .success)
                #expect(!server.hasEnded)
            }
        }

        /// One message after the other, each awaited; who is disturbed for longer than the patience of all tests fails.
        private static func chat(port: UInt16, _ hasBegun: Flag, until isOver: Flag) throws {
            let luke = try RawClient.extended("luke", port: port)
            let leia = try RawClient.extended("leia", port: port)
            var count = 0
            var rest = 20
            while rest > 0 {
                count += 1
                if isOver.isSet { rest -= 1 }
                try #require(try luke.tell("leia", "chat \(count)") == .success)
                try leia.awaits("chat \(count)", from: "luke")
                if count == 20 { hasBegun.isSet = true }
            }
        }
    }
}

extension ServerMessage {
    fileprivate func isError(_ status: Reply.ErrorStatus) -> Bool {
        if case .reply(.error(status, _), _) = self { true } else { false }
    }

    fileprivate var isAnyError: Bool {
        if case .reply(.error, _) = self { true } else { false }
    }
}
