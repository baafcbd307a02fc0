import Glibc

/// A value that several threads share, one at a time.
///
/// What `Synchronization.Mutex` is, but over a POSIX mutex: the thread sanitizer knows those, and takes all that the futex inside
/// `Mutex` guards on Linux for a race.
///
/// `@unchecked Sendable`: `value` is touched between lock and unlock alone, and is itself `Sendable`.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // The mutex sees to it that nobody else touches it; whoever came again within `body` would wait for himself.
    @exclusivity(unchecked) private var value: Value

    package init(_ value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let result = pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init failed with \(result)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` while no other thread does.
    package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
