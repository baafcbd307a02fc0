/// The colours of a theme where a terminal's description wants red, green and blue in place of a number (`TERM=xterm-direct`).
package enum DirectColor {
    /// What number `color` of xterm's 256 looks like, as 0xRRGGBB. The first eight are the user's own: such terminals take them by their
    /// numbers still.
    package static func value(of color: UInt8) -> Int32 {
        switch color {
        case ..<8: return Int32(color)
        case ..<16: return bright[Int(color) - 8]
        case ..<232:
            let place = Int32(color) - 16
            return level(place / 36) << 16 | level(place / 6 % 6) << 8 | level(place % 6)
        default:
            let grey = Int32(color - 232) * 10 + 8
            return grey << 16 | grey << 8 | grey
        }
    }

    /// xterm's own, for these have no number there.
    private static let bright: [Int32] = [0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF]

    private static func level(_ step: Int32) -> Int32 { step == 0 ? 0 : step * 40 + 55 }
}
