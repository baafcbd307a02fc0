import Glibc

/// Standard input as a terminal that hands over every key at once and echoes nothing.
struct RawTerminal {
    private var saved = termios()

    /// Returns `nil` if standard input is no terminal.
    init?() {
        guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    }

    func enter() {
        var raw = saved
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT)
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | ISIG | IEXTEN)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        // Not TCSAFLUSH: what was typed ahead stays.
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    func leave() {
        var saved = saved
        tcsetattr(STDIN_FILENO, TCSADRAIN, &saved)
    }

    /// The width of the terminal behind `descriptor`, in cells.
    static func width(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
