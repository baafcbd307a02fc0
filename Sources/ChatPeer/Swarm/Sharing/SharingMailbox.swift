import ChatProtocol
import Glibc

/// Where everything that happens waits for the thread that owns a ``FileSharing``. Many threads put, one takes.
///
/// Bounded by bytes, as leaves are large: beyond ``bound`` the putters are asked to hold back; what they have in hand is still taken.
///
/// `@unchecked Sendable`: what varies is touched while `mutex` is held alone.
final class SharingMailbox: @unchecked Sendable {
    /// Bytes.
    static let bound = 8 << 20

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let signal: UnsafeMutablePointer<pthread_cond_t>
    private var items: [SharingInput] = []
    private var weight = 0
    private var isFull = false

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        signal = .allocate(capacity: 1)
        signal.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        // Deadlines are uptimes.
        let isReady =
            pthread_mutex_init(mutex, nil) == 0 && pthread_condattr_init(&attributes) == 0
            && pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(signal, &attributes) == 0
        precondition(isReady, "no mutex and condition for a mailbox")
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(signal)
        signal.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Adds `input`, always; `false` asks the caller to hold back.
    func put(_ input: SharingInput) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        items.append(input)
        weight += input.weight
        if weight >= Self.bound { isFull = true }
        if items.count == 1 { pthread_cond_signal(signal) }
        return !isFull
    }

    /// Takes everything, in the order put; waits for something, but not beyond `deadline` (uptime in nanoseconds; 0: not at all).
    ///
    /// - Returns: whether there is room again after there was none.
    func take(into batch: inout [SharingInput], until deadline: UInt64?) -> Bool {
        batch.removeAll(keepingCapacity: true)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while items.isEmpty {
            guard let deadline else {
                pthread_cond_wait(signal, mutex)
                continue
            }
            var time = timespec(tv_sec: Int(deadline / Moment.second), tv_nsec: Int(deadline % Moment.second))
            if deadline == 0 || pthread_cond_timedwait(signal, mutex, &time) != 0 { break }
        }
        swap(&items, &batch)
        weight = 0
        defer { isFull = false }
        return isFull
    }
}
