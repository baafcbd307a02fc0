import Glibc

/// A mutex and a condition whose deadlines are uptimes, for what waits until another thread has changed something.
///
/// A semaphore of Dispatch waits until a time of the civil clock on Linux (`sem_timedwait`): set back meanwhile, it would come late by as
/// much, and set forward it would not wait at all. Where nobody waits, ``Locked`` does.
///
/// `@unchecked Sendable`: both live as long as this does, and are made for many threads.
package final class Monitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
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

    /// Runs `body` while no other thread does.
    package func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets others in until one of them calls ``wake()``, or for no reason at all: what is waited for is to be looked at again. To be called
    /// within ``locked(_:)``.
    ///
    /// - Parameter deadline: uptime in nanoseconds; 0 does not wait at all.
    /// - Returns: `false` once the time is over.
    package func wait(until deadline: UInt64? = nil) -> Bool {
        switch deadline {
        case nil:
            pthread_cond_wait(condition, mutex)
            return true
        case 0: return false
        case let deadline?:
            var time = timespec(tv_sec: Int(deadline / Moment.second), tv_nsec: Int(deadline % Moment.second))
            // Anything but a wake-up means that the time is over; waiting on would be for nothing.
            return pthread_cond_timedwait(condition, mutex, &time) == 0
        }
    }

    /// Wakes all who wait.
    package func wake() { pthread_cond_broadcast(condition) }
}
