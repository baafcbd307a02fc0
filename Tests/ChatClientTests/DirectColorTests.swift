import Testing

@testable import ChatClient

@Suite struct DirectColorTests {
    @Test(arguments: [
        (UInt8(1), Int32(1)), (16, 0x000000), (33, 0x0087FF), (81, 0x5FD7FF), (203, 0xFF5F5F), (231, 0xFFFFFF), (232, 0x080808),
        (246, 0x949494), (255, 0xEEEEEE), (9, 0xFF0000),
    ])
    func aNumberOfThe256IsItsColour(number: UInt8, value: Int32) {
        #expect(DirectColor.value(of: number) == value)
    }
}
