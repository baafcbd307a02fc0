import ChatProtocol

/// Where everything that happens waits for the thread that owns a ``FileSharing``. Many threads put, one takes.
///
/// Bounded by bytes, as leaves are large: beyond ``bound`` the putters are asked to hold back; what they have in hand is still taken.
///
/// `@unchecked Sendable`: what varies is touched while `monitor` is held alone.
final class SharingMailbox: @unchecked Sendable {
    /// Bytes.
    static let bound = 8 << 20

    private let monitor = Monitor()
    private var items: [SharingInput] = []
    private var weight = 0
    private var isFull = false

    /// Adds `input`, always; `false` asks the caller to hold back.
    func put(_ input: SharingInput) -> Bool {
        monitor.locked {
            items.append(input)
            weight += input.weight
            if weight >= Self.bound { isFull = true }
            if items.count == 1 { monitor.wake() }
            return !isFull
        }
    }

    /// Takes everything, in the order put; waits for something, but not beyond `deadline` (uptime in nanoseconds; 0: not at all).
    ///
    /// - Returns: whether there is room again after there was none.
    func take(into batch: inout [SharingInput], until deadline: UInt64?) -> Bool {
        batch.removeAll(keepingCapacity: true)
        return monitor.locked {
            while items.isEmpty, monitor.wait(until: deadline) {}
            swap(&items, &batch)
            weight = 0
            defer { isFull = false }
            return isFull
        }
    }
}
