/// Names the lines of one side of a conversation for as long as their numbers go on: 64 random bits, 16 lowercase hexadecimal digits.
///
/// A program that was started again counts from 1 again, under another name.
package struct PeerStream: Hashable, Sendable {
    package let text: String

    package init?(_ text: String) {
        let isDigits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 16, isDigits else { return nil }
        self.text = text
    }

    package init(number: UInt64) {
        let digits = String(number, radix: 16)
        text = String(repeating: "0", count: 16 - digits.count) + digits
    }
}
