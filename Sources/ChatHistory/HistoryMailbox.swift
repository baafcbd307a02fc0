import ChatClient
import ChatProtocol
import Glibc

/// Where the user's side leaves what the history has to do. One puts, one takes.
///
/// Bounded by bytes: beyond ``bound`` lines to be kept are dropped and counted, as the screen must not wait for a disk. What else there is to do
/// comes from keys, so it is little, and is always taken. Of searches only the last one is worth doing.
///
/// `@unchecked Sendable`: what varies is touched while `mutex` is held alone.
final class HistoryMailbox: @unchecked Sendable {
    /// Bytes.
    static let bound = 8 << 20

    struct Batch {
        var deeds: [HistoryDeed] = []
        /// Lines that found no room since the batch before.
        var dropped = 0
        /// Nothing comes any more.
        var isLast = false
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let signal: UnsafeMutablePointer<pthread_cond_t>
    private var batch = Batch()
    private var weight = 0
    private var hasEnded = false
    private var forgets = false

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

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    func put(_ deed: HistoryDeed) {
        locked {
            guard !batch.isLast else { return }
            if let weight = deed.weight {
                guard self.weight + weight <= Self.bound else {
                    batch.dropped += 1
                    return
                }
                self.weight += weight
            }
            if case .forget = deed { forgets = true }
            if case .search = deed { batch.deeds.removeAll { if case .search = $0 { true } else { false } } }
            batch.deeds.append(deed)
            if batch.deeds.count == 1 { pthread_cond_broadcast(signal) }
        }
    }

    /// Takes everything, in the order put; waits for something.
    func take() -> Batch {
        locked {
            // What was taken before is done.
            forgets = batch.deeds.contains { if case .forget = $0 { true } else { false } }
            while batch.deeds.isEmpty, !batch.isLast { pthread_cond_wait(signal, mutex) }
            defer {
                batch = Batch(isLast: batch.isLast)
                weight = 0
            }
            return batch
        }
    }

    /// Whether something is to be forgotten, or is being.
    var isForgetting: Bool { locked { forgets } }

    /// Whether a search waits, so that the one under way is for nobody.
    var hasSearch: Bool { locked { batch.deeds.contains { if case .search = $0 { true } else { false } } } }

    /// Nothing is put any more.
    func finish() {
        locked {
            batch.isLast = true
            pthread_cond_broadcast(signal)
        }
    }

    /// What was put is done.
    func end() {
        locked {
            hasEnded = true
            pthread_cond_broadcast(signal)
        }
    }

    /// Waits for ``end()``, but not beyond `deadline` (uptime in nanoseconds).
    func awaitEnd(until deadline: UInt64) {
        locked {
            var time = timespec(tv_sec: Int(deadline / Moment.second), tv_nsec: Int(deadline % Moment.second))
            while !hasEnded, pthread_cond_timedwait(signal, mutex, &time) == 0 {}
        }
    }
}

extension HistoryDeed {
    /// What a line to be kept takes, in bytes; `nil` for what must not be dropped.
    fileprivate var weight: Int? {
        switch self {
        case .write(let line): 256 + line.text.utf8.count
        case .delivered: 64
        case .open, .page, .search, .forget: nil
        }
    }
}
