import Glibc

/// Wakes the one thread that waits for it, and has time-outs on the monotonic clock.
///
/// A semaphore of Dispatch waits until a time of the civil clock on Linux (`sem_timedwait`): set back meanwhile, it would come late by as
/// much, and set forward it would not wait at all.
///
/// `@unchecked Sendable`: `isRaised` is touched under the mutex alone.
final class Signal: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var isRaised = false

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        defer { pthread_condattr_destroy(&attributes) }
        let results = [
            pthread_mutex_init(mutex, nil), pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC),
            pthread_cond_init(condition, &attributes),
        ]
        precondition(results.allSatisfy { $0 == 0 }, "no mutex or no condition: \(results)")
    }

    deinit {
        pthread_cond_destroy(condition)
        condition.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Raised twice before somebody waits is raised once.
    func raise() {
        pthread_mutex_lock(mutex)
        isRaised = true
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(condition)
    }

    /// Returns true when it was raised, and lowers it; false at `deadline` (uptime in nanoseconds).
    func wait(until deadline: UInt64?) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isRaised {
            guard let deadline else {
                pthread_cond_wait(condition, mutex)
                continue
            }
            var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
            // Anything but a wake-up means that the time is over; waiting on would be for nothing.
            if pthread_cond_timedwait(condition, mutex, &time) != 0 { break }
        }
        defer { isRaised = false }
        return isRaised
    }
}
