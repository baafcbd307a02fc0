import ChatCore
import ChatProtocol
import Glibc
import Testing

struct PasswordTests {
    private let one = ConnectionID(rawValue: 1)

    @Test func aHashMatchesItsPasswordOnly() throws {
        let hash = PasswordHash(of: "wise", cost: 4)
        let read = try #require(PasswordHash(hash.text))
        #expect(read == hash)
        #expect(read.matches("wise"))
        #expect(!read.matches("Wise"))
        #expect(!read.matches(""))
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
    }

    @Test func twoHashesOfOnePasswordDiffer() {
        #expect(PasswordHash(of: "wise", cost: 4) != PasswordHash(of: "wise", cost: 4))
    }

    /// The expected value is from Python's `hashlib.scrypt`.
    @Test func agreesWithAnIndependentComputation() {
        let hash = PasswordHash(of: "pleaseletmein", cost: 14, salt: Array("SodiumChloride".utf8))
        #expect(hash.text == "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI")
    }

    @Test(arguments: [
        "", "x", "$scrypt$", "$scrypt$ln=4,r=8,p=1$$", "$argon2$ln=4,r=8,p=1$AAAAAAAAAAAAAAAA$AAAA",
        "$scrypt$ln=63,r=8,p=1$AAAAAAAAAAAAAAAA$AAAA",
    ])
    func whatIsNoHashIsNotRead(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    /// Waits for one verdict of a pool.
    private func verdict(_ start: (@escaping @Sendable (PasswordVerdict) -> Void) -> Void) async -> PasswordVerdict {
        await withCheckedContinuation { continuation in start { continuation.resume(returning: $0) } }
    }

    @Test func aHashOfAnotherCostIsMadeAnew() async throws {
        let pool = PasswordPool(cost: 5, width: 1)
        let old = PasswordHash(of: "wise", cost: 4).text
        let verdict = await verdict { pool.check("wise", against: old, for: one, at: "a", done: $0) }
        guard case .rightWithNewHash(let hash) = verdict else {
            Issue.record("got \(verdict)")
            return
        }
        #expect(PasswordHash(hash)?.cost == 5)
        #expect(await self.verdict { pool.check("wise", against: hash, for: one, at: "a", done: $0) } == .right)
        #expect(await self.verdict { pool.check("wrong", against: hash, for: one, at: "a", done: $0) } == .wrong)
        #expect(await self.verdict { pool.check("", against: nil, for: one, at: "a", done: $0) } == .wrong)
    }

    @Test func aNameThatNobodyHasTakesAsLongAsAWrongPassword() {
        let pool = PasswordPool(cost: 12, width: 1)
        let hash = PasswordHash(of: "wise", cost: 12).text
        // In time of this thread alone, and the quickest of several runs: whatever else the machine does only makes them slower.
        func quickest(_ hash: String?) -> Double {
            (0..<8).map { _ in
                let start = threadTime()
                #expect(pool.verdict(on: "wrong", against: hash) == .wrong)
                return threadTime() - start
            }.min() ?? 0
        }
        let (wrong, unknown) = (quickest(hash), quickest(nil))
        #expect((0.7...1.4).contains(unknown / wrong), "\(unknown) s for an unknown name, \(wrong) s for a wrong password")
    }

    private func threadTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test func tooManyAtOnceAreTurnedAwayAndTheRestIsAnswered() async {
        let pool = PasswordPool(cost: 12, width: 1, capacity: 5)
        let verdicts = await withCheckedContinuation { (continuation: CheckedContinuation<[PasswordVerdict], Never>) in
            let verdicts = Locked<[PasswordVerdict]>([])
            for _ in 0..<200 {
                pool.check("x", against: nil, for: one, at: "a") { verdict in
                    let all = verdicts.withLock { verdicts in
                        verdicts.append(verdict)
                        return verdicts
                    }
                    if all.count == 200 { continuation.resume(returning: all) }
                }
            }
        }
        #expect(verdicts.count == 200)
        #expect(verdicts.contains(.busy))
        #expect(verdicts.contains(.wrong))
    }

    @Test func addressesTakeTurnsAndWhoLeavesIsForgotten() {
        var queue = PasswordQueue()
        func add(_ number: UInt64, _ address: String) {
            queue.add(.init(connection: ConnectionID(rawValue: number), run: {}), at: Origin(address))
        }
        for number in 1...4 { add(UInt64(number), "crowd") }
        add(5, "one")
        queue.remove(ConnectionID(rawValue: 2))
        #expect(queue.count == 4)
        let order = (0..<4).compactMap { _ in queue.next()?.connection.rawValue }
        #expect(order == [1, 5, 3, 4])
        #expect(queue.next() == nil)
        add(6, "crowd")
        queue.remove(ConnectionID(rawValue: 6))
        #expect(queue.next() == nil && queue.isEmpty)
    }

    @Test func credentialsAreReadLineByLine() throws {
        let credentials = try Credentials(parsing: "# comment\n\nhans falcon\r\n  yoda\twise  \n#x y z\n")
        #expect(credentials.entries.map(\.name.text) == ["hans", "yoda"])
        #expect(credentials.entries.map(\.password) == ["falcon", "wise"])
    }

    @Test(arguments: [
        ("hans", "line 1: expected a name and a password, found 1 word"),
        ("\nhans a b", "line 2: expected a name and a password, found 3 words"),
        ("h/ns a", "line 1: a name has 1 to 32 of A-Z a-z 0-9 _ . -"), ("a b\nc d\na e", "line 3: a is on line 1 already"),
    ])
    func aFaultNamesItsLine(_ text: String, _ words: String) {
        #expect { try Credentials(parsing: text) } throws: { "\($0)" == words }
    }

    @Test func onlyNewAndChangedLinesAreImported() throws {
        let store = MemoryStore()
        func bring(_ text: String, _ stamp: String) throws -> [String] {
            let changes = try Credentials(parsing: text).changes(since: store.load(), stamp: stamp, cost: 4)
            try store.commit(changes)
            return changes.compactMap { if case .account(let record) = $0 { record.name.text } else { nil } }
        }
        func matches(_ name: String, _ password: String) throws -> Bool {
            let record = try #require(try store.load().accounts.first { $0.record.name.text == name }?.record)
            return try #require(PasswordHash(record.passwordHash)).matches(password)
        }
        #expect(try bring("hans falcon\nyoda wise", "1") == ["hans", "yoda"])
        let hans = try #require(UserName("hans"))
        try store.commit([.password(hans, hash: PasswordHash(of: "own", cost: 4).text)])
        #expect(try bring("hans falcon\nyoda wise", "1") == [])
        #expect(try bring("hans falcon\nyoda wiser\nluke x", "2") == ["yoda", "luke"])
        #expect(try matches("hans", "own"))
        #expect(try matches("yoda", "wiser"))
        #expect(try bring("hans falcon2", "3") == ["hans"])
        #expect(try matches("hans", "falcon2"))
    }
}
