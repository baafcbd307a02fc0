import Glibc

/// Asks for a password on the terminal of the process, whatever standard input and output are.
package enum HiddenPrompt {
    package enum Answer: Equatable, Sendable {
        case text(String)
        /// There is no terminal to ask on.
        case noTerminal
        /// Ctrl-C, Ctrl-D on an empty line, or a signal, whose number it is.
        case interrupted(Int32)
    }

    private static let limit = 1024

    package static func ask(_ words: String) -> Answer {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return .noTerminal }
        defer { close(terminal) }
        var saved = termios()
        guard tcgetattr(terminal, &saved) == 0, let signals = SignalPipe([SIGINT, SIGTERM, SIGHUP]) else { return .noTerminal }
        var hidden = saved
        // Every key at once, so that no way out leaves the terminal as it is now.
        hidden.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | ISIG)
        tcsetattr(terminal, TCSADRAIN, &hidden)
        write(words, to: terminal)
        let answer = read(from: terminal, signals)
        write("\n", to: terminal)
        tcsetattr(terminal, TCSADRAIN, &saved)
        signals.end()
        return answer
    }

    private static func read(from terminal: Int32, _ signals: borrowing SignalPipe) -> Answer {
        var bytes: [UInt8] = []
        while true {
            var states = [
                pollfd(fd: terminal, events: Int16(POLLIN), revents: 0), pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&states, nfds_t(states.count), -1)
            if states[1].revents != 0, let signal = signals.take().first { return .interrupted(signal) }
            guard states[0].revents != 0 else { continue }
            var byte: UInt8 = 0
            let count = Glibc.read(terminal, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count == 1 else { return .interrupted(SIGHUP) }
            switch byte {
            case 3: return .interrupted(SIGINT)
            case 4 where bytes.isEmpty: return .interrupted(SIGINT)
            case 4, 10, 13: return .text(String(decoding: bytes, as: UTF8.self))
            case 8, 127:
                while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case 21: bytes = []
            default: if byte >= 0x20, bytes.count < limit { bytes.append(byte) }
            }
        }
    }

    private static func write(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
    }
}
