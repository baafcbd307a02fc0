/// The text of a message, within the limits of the wire.
package enum MessageText {
    package enum Fault: Equatable, Sendable { case empty, tooLong }

    /// What is wrong with `text`, if anything: nothing but white space, or more than `limit` bytes of UTF-8.
    package static func fault(in text: String, limit: Int = WireLimits.text) -> Fault? {
        text.withBytes { bytes in
            if bytes.count > limit { return .tooLong }
            return bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } ? .empty : nil
        }
    }
}
