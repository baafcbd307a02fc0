import CNcurses
import Glibc
import Synchronization

/// Gives the terminal back when the program crashes: what must be known for that is laid out beforehand, for a signal handler may
/// call almost nothing.
enum Rescue {
    /// What is given back: the settings that the terminal had, and the handlers that were there before, by their signals' numbers.
    private struct Before {
        var settings: termios
        var handlers: UnsafeMutablePointer<sigaction>
    }

    /// Reports of mouse, paste and focus off, cursor on, plain text, ordinary keypad and the ordinary screen.
    private static let reset: StaticString =
        "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?25h\u{1B}[0m\u{1B}[?1l\u{1B}>\u{1B}[?1049l\r\n"

    /// The address of a ``Before``; 0 while there is nothing to give back. The memory is never freed: a handler may be using it.
    private static let before = Atomic<UInt>(0)

    private static let fatal = [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGQUIT]
    private static let signals = 65

    /// Notes how the terminal is now, and catches what would end the program without notice.
    static func remember() {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        giveHandlersAStack()
        let handlers = UnsafeMutablePointer<sigaction>.allocate(capacity: signals)
        handlers.initialize(repeating: sigaction(), count: signals)
        let kept = UnsafeMutablePointer<Before>.allocate(capacity: 1)
        kept.initialize(to: Before(settings: settings, handlers: handlers))
        before.store(UInt(bitPattern: kept), ordering: .releasing)
        for signal in fatal { _ = banter_on_signal(signal, onCrash, handlers + Int(signal)) }
    }

    static func forget() {
        guard let kept = UnsafePointer<Before>(bitPattern: before.exchange(0, ordering: .acquiring)) else { return }
        for signal in fatal { _ = banter_restore_signal(signal, kept.pointee.handlers + Int(signal)) }
    }

    /// Async-signal-safe: an atomic exchange and system calls. Raising again ends the process as the signal would have, with whatever
    /// report the handler before makes, now on an ordinary terminal.
    private static let onCrash: @convention(c) (Int32) -> Void = { signal in
        if let kept = UnsafeMutablePointer<Before>(bitPattern: before.exchange(0, ordering: .acquiring)) {
            _ = write(STDOUT_FILENO, reset.utf8Start, reset.utf8CodeUnitCount)
            tcsetattr(STDIN_FILENO, TCSANOW, &kept.pointee.settings)
            _ = banter_restore_signal(signal, kept.pointee.handlers + Int(signal))
        } else {
            banter_default_signal(signal)
        }
        raise(signal)
    }

    /// A stack of its own, so that a stack overflow is survived long enough.
    private static func giveHandlersAStack() {
        var present = stack_t()
        guard sigaltstack(nil, &present) == 0, present.ss_sp == nil else { return }
        let size = 64 * 1024
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        stack.ss_size = size
        sigaltstack(&stack, nil)
    }
}
