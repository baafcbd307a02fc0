/// Valid input made wrong in the ways of broken disks, torn connections and people who mean harm; from a seed, so that every run is the same.
package struct Mutations: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

    /// Hands over the samples as they are, and then `count` mutations of them.
    ///
    /// - Parameter body: returns whether the input was taken for valid.
    /// - Returns: how many of the mutations were. If there are none, nothing was tried that a check of the first byte would not find.
    package static func run(_ count: Int, of samples: [[UInt8]], seed: UInt64, _ body: ([UInt8]) -> Bool) -> Int {
        for sample in samples { _ = body(sample) }
        var mutations = Mutations(seed: seed)
        var taken = 0
        for _ in 0..<count where body(mutations.mutation(of: samples)) { taken += 1 }
        return taken
    }

    /// One of the samples with one to four things wrong.
    package mutating func mutation(of samples: [[UInt8]]) -> [UInt8] {
        guard !samples.isEmpty else { return [] }
        var bytes = samples[below(samples.count)]
        for _ in 0...below(4) { mutate(&bytes, samples) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8], _ samples: [[UInt8]]) {
        let place = below(bytes.count)
        let end = min(bytes.count, place + 1 + below(12))
        switch below(10) {
        case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(below(8))
        case 1 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 2 where !bytes.isEmpty: bytes[place] = Self.marks[below(Self.marks.count)]
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
        case 5: bytes.removeSubrange(place...)
        case 6: bytes.insert(contentsOf: Self.words[below(Self.words.count)], at: place)
        case 7:
            let other = samples[below(samples.count)]
            bytes = bytes.prefix(place) + other.suffix(below(other.count + 1))
        case 8: write(into: &bytes, at: place)
        default: replaceNumber(in: &bytes, after: place)
        }
    }

    /// A number at the edges, highest byte first, over whatever is there.
    private mutating func write(into bytes: inout [UInt8], at place: Int) {
        let number = Self.edges[below(Self.edges.count)]
        let width = [1, 2, 4, 8][below(4)]
        for index in 0..<width where place + index < bytes.count {
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (width - 1 - index)))
        }
    }

    /// The next number in digits becomes one at the edges.
    private mutating func replaceNumber(in bytes: inout [UInt8], after place: Int) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        bytes.replaceSubrange(start..<end, with: String(Self.edges[below(Self.edges.count)]).utf8)
    }

    private static let edges: [UInt64] = [
        0, 1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 255, 256, 1000, 1001, 1023, 1024, 1025, 65_535, 65_536, 65_537, 1 << 31 - 1, 1 << 31,
        1 << 32 - 1, 1 << 32, 1 << 38, 1 << 38 + 1, 1 << 53, 1 << 60, 1 << 63 - 1, 1 << 63, .max,
    ]
    private static let marks = Array("\"\\{}[],:-+.eE019 \n\tnutf\u{0}\u{7F}".utf8) + [0x80, 0xBF, 0xC0, 0xED, 0xF4, 0xFF]
    private static let words = [
        "-1", "0.5", "1e308", "1e999", "1152921504606846976", "18446744073709551616", "null", "true", "[]", "{}", "\"\"", "\"all\"",
        "\\u0000", "\\ud800", "\\u202e", "\\uff21", "e\u{301}", "\u{202E}", "/", "..", ",\"id\":7", ",\"action\":\"ping\"",
        String(repeating: "[", count: 20), String(repeating: "9", count: 400),
    ].map { Array($0.utf8) }
}
