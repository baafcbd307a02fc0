import ChatClient
import CNcurses
import Glibc
import Synchronization

/// The signals that the loop answers: a handler raises a flag and wakes the loop, everything else happens there.
enum SignalFlags {
    private static let resized = Atomic<Bool>(false)
    private static let ended = Atomic<Bool>(false)
    private static let stopped = Atomic<Bool>(false)
    private static let continued = Atomic<Bool>(false)
    private static let descriptor = Atomic<Int32>(-1)

    private static let ending = [SIGTERM, SIGHUP, SIGINT]

    /// - Parameter descriptor: where a byte wakes the loop.
    static func install(wake descriptor: Int32) {
        // Touched here so that no handler is the first to initialise one.
        for flag in [0, 1, 2, 3] { _ = take(flag) }
        self.descriptor.store(descriptor, ordering: .releasing)
        _ = banter_on_signal(SIGWINCH, onResize, nil)
        _ = banter_on_signal(SIGTSTP, onStop, nil)
        _ = banter_on_signal(SIGCONT, onContinue, nil)
        // An editor that ends wakes the loop, which looks after it.
        _ = banter_on_signal(SIGCHLD, onChild, nil)
        for signal in ending { _ = banter_on_signal(signal, onEnd, nil) }
        signal(SIGPIPE, SIG_IGN)
    }

    static func remove() {
        for signal in ending + [SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD] { banter_default_signal(signal) }
        descriptor.store(-1, ordering: .releasing)
    }

    static func takeResized() -> Bool { take(0) }
    static func takeEnded() -> Bool { take(1) }
    static func takeStopped() -> Bool { take(2) }
    static func takeContinued() -> Bool { take(3) }

    private static func take(_ flag: Int) -> Bool {
        switch flag {
        case 0: resized.exchange(false, ordering: .acquiringAndReleasing)
        case 1: ended.exchange(false, ordering: .acquiringAndReleasing)
        case 2: stopped.exchange(false, ordering: .acquiringAndReleasing)
        default: continued.exchange(false, ordering: .acquiringAndReleasing)
        }
    }

    private static func wake() { ClientMailbox.wake(descriptor.load(ordering: .acquiring)) }

    private static let onResize: @convention(c) (Int32) -> Void = { _ in
        resized.store(true, ordering: .releasing)
        wake()
    }
    private static let onEnd: @convention(c) (Int32) -> Void = { _ in
        ended.store(true, ordering: .releasing)
        wake()
    }
    private static let onStop: @convention(c) (Int32) -> Void = { _ in
        stopped.store(true, ordering: .releasing)
        wake()
    }
    private static let onChild: @convention(c) (Int32) -> Void = { _ in wake() }
    private static let onContinue: @convention(c) (Int32) -> Void = { _ in
        continued.store(true, ordering: .releasing)
        wake()
    }
}
