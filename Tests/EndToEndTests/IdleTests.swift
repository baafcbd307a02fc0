import ChatProtocol
import Foundation
import Testing

extension EndToEnd {
    @Suite struct IdleTests {
        @Test func fiveHundredIdleClientsCostNothing() throws {
            let count = 500
            var options = ServerProcess.Options()
            options.credentials = Accounts.numbered(count)
            options.timeout = 3600
            try withServer(options) { server in
                var clients: [RawClient] = []
                // Fewer at a time than may stand before login from one address.
                for first in stride(from: 0, to: count, by: 25) {
                    let batch = try (first..<min(first + 25, count)).map { number in
                        let client = try RawClient(port: server.port)
                        try client.send(RawClient.loginLine("user\(number)"))
                        return client
                    }
                    for client in batch {
                        let status = try client.first("reply to the login") { message in
                            if case .reply(.login(let status, _), _) = message { status } else { nil }
                        }
                        try #require(status == .success)
                    }
                    clients += batch
                }
                try waitUntilQuiet(server)
                let before = try server.processorTicks()
                sleep(10)
                let used = try server.processorTicks() - before
                #expect(used <= 1, "\(used * 10) ms of processor time in 10 s with \(count) idle clients")
                let others = try clients[0].asksWhoElse().count
                #expect(others == count - 1, "all of them are still there")
            }
        }

        /// Until all that the logins caused is done.
        private func waitUntilQuiet(_ server: ServerProcess) throws {
            var last = try server.processorTicks()
            var quiet = 0
            try eventually("the server comes to rest", within: 60) {
                usleep(200_000)
                let now = try server.processorTicks()
                quiet = now == last ? quiet + 1 : 0
                last = now
                return quiet == 5
            }
        }
    }
}
