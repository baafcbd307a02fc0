/// Where the texts of a statement are while it runs, so that SQLite need not copy each to a place of its own.
final class BindingRoom {
    private static let size = 16 * 1024
    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    private var used = 0

    deinit { bytes.deallocate() }

    /// A copy that stays until ``clear()``; `nil` if there is no room.
    func keep(_ text: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard let start = bytes.baseAddress, text.count <= Self.size - used else { return nil }
        let place = start + used
        let count = text.count
        if let text = text.baseAddress { place.copyMemory(from: text, byteCount: count) }
        used += text.count
        return UnsafeRawPointer(place)
    }

    func clear() { used = 0 }
}
