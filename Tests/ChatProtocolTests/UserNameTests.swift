import ChatProtocol
import Testing

/// A name is its text, however it is kept.
struct UserNameTests {
    private static let texts =
        (1...32).map { String("aZ09_.-bcdefghijklmnopqrstuvwxyzAB".prefix($0)) }
        + ["a", "A", "b", "ab", "aa", "a.", "0", "-", "yoda", "yoda2", "yodA", String(repeating: "z", count: 32)]

    @Test func aNameIsItsTextAtAnyLength() {
        for text in Self.texts { #expect(UserName(text)?.text == text) }
        for text in Self.texts { #expect("\(UserName(text).map(String.init(describing:)) ?? "")" == text) }
    }

    @Test(arguments: ["", String(repeating: "x", count: 33), "a b", "é", "a\0", "\0", "a\n", "a/b"])
    func whatNoAccountCanHaveIsNoName(text: String) { #expect(UserName(text) == nil) }

    @Test func namesAreEqualAndOrderedAsTheirTextsAre() {
        for one in Self.texts {
            for other in Self.texts {
                guard let a = UserName(one), let b = UserName(other) else { continue }
                #expect((a == b) == (one == other))
                #expect((a < b) == (one < other))
            }
        }
    }

    @Test func equalNamesHaveOneHashAndOthersHaveOthers() {
        let names = (0..<20_000).compactMap { UserName("user\($0)") } + (0..<20_000).compactMap { UserName("a-much-longer-name-\($0)") }
        #expect(Set(names).count == 40_000)
        #expect(Set(names.map(\.hashValue)).count > 39_990)
        #expect(Set(names.map { $0._rawHashValue(seed: 0) & 0xFFFF }).count > 20_000, "the low bits alone must spread")
        for name in names.prefix(100) { #expect(UserName(name.text)?._rawHashValue(seed: 3) == name._rawHashValue(seed: 3)) }
    }
}
