import Glibc
import Synchronization

/// Gives the terminal back when the program crashes: what must be known for that is laid out beforehand, for a signal handler may
/// call almost nothing.
package enum Rescue {
    /// What is given back: the settings that the terminal had, and the handlers that were there before, by their signals' numbers.
    private struct Before {
        var settings: termios
        var handlers: UnsafeMutablePointer<sigaction>
        var reset: StaticString
        var display: Int32
    }

    /// Reports of mouse, paste and focus off, cursor on, plain text, ordinary keypad and the ordinary screen.
    package static let fullScreen: StaticString =
        "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1004l\u{1B}[?2004l\u{1B}[?25h\u{1B}[0m\u{1B}[?1l\u{1B}>\u{1B}[?1049l\r\n"
    /// Reports of paste off; below the line that was being typed.
    package static let line: StaticString = "\u{1B}[?2004l\r\n"

    /// The address of a ``Before``; 0 while there is nothing to give back. The memory is never freed: a handler may be using it.
    private static let before = Atomic<UInt>(0)

    private static let fatal = [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGQUIT]
    private static let signals = 65

    /// Notes how the terminal is now, and catches what would end the program without notice. Until ``forget()`` only the first call counts.
    ///
    /// - Parameters:
    ///   - reset: what switches off what the program has switched on.
    ///   - display: where that is written; -1 for nowhere.
    package static func remember(_ reset: StaticString, display: Int32 = 1) {
        var settings = termios()
        guard before.load(ordering: .acquiring) == 0, tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        giveHandlersAStack()
        let handlers = UnsafeMutablePointer<sigaction>.allocate(capacity: signals)
        handlers.initialize(repeating: sigaction(), count: signals)
        let kept = UnsafeMutablePointer<Before>.allocate(capacity: 1)
        kept.initialize(to: Before(settings: settings, handlers: handlers, reset: reset, display: display))
        before.store(UInt(bitPattern: kept), ordering: .releasing)
        for signal in fatal {
            var action = sigaction()
            sigemptyset(&action.sa_mask)
            action.sa_flags = SA_RESTART | SA_ONSTACK
            action.__sigaction_handler.sa_handler = onCrash
            sigaction(signal, &action, handlers + Int(signal))
        }
    }

    package static func forget() {
        guard let kept = UnsafePointer<Before>(bitPattern: before.exchange(0, ordering: .acquiring)) else { return }
        for signal in fatal { sigaction(signal, kept.pointee.handlers + Int(signal), nil) }
    }

    /// Async-signal-safe: an atomic exchange and system calls. Raising again ends the process as the signal would have, with whatever
    /// report the handler before makes, now on an ordinary terminal.
    private static let onCrash: @convention(c) (Int32) -> Void = { number in
        if let kept = UnsafeMutablePointer<Before>(bitPattern: before.exchange(0, ordering: .acquiring)) {
            _ = write(kept.pointee.display, kept.pointee.reset.utf8Start, kept.pointee.reset.utf8CodeUnitCount)
            tcsetattr(STDIN_FILENO, TCSANOW, &kept.pointee.settings)
            sigaction(number, kept.pointee.handlers + Int(number), nil)
        } else {
            signal(number, SIG_DFL)
        }
        raise(number)
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
