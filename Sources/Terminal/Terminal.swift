package import ChatClient
import CNcurses
import Glibc

/// The terminal as a place to draw frames. Only what changed since the frame before is sent, with one update a frame.
///
/// Made by ``withTerminal(_:)``, which gives the terminal back on every way out. Keys are read from the descriptor, not through ncurses.
package final class Terminal {
    /// Bracketed paste and focus reports, which ncurses knows nothing about.
    private static let enter = "\u{1B}[?2004h\u{1B}[?1004h"
    private static let leave = "\u{1B}[?1004l\u{1B}[?2004l"

    /// Clicks, wheel and drags, told in SGR's form, which knows wide screens.
    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"

    /// What it draws on: the answer comes with the keys, or never. The Linux console has none, and its background is known.
    private static let question = "\u{1B}]11;?\u{7}"

    private var asks: String {
        let type = getenv("TERM").map { String(cString: $0) } ?? ""
        return colors >= 8 && !type.hasPrefix("linux") ? Self.question : ""
    }

    private var reportsMouse = false
    private var shown: Frame?
    /// Letters on the terminal, from the cursor of ``shown`` on, of which ncurses does not know.
    private var echoed: [Unicode.Scalar] = []
    private var pairs: [UInt32: Int32] = [:]
    private var cells: [cchar_t] = []
    private var looks: [Style: cchar_t] = [:]

    fileprivate init() throws(TerminalFailure) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        DisplayWidth.prepare()
        Rescue.remember(Rescue.fullScreen)
        guard banter_newterm() != nil else {
            Rescue.forget()
            throw .unknown(getenv("TERM").map { String(cString: $0) } ?? "")
        }
        raw()
        noecho()
        nonl()
        start_color()
        use_default_colors()
        // Keys are read elsewhere: a draw need not ask before each row whether one waits.
        typeahead(-1)
        // Shifted cells would take their links along.
        idcok(banter_stdscr(), false)
        Self.write(Self.enter + asks)
    }

    /// Whether TERM names a terminal whose cursor cannot be moved, so that it can only be written to line by line.
    package static var isLineByLine: Bool { banter_can_move_cursor() == 0 }

    fileprivate func close() {
        settleEcho(before: nil)
        Self.write(Self.mouseOff + Self.leave)
        endwin()
        Rescue.forget()
    }

    /// How many colours there are; 0 for none.
    package var colors: Int { Int(banter_colors()) }

    /// Columns and rows, at least 1 by 1.
    package var size: (width: Int, height: Int) {
        var width: Int32 = 0
        var height: Int32 = 0
        guard banter_terminal_size(STDOUT_FILENO, &width, &height) == 1 else {
            return (max(1, Int(getmaxx(banter_stdscr()))), max(1, Int(getmaxy(banter_stdscr()))))
        }
        return (Int(width), Int(height))
    }

    /// Forgets what the terminal shows: the next frame is drawn whole.
    package func invalidate() {
        shown = nil
        clearok(banter_stdscr(), true)
    }

    /// Gives the terminal back for a while, for a shell or an editor.
    package func suspend() {
        settleEcho(before: nil)
        Self.write(Self.mouseOff + Self.leave)
        endwin()
    }

    /// Takes it again. The next frame is drawn whole.
    package func resume() {
        // Stopped without warning (SIGSTOP), the program did not give the terminal back, and whoever had it meanwhile left it ordinary.
        reset_prog_mode()
        // It may be another terminal now, or have other colours.
        Self.write(Self.enter + (reportsMouse ? Self.mouseOn : "") + asks)
        invalidate()
    }

    /// Has the mouse reported as keys are, or leaves it to the terminal.
    package func reportMouse(_ isOn: Bool) {
        reportsMouse = isOn
        Self.write(isOn ? Self.mouseOn : Self.mouseOff)
    }

    /// Between two draws, so that it lands in the middle of no sequence of ncurses.
    package func send(_ report: TerminalReport) { Self.write(report.text) }

    package func draw(_ frame: Frame) {
        let screen = banter_stdscr()
        settleEcho(before: frame)
        if getmaxx(screen) != Int32(frame.width) || getmaxy(screen) != Int32(frame.height) {
            resizeterm(Int32(frame.height), Int32(frame.width))
            invalidate()
        }
        for (row, columns) in frame.changes(since: shown) { put(columns, ofRow: row, of: frame) }
        if let cursor = frame.cursor {
            wmove(screen, Int32(cursor.row), Int32(min(cursor.column, frame.width - 1)))
        }
        if shown == nil || (shown?.cursor == nil) != (frame.cursor == nil) { curs_set(frame.cursor == nil ? 0 : 1) }
        wnoutrefresh(screen)
        doupdate()
        Self.write(LinkWriter.text(for: frame, after: shown))
        shown = frame
    }

    /// Shows a letter where the cursor is, before the frame that has it is drawn: see ``Echo``.
    ///
    /// - Parameter bytes: of the letter.
    package func echo(_ letter: Unicode.Scalar, _ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { _ = Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        // Whoever shows it may be waiting for this processor.
        sched_yield()
        echoed.append(letter)
    }

    /// Puts the cursor back where ncurses left it, and has the row drawn whole if the next frame has something else in it.
    private func settleEcho(before frame: Frame?) {
        guard !echoed.isEmpty else { return }
        let letters = echoed
        echoed = []
        Self.write(String(repeating: "\u{8}", count: letters.count))
        guard let place = shown?.cursor, let frame, place.row < frame.height else { return }
        let drawn = frame.row(place.row).dropFirst(place.column).prefix(letters.count)
        if !drawn.elementsEqual(letters.lazy.map { Cell(Glyph($0)) }) { wredrawln(banter_stdscr(), Int32(place.row), 1) }
    }

    private func put(_ columns: Range<Int>, ofRow row: Int, of frame: Frame) {
        if cells.count < columns.count { cells = Array(repeating: cchar_t(), count: columns.count) }
        var count = 0
        cells.withUnsafeMutableBufferPointer { cells in
            frame.row(row).withUnsafeBufferPointer { row in
                var style: Style?
                var look = cchar_t()
                for column in columns where row[column].width > 0 {
                    let cell = row[column]
                    if cell.style != style {
                        style = cell.style
                        look = self.look(of: cell.style)
                    }
                    if let scalar = cell.glyph.scalar {
                        cells[count] = look
                        cells[count].chars.0 = wchar_t(scalar.value)
                    } else {
                        cells[count] = self.cell(frame.text(of: cell.glyph), in: cell.style)
                    }
                    count += 1
                }
            }
            banter_put_row(Int32(row), Int32(columns.lowerBound), cells.baseAddress, Int32(count))
        }
    }

    /// A blank in this style, to be filled with code points: ncurses would look anew at the style of each.
    private func look(of style: Style) -> cchar_t {
        if let look = looks[style] { return look }
        let look = cell(" ", in: style)
        looks[style] = look
        return look
    }

    private func cell(_ character: Character, in style: Style) -> cchar_t {
        var cell = cchar_t()
        let scalars = character.unicodeScalars.prefix(DisplayWidth.scalarsPerCell).map { wchar_t($0.value) } + [0]
        banter_set_cell(&cell, scalars, Int32(style.attributes.rawValue), pair(for: style))
        return cell
    }

    /// The number under which ncurses knows a pair of colours.
    private func pair(for style: Style) -> Int32 {
        guard style.foreground != nil || style.background != nil else { return 0 }
        let key = UInt32(style.foreground.map { UInt32($0) + 1 } ?? 0) << 16 | UInt32(style.background.map { UInt32($0) + 1 } ?? 0)
        if let pair = pairs[key] { return pair }
        let number = Int32(pairs.count + 1)
        // Pairs are few: themes have some dozens of styles. One too many stays without colour.
        guard number < min(banter_color_pairs(), 32_000) else { return 0 }
        init_extended_pair(number, value(of: style.foreground), value(of: style.background))
        pairs[key] = number
        return number
    }

    /// What ncurses calls a colour; with more than 256 of them it wants to know what it looks like.
    private func value(of color: UInt8?) -> Int32 {
        guard let color else { return -1 }
        return colors > 256 ? DirectColor.value(of: color) : Int32(color)
    }

    private static func write(_ sequence: String) {
        if sequence.isEmpty { return }
        var sequence = sequence
        sequence.withUTF8 { bytes in _ = Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
    }
}

/// Why the full screen cannot be had.
package enum TerminalFailure: Error, Equatable, CustomStringConvertible {
    case notATerminal
    /// The value of TERM.
    case unknown(String)

    package var description: String {
        switch self {
        case .notATerminal: "The full screen needs a terminal; --plain works without."
        case .unknown(let name):
            "The terminal type \(name.isEmpty ? "(TERM is not set)" : "\"\(name)\"") is not known here; "
                + "set TERM to one that is, such as xterm-256color, or use --plain."
        }
    }
}

/// Runs `body` with the terminal in its hands and gives the terminal back, however `body` ends.
package func withTerminal<Result>(_ body: (Terminal) throws -> Result) throws -> Result {
    let terminal = try Terminal()
    defer { terminal.close() }
    return try body(terminal)
}
