import ChatProtocol
import Foundation
import Testing

/// Clients written for the original server: bare objects without newlines over plain TCP, one read for each reply.
extension EndToEnd {
    @Suite struct OriginalClientTests {
        @Test func messagesBroadcastsAndPresenceFindTheirWay() throws {
            try withServer { server in
                let hans = try RawClient.original("hans", port: server.port)
                let yoda = try RawClient.original("yoda", port: server.port)
                try hans.hears(#"{"action":"login_broadcast","from":"yoda","message":""}"#)

                try yoda.ask(#"{"action":"message","user":"hans","message":"Hey Dude"}"#, #"{"action":"message","status":"SUCCESS"}"#)
                try hans.hears(#"{"action":"receive_message","from":"yoda","message":"Hey Dude"}"#)
                try yoda.ask(#"{"action":"broadcast","message":"größer 日本 🎉"}"#, #"{"action":"broadcast","n_sent":1,"n_blocked":0}"#)
                try hans.hears(#"{"action":"receive_broadcast","from":"yoda","message":"größer 日本 🎉"}"#)
                try yoda.ask(#"{"action":"whoelse","id":"a1"}"#, #"{"action":"whoelse","reply":["hans"],"id":"a1"}"#)
                try yoda.ask(#"{"action":"whoelsesince","since":100}"#, #"{"action":"whoelsesince","reply":["hans"]}"#)
                try yoda.ask(#"{"action":"whoelsesince","since":"100"}"#, #"{"action":"whoelsesince","reply":["hans"]}"#)

                try yoda.ask(#"{"action":"logout"}"#, #"{"action":"logout","reply":"logged out"}"#)
                try yoda.hearsTheEnd()
                try hans.hears(#"{"action":"logout_broadcast","from":"yoda","message":""}"#)
            }
        }

        @Test func aBlockRefusesAndHides() throws {
            try withServer { server in
                let hans = try RawClient.original("hans", port: server.port)
                try hans.ask(#"{"action":"block","user":"yoda"}"#, #"{"action":"block","status":"SUCCESS"}"#)
                try hans.ask(#"{"action":"block","user":"yoda"}"#, #"{"action":"block","status":"ALREADY_BLOCKED"}"#)
                try hans.ask(#"{"action":"block","user":"hans"}"#, #"{"action":"block","status":"MESSAGE_SELF"}"#)
                try hans.ask(#"{"action":"block","user":"nobody"}"#, #"{"action":"block","status":"USER_NOT_EXIST"}"#)

                let yoda = try RawClient.original("yoda", port: server.port)
                // Presence goes to everyone but those whom the one who came has blocked; yoda has blocked nobody.
                try hans.hears(#"{"action":"login_broadcast","from":"yoda"}"#)
                try yoda.ask(#"{"action":"message","user":"hans","message":"hi"}"#, #"{"action":"message","status":"USER_BLOCKED"}"#)
                try yoda.ask(#"{"action":"broadcast","message":"hi"}"#, #"{"action":"broadcast","n_sent":0,"n_blocked":1}"#)
                try yoda.ask(#"{"action":"whoelse"}"#, #"{"action":"whoelse","reply":[]}"#)
                try yoda.ask(#"{"action":"whoelsesince","since":100}"#, #"{"action":"whoelsesince","reply":[]}"#)
                try yoda.ask(#"{"action":"startprivate","user":"hans"}"#, #"{"action":"startprivate","reply":"USER_BLOCKED"}"#)

                try hans.ask(#"{"action":"unblock","user":"yoda"}"#, #"{"action":"unblock","status":"SUCCESS"}"#)
                try hans.ask(#"{"action":"unblock","user":"yoda"}"#, #"{"action":"unblock","status":"NOT_BLOCKED"}"#)
                try yoda.ask(#"{"action":"message","user":"hans","message":"friends?"}"#, #"{"action":"message","status":"SUCCESS"}"#)
                try hans.hears(#"{"action":"receive_message","from":"yoda","message":"friends?"}"#)
            }
        }

        @Test func offlineMessagesComeOneReadEach() throws {
            try withServer { server in
                let yoda = try RawClient.original("yoda", port: server.port)
                for number in 1...5 {
                    try yoda.ask(
                        #"{"action":"message","user":"hans","message":"waiting \#(number)"}"#, #"{"action":"message","status":"SUCCESS"}"#)
                }
                let hans = try RawClient.original("hans", port: server.port)
                for number in 1...5 {
                    try hans.hears(#"{"action":"receive_message","from":"yoda","message":"waiting \#(number)"}"#)
                }
            }
        }

        @Test func refusalsAreThePinnedOnes() throws {
            try withServer { server in
                let yoda = try RawClient(port: server.port)
                try yoda.ask(#"{"action":"whoelse"}"#, #"{"action":"whoelse","status":"NOT_LOGGED_IN"}"#)
                try yoda.ask(RawClient.loginLine("yoda"), #"{"action":"login","status":"SUCCESS"}"#)

                func message(to user: String, _ text: String, is status: String, at place: SourceLocation = #_sourceLocation) throws {
                    try yoda.ask(
                        #"{"action":"message","user":"\#(user)","message":"\#(text)"}"#, #"{"action":"message","status":"\#(status)"}"#,
                        at: place)
                }
                try message(to: "yoda", "me", is: "MESSAGE_SELF")
                try message(to: "nobody", "you", is: "USER_NOT_EXIST")
                try message(to: "not a name", "you", is: "USER_NOT_EXIST")
                try message(to: "hans", "  ", is: "EMPTY")
                try message(to: "hans", String(repeating: "x", count: WireLimits.text), is: "SUCCESS")
                try message(to: "hans", String(repeating: "x", count: WireLimits.text + 1), is: "TOO_LONG")
                try yoda.ask(#"{"action":"broadcast","message":""}"#, #"{"action":"broadcast","n_sent":0,"n_blocked":0,"status":"EMPTY"}"#)
                try yoda.ask(#"{"action":"fly"}"#, #"{"action":"fly","reply":"Unknown action"}"#)
                try yoda.ask(#"{"action":"message","user":"hans"}"#, #"{"action":"error","status":"BAD_REQUEST"}"#)
                try yoda.ask(#"{"action":"message","user":7,"message":"x"}"#, #"{"action":"error","status":"BAD_REQUEST"}"#)
                try yoda.ask(#"{"user":"hans"}"#, #"{"action":"error","status":"BAD_REQUEST"}"#)
                try yoda.ask(#"{"action":"whoelse"}"#, #"{"action":"whoelse","reply":[]}"#)
            }
        }

        @Test func startPrivateNamesAddressAndPort() throws {
            try withServer { server in
                let yoda = try RawClient(port: server.port)
                try yoda.ask(RawClient.loginLine("yoda", privatePort: 4567), #"{"action":"login","status":"SUCCESS"}"#)
                let hans = try RawClient(port: server.port)
                try hans.ask(RawClient.loginLine("hans", privatePort: 4568), #"{"action":"login","status":"SUCCESS"}"#)
                try hans.ask(
                    #"{"action":"startprivate","user":"yoda"}"#,
                    #"{"action":"startprivate","reply":"SUCCESS","address":"127.0.0.1","port":4567,"username":"yoda"}"#)
                try hans.ask(#"{"action":"startprivate","user":"hans"}"#, #"{"action":"startprivate","reply":"USER_SELF"}"#)
                try hans.ask(#"{"action":"startprivate","user":"luke"}"#, #"{"action":"startprivate","reply":"USER_OFFLINE"}"#)
                try hans.ask(#"{"action":"startprivate","user":"nobody"}"#, #"{"action":"startprivate","reply":"USER_NOT_EXIST"}"#)
            }
        }

        @Test func theThirdWrongPasswordLocksTheNameForItsTime() throws {
            try withServer(.init(blockDuration: 2)) { server in
                let client = try RawClient(port: server.port)
                try client.ask(RawClient.loginLine("yoda", "x"), #"{"action":"login","status":"INVALID_PASSWORD"}"#)
                try client.ask(RawClient.loginLine("yoda", "y"), #"{"action":"login","status":"INVALID_PASSWORD"}"#)
                try client.ask(RawClient.loginLine("yoda", "z"), #"{"action":"login","status":"INVALID_PASSWORD_BLOCKED"}"#)
                try client.hearsTheEnd()

                let locked = try RawClient(port: server.port)
                try locked.ask(RawClient.loginLine("yoda"), #"{"action":"login","status":"BLOCKED"}"#)
                // Another name is not touched by it.
                _ = try RawClient.original("hans", port: server.port)
                try eventually("the lock ends") { (try? RawClient.original("yoda", port: server.port)) != nil }
            }
        }

        @Test func theFirstSessionStaysUndisturbed() throws {
            try withServer { server in
                let first = try RawClient.original("yoda", port: server.port)
                let second = try RawClient(port: server.port)
                try second.ask(RawClient.loginLine("yoda"), #"{"action":"login","status":"ALREADY_LOGGED_IN"}"#)
                try first.ask(#"{"action":"whoelse"}"#, #"{"action":"whoelse","reply":[]}"#)
                first.close()
                // A session whose connection is gone is not online.
                try eventually("the name is free again") { (try? RawClient.original("yoda", port: server.port)) != nil }
            }
        }

        @Test func aSessionWithoutCommandsEndsOnTime() throws {
            try withServer(.init(timeout: 2)) { server in
                let hans = try RawClient.original("hans", port: server.port)
                let begin = Deadline.uptime()
                try hans.hears(#"{"action":"timeout"}"#)
                let seconds = Double(Deadline.uptime() - begin) / 1e9
                try hans.hearsTheEnd()
                #expect((1.8...4).contains(seconds), "logged out after \(seconds) s instead of 2")
            }
        }

        @Test func requestsWithoutGapsAreAnsweredInOrder() throws {
            try withServer { server in
                let yoda = try RawClient.original("yoda", port: server.port)
                try yoda.send((1...50).map { #"{"action":"whoelse","id":\#($0)}"# }.joined())
                for number in 1...50 {
                    let id = try yoda.first("reply \(number)") { message in
                        if case .reply(.whoelse, let id) = message { id } else { nil }
                    }
                    #expect(id == RequestID(Int64(number)))
                }
            }
        }
    }
}
