import ChatProtocol
import Glibc
import Testing

@testable import ChatPeer

@Suite struct TrustBookTests {
    private let then = Timestamp(milliseconds: 1_700_000_000_000)

    @Test func firstKeyIsRememberedAndAnotherIsAChange() {
        var book = TrustBook()
        #expect(book.judge(luke, lukePin) == .new)
        #expect(book.meet(luke, lukePin, at: then) == KnownPerson(user: luke, pin: lukePin, since: then))
        #expect(book.judge(luke, lukePin) == .known(isVerified: false))
        #expect(book.judge(luke, otherPin) == .changed(wasVerified: false))
        #expect(book.meet(luke, otherPin, at: then) == nil)
        #expect(book[luke]?.pin == lukePin)
    }

    @Test func verificationIsForOneKey() {
        var book = book(luke, lukePin, isVerified: false)
        #expect(book.verify(luke, otherPin) == nil)
        #expect(book.verify(luke, lukePin)?.isVerified == true)
        #expect(book.verify(luke, lukePin) == nil)
        #expect(book.judge(luke, lukePin) == .known(isVerified: true))
        #expect(book.judge(luke, otherPin) == .changed(wasVerified: true))
        #expect(book.verify(hans, hansPin) == nil)
    }

    @Test func acceptedKeyIsNotVerified() {
        var book = book(luke, lukePin, isVerified: true)
        #expect(book.accept(luke, otherPin, at: then) == KnownPerson(user: luke, pin: otherPin, since: then))
        #expect(book.judge(luke, otherPin) == .known(isVerified: false))
        #expect(book.accept(luke, otherPin, at: then) == nil)
    }

    @Test func forgottenPersonIsNew() {
        var book = book(luke, lukePin, isVerified: true)
        let (wasThere, isThereStill) = (book.forget(luke), book.forget(luke))
        #expect(wasThere && !isThereStill)
        #expect(book.judge(luke, otherPin) == .new)
    }

    @Test func textFormIsReadBack() {
        let person = KnownPerson(user: luke, pin: lukePin, since: then, isVerified: true)
        let text = person.line(server: "a:1") + "\nnonsense\n\na:1 luke zz 5 verified\nb:1 hans \(hansPin) 5 met\n"
        #expect(TrustBook(text: text, server: "a:1").everyone == [person])
        #expect(TrustBook(text: text, server: "b:1")[hans]?.isVerified == false)
        #expect(TrustBook(text: text, server: "c:1").everyone.isEmpty)
    }

    @Test func bookIsBounded() {
        var book = TrustBook((0..<TrustBook.bound).map { KnownPerson(user: name("u\($0)"), pin: lukePin, since: then) })
        #expect(book.meet(luke, lukePin, at: then) == nil)
        #expect(book.everyone.count == TrustBook.bound)
        #expect(book.judge(luke, lukePin) == .new)
    }
}

@Suite struct KnownPeopleTests {
    private let then = Timestamp(milliseconds: 5)

    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/known-people-XXXXXX".utf8CString)
        let isMade = mkdtemp(&template) != nil
        try #require(isMade)
        let folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            unlink(folder + "/known_people")
            rmdir(folder + "/known_people")
            rmdir(folder)
        }
        try body(folder)
    }

    private func text(_ path: String) -> String {
        guard let file = fopen(path, "re") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
    }

    @Test func whatIsRememberedIsThereTheNextTime() throws {
        try withFolder { folder in
            let file = KnownPeople(folder: folder, server: "localhost:12346")
            #expect(try file.load() == TrustBook())
            try file.remember(KnownPerson(user: luke, pin: lukePin, since: then))
            try file.remember(KnownPerson(user: hans, pin: hansPin, since: then))
            try file.remember(KnownPerson(user: luke, pin: otherPin, since: then, isVerified: true))
            let book = try KnownPeople(folder: folder, server: "localhost:12346").load()
            #expect(book.judge(luke, otherPin) == .known(isVerified: true))
            #expect(book.judge(hans, hansPin) == .known(isVerified: false))
            try file.forget(luke)
            #expect(try file.load().everyone.map(\.user) == [hans])
        }
    }

    @Test func fileIsForItsUserAloneAndKeepsWhatItDoesNotUnderstand() throws {
        try withFolder { folder in
            let one = KnownPeople(folder: folder, server: "a:1")
            let other = KnownPeople(folder: folder, server: "b:1")
            try other.remember(KnownPerson(user: luke, pin: lukePin, since: then))
            let file = fopen(one.path, "ae")
            #expect(fputs("# a later build's\n", file) >= 0)
            fclose(file)
            try one.remember(KnownPerson(user: luke, pin: otherPin, since: then))
            #expect(try other.load()[luke]?.pin == lukePin)
            #expect(text(one.path).contains("# a later build's\n"))
            var state = stat()
            #expect(stat(one.path, &state) == 0 && state.st_mode & 0o777 == 0o600)
        }
    }

    @Test func unreadableFileIsAFailureAndNotAnEmptyBook() throws {
        try withFolder { folder in
            let file = KnownPeople(folder: folder, server: "a:1")
            try #require(mkdir(file.path, 0o700) == 0)
            #expect(throws: KnownPeople.Failure.self) { try file.load() }
            #expect(throws: KnownPeople.Failure.self) { try file.remember(KnownPerson(user: luke, pin: lukePin, since: then)) }
        }
    }
}
