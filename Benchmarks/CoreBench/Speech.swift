import Foundation

/// Words as rare and lines as long as people's, the same in every run.
struct Speech {
    var random = Steady()
    private let words: [String]

    init() {
        var random = Steady()
        let (consonants, vowels) = (Array("bcdfghklmnprstvw"), Array("aeiou"))
        words = (0..<40_000).map { number in
            (0...(number < 200 ? 0 : Int(random.next() % 4))).map { _ in
                "\(consonants[Int(random.next() % 16)])\(vowels[Int(random.next() % 5)])"
            }.joined() + (number % 3 == 0 ? "n" : "")
        }
    }

    /// Zipf's law, nearly.
    private mutating func word() -> String {
        let part = Double(random.next() % 1_000_000) / 1_000_000
        return words[min(words.count - 1, Int(10 * (exp(part * log(Double(words.count) / 10 + 1)) - 1)))]
    }

    mutating func line() -> String { (0..<(2 + Int(random.next() % 14))).map { _ in word() }.joined(separator: " ") }

    mutating func query() -> String { (0...Int(random.next() % 2)).map { _ in word() }.joined(separator: " ") }

    struct Steady {
        private var state: UInt64 = 1

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
