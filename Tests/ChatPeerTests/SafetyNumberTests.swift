import ChatProtocol
import Testing

@testable import ChatPeer

@Suite struct SafetyNumberTests {
    @Test func agreesWithAnIndependentComputation() {
        let number = SafetyNumber((hans, hansPin), (luke, lukePin))
        let sides = [Independent.fingerprint("hans", 1), Independent.fingerprint("luke", 2)].sorted()
        #expect(number.digits == sides.joined())
        #expect(number.digits.count == 60)
        #expect(number.digits.allSatisfy { $0.isASCII && $0.isNumber })
    }

    @Test func independentHashIsRight() {
        // FIPS 180-2, appendix C.1.
        let digest = Independent.sha512(Array("abc".utf8))
        #expect(digest.prefix(8).elementsEqual([0xDD, 0xAF, 0x35, 0xA1, 0x93, 0x61, 0x7A, 0xBA]))
        #expect(digest.suffix(8).elementsEqual([0x2A, 0x9A, 0xC9, 0x4F, 0xA5, 0x4C, 0xA4, 0x9F]))
    }

    @Test func bothSidesSeeTheSame() {
        #expect(SafetyNumber((hans, hansPin), (luke, lukePin)) == SafetyNumber((luke, lukePin), (hans, hansPin)))
    }

    @Test func nameAndKeyBothCount() {
        let number = SafetyNumber((hans, hansPin), (luke, lukePin))
        #expect(number != SafetyNumber((hans, hansPin), (luke, otherPin)))
        #expect(number != SafetyNumber((hans, hansPin), (name("luke2"), lukePin)))
        #expect(number != SafetyNumber((hans, lukePin), (luke, hansPin)))
    }

    @Test func groupsOfFive() {
        let number = SafetyNumber((hans, hansPin), (luke, lukePin))
        #expect(number.groups.count == 12)
        #expect(number.groups.allSatisfy { $0.count == 5 })
        #expect(number.groups.joined() == number.digits)
        #expect(number.lines(perLine: 6).count == 2)
        #expect(number.lines(perLine: 5).joined(separator: " ") == number.groups.joined(separator: " "))
        #expect(number.lines(perLine: 0).count == 12)
    }
}

/// The same number, computed another way: SHA-512 as FIPS 180-4 gives it, with its constants derived from the primes.
private enum Independent {
    static func fingerprint(_ name: String, _ byte: UInt8) -> String {
        let key = [UInt8](repeating: byte, count: 32)
        var digest = sha512([0, 0] + key + Array(name.utf8) + key)
        for _ in 1..<5200 { digest = sha512(digest + key) }
        var digits = ""
        for group in 0..<6 {
            var number = 0
            for place in 0..<5 { number = number * 256 + Int(digest[5 * group + place]) }
            let text = "0000\(number % 100_000)"
            digits += text.suffix(5)
        }
        return digits
    }

    static func sha512(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        padded += [UInt8](repeating: 0, count: (240 - padded.count % 128) % 128)
        padded += [UInt8](repeating: 0, count: 8) + bytes(UInt64(message.count) * 8)
        var state = initial
        var words = [UInt64](repeating: 0, count: 80)
        for block in stride(from: 0, to: padded.count, by: 128) {
            for index in 0..<16 {
                words[index] = 0
                for byte in 0..<8 { words[index] = words[index] << 8 | UInt64(padded[block + 8 * index + byte]) }
            }
            for index in 16..<80 {
                let low = words[index - 15]
                let high = words[index - 2]
                words[index] =
                    words[index - 16] &+ (turn(low, 1) ^ turn(low, 8) ^ low >> 7) &+ words[index - 7]
                    &+ (turn(high, 19) ^ turn(high, 61) ^ high >> 6)
            }
            var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7])
            for index in 0..<80 {
                let one = h &+ (turn(e, 14) ^ turn(e, 18) ^ turn(e, 41)) &+ (e & f ^ ~e & g) &+ constants[index] &+ words[index]
                let two = (turn(a, 28) ^ turn(a, 34) ^ turn(a, 39)) &+ (a & b ^ a & c ^ b & c)
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
            }
            for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
        }
        return state.flatMap(bytes)
    }

    private static let initial = primes(8).map { fraction(of: $0, root: 2) }
    private static let constants = primes(80).map { fraction(of: $0, root: 3) }

    private static func turn(_ word: UInt64, _ count: UInt64) -> UInt64 { word >> count | word << (64 - count) }

    private static func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }

    private static func primes(_ count: Int) -> [UInt64] {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < count {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }

    /// The first 64 bits of the fraction of a prime's square or cube root, bit by bit.
    private static func fraction(of prime: UInt64, root: Int) -> UInt64 {
        var whole: UInt64 = 1
        while power(whole + 1, root) <= prime { whole += 1 }
        var fraction: UInt64 = 0
        for bit in stride(from: 63, through: 0, by: -1) {
            let trial = fraction | 1 << UInt64(bit)
            var product: [UInt64] = [trial, whole]
            for _ in 1..<root { product = multiply(product, [trial, whole]) }
            // Below prime × 2^(64 × root) exactly if everything from that place on is below the prime.
            if product[root...].reversed().reduce(0, { $0 << 32 | $1 }) < prime { fraction = trial }
        }
        return fraction
    }

    private static func power(_ base: UInt64, _ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { product, _ in product * base } }

    private static func multiply(_ one: [UInt64], _ other: [UInt64]) -> [UInt64] {
        var product = [UInt64](repeating: 0, count: one.count + other.count)
        for (place, digit) in one.enumerated() {
            var carry: UInt64 = 0
            for (offset, factor) in other.enumerated() {
                let (high, low) = digit.multipliedFullWidth(by: factor)
                let (first, overflow) = product[place + offset].addingReportingOverflow(low)
                let (second, more) = first.addingReportingOverflow(carry)
                product[place + offset] = second
                carry = high + (overflow ? 1 : 0) + (more ? 1 : 0)
            }
            product[place + other.count] &+= carry
        }
        return product
    }
}
