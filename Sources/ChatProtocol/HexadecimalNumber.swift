/// 128 bits that are written as 32 lowercase hexadecimal digits.
package struct HexadecimalNumber: Hashable, Sendable {
    /// The first 16 digits and the others: the first two are the lowest byte.
    package let first: UInt64
    package let second: UInt64

    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// `nil` if the bytes are anything but such digits.
    init?(digits: UnsafeRawBufferPointer) {
        guard digits.count == 32, let a = Self.value(digits, at: 0), let b = Self.value(digits, at: 8),
            let c = Self.value(digits, at: 16), let d = Self.value(digits, at: 24)
        else { return nil }
        self.init(first: a | b << 32, second: c | d << 32)
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let nibbles: UInt64 = 0x0F0F_0F0F_0F0F_0F0F

    /// What eight digits say, all at once: each is a byte of one number, and no byte's sum reaches into the next.
    private static func value(_ digits: UnsafeRawBufferPointer, at offset: Int) -> UInt64? {
        let text = UInt64(littleEndian: digits.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let values = (text & nibbles) &+ (text >> 6 & ones) &* 9
        guard values & ~nibbles == 0, Self.text(of: values) == text else { return nil }
        let pairs = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
        let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
        return (quads | quads >> 16) & 0xFFFF_FFFF
    }

    /// Eight digits of eight values from 0 to 15.
    private static func text(of values: UInt64) -> UInt64 {
        let letters = (values &+ ones &* 6) >> 4 & ones
        return values &+ ones &* 0x30 &+ letters &* 0x27
    }

    package var digits: String {
        String(unsafeUninitializedCapacity: 32) { room in
            for (index, half) in [first, first >> 32, second, second >> 32].enumerated() {
                let quads = (half & 0xFFFF | half << 16) & 0x0000_FFFF_0000_FFFF
                let pairs = (quads | quads << 8) & 0x00FF_00FF_00FF_00FF
                let values = (pairs >> 4 | pairs << 8) & Self.nibbles
                UnsafeMutableRawBufferPointer(room).storeBytes(
                    of: Self.text(of: values).littleEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
            return 32
        }
    }
}
