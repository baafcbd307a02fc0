import ChatProtocol
import Fuzzing
import Testing

@testable import ChatPeer

/// What lies on the disk may be damaged, cut off or someone else's doing: it is what was written, or it is nothing.
@Suite struct StoredStateFuzzTests {
    private static let runs = 50_000

    @Test func damagedDownloadsAreNotTakenUp() throws {
        var samples: [[UInt8]] = []
        for size in [0, 1, 16_384, 300_000, 600_000] {
            var state = PartialState(description: try SampleFile(size: size, name: "film \(size).mkv").description)
            if size > 0 { state.claimed.insert(0) }
            samples.append(state.encoded())
        }
        let taken = Mutations.run(Self.runs, of: samples, seed: 1) { input in
            guard let state = PartialState(input) else { return false }
            if state.encoded() != input || state.claimed.capacity != state.description.layer.count {
                Issue.record("\(Hexadecimal.text(input))")
            }
            return true
        }
        // Most of it is hashes; what can be changed unnoticed is the name and the map, whose pieces are hashed again.
        #expect(taken > 20)
    }

    @Test(arguments: [1 << 38 + 1, 1 << 60, 1 << 63, .max] as [UInt64])
    func noClaimOfSizeIsTakenAtItsWord(size: UInt64) throws {
        var bytes = PartialState(description: try SampleFile(size: 300_000).description).encoded()
        bytes.replaceSubrange(8..<16, with: withUnsafeBytes(of: size.bigEndian) { Array($0) })
        #expect(PartialState(bytes) == nil)
    }

    @Test func damagedLinesAboutPeopleAreWhatTheySayOrNothing() {
        let server = "localhost:12346"
        let then = Timestamp(milliseconds: 1_700_000_000_000)
        let people = [
            KnownPerson(user: luke, pin: lukePin, since: then), KnownPerson(user: hans, pin: hansPin, since: then, isVerified: true),
        ]
        let samples = people.map { Array($0.line(server: server).utf8) }
        let taken = Mutations.run(Self.runs, of: samples, seed: 1) { input in
            let line = String(decoding: input, as: UTF8.self)
            guard let person = KnownPerson(line: line, server: server) else { return false }
            let again = person.line(server: server)
            // A word that is not there word for word must not make anybody verified.
            let isVerified = line.split(whereSeparator: \.isWhitespace).last == "verified"
            if KnownPerson(line: again, server: server) != person || person.isVerified != isVerified { Issue.record("\(line)") }
            return true
        }
        #expect(taken > Self.runs / 50)
    }
}
