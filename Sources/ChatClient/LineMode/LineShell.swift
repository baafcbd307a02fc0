package import ChatPeer
package import ChatProtocol
import Glibc

/// Runs line mode until it ends, on standard input, output and error.
///
/// - Parameters:
///   - session: not used before; it and the mode are driven from here alone.
///   - privates: not used before; `nil` for a client without private sessions.
///   - mailbox: where the connection puts `linkOpened`, `linkClosed`, `received` and `malformed`, and what the links to other clients report.
///   - hasFiles: whether somebody takes what is for the files' side.
///   - perform: carries out what is for the server, the links to other clients and the files; called with nothing else.
/// - Returns: the exit status: a ``LineExit``, or 128 and the number of the signal that ended it.
package func runLineMode(
    _ settings: LineMode.Settings, session: Session, privates: PrivateSessions? = nil, hasFiles: Bool = false,
    mailbox: ClientMailbox, perform: @escaping (ClientEffect) -> Void, clock: @escaping () -> Moment
) -> Int32 {
    guard let signals = SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH]) else {
        return LineExit.unreachable.rawValue
    }
    var shell = LineShell(
        LineMode(settings, privates: privates, hasFiles: hasFiles), session: session, mailbox: mailbox, perform: perform, clock: clock)
    let status = shell.run(signals)
    signals.end()
    return status
}

/// The loop around ``LineMode``: waits for keys or lines, the mailbox, signals and deadlines; applies all there is; writes; draws.
private struct LineShell {
    private var mode: LineMode
    private var session: Session
    private let mailbox: ClientMailbox
    private let perform: (ClientEffect) -> Void
    private let clock: () -> Moment

    private var inputs: [ClientInput] = []
    private var output = OutputQueue()
    private var reader = LineReader()
    private var hasInputEnded = false
    private var wasEndTold = false
    private var exit: LineExit?
    private var endSignal: Int32?

    // A person's terminal.
    private let terminal: RawTerminal?
    /// Where the prompt is drawn: a terminal; -1 if there is none.
    private let display: Int32
    private var decoder = KeyDecoder()
    private var typing = LineTyping()
    private var typed: [TypedLine] = []
    /// The prompt on the screen, if any, and the one that was asked for last.
    private var drawn: LineMode.Prompt?
    private var asked: LineMode.Prompt?
    private var isDirty = true

    private struct TypedLine {
        var text: String
        var isCommand: Bool
        /// What is still to be shown of it: it was typed while there was no prompt, and may have been a password.
        var echo: String?
    }

    /// How many lines of a script are read ahead, or of a person wait for a reply.
    private static let linesAhead = 100
    /// How long a lone ESC may be the beginning of a sequence, in milliseconds.
    private static let escapePatience: Int32 = 25

    init(
        _ mode: LineMode, session: Session, mailbox: ClientMailbox, perform: @escaping (ClientEffect) -> Void,
        clock: @escaping () -> Moment
    ) {
        self.mode = mode
        self.session = session
        self.mailbox = mailbox
        self.perform = perform
        self.clock = clock
        terminal = mode.settings.isInteractive ? RawTerminal() : nil
        display = terminal == nil ? -1 : Self.terminalForOutput()
    }

    /// A file never gets what moves a cursor.
    private static func terminalForOutput() -> Int32 {
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isatty(descriptor) == 1 { return descriptor }
        return open("/dev/tty", O_WRONLY | O_CLOEXEC)
    }

    mutating func run(_ signals: borrowing SignalPipe) -> Int32 {
        enterTerminal()
        apply(mode.start())
        while true {
            settle()
            if exit != nil, output.isEmpty { break }
            wait(signals)
        }
        leaveTerminal()
        if let endSignal { return 128 + endSignal }
        return exit?.rawValue ?? LineExit.loggedOut.rawValue
    }

    // MARK: One turn

    /// Everything that follows from what has come in, up to the point where only waiting helps.
    private mutating func settle() {
        repeat {
            drainInputs()
            takeLines()
            drainInputs()
            draw()
            inputs.append(contentsOf: output.flush())
            if output.isGone(STDOUT_FILENO), exit == nil { apply(mode.handle(.leave, at: clock())) }
        } while !inputs.isEmpty
    }

    private mutating func drainInputs() {
        while !inputs.isEmpty {
            let batch = inputs
            inputs = []
            for input in batch {
                switch input {
                case .session(let input): give(input)
                case .peer(let input): apply(mode.handle(.peer(input), at: clock()))
                case .sharing(let output): apply(mode.handle(.sharing(output), at: clock()))
                case .trouble(let words): write(words, to: STDERR_FILENO)
                case .history(let news): apply(mode.handle(.history(news), at: clock()))
                case .settings, .names: break
                }
            }
        }
    }

    private mutating func give(_ input: SessionInput) {
        for result in session.handle(input, at: clock()) {
            if case .tell(let news) = result {
                apply(mode.handle(.news(news), at: clock()))
            } else {
                perform(.link(result))
            }
        }
    }

    private mutating func apply(_ outputs: [LineMode.Output]) {
        for result in outputs {
            switch result {
            case .print(let line): write(line, to: STDOUT_FILENO)
            case .notice(let line): write(line, to: STDERR_FILENO)
            case .session(let input): inputs.append(.session(input))
            case .peer(let output): perform(.peer(output))
            case .sharing(let input): perform(.sharing(input))
            case .history(let deed): perform(.history(deed))
            case .afterOutput(let input): output.then(input)
            case .exit(let status): exit = status
            }
        }
    }

    private mutating func takeLines() {
        while exit == nil, mode.wantsLine {
            if terminal != nil, !typed.isEmpty {
                let line = typed.removeFirst()
                // A command that was waiting must not become a password because the session ended meanwhile.
                guard line.isCommand == mode.takesCommands else { continue }
                if let echo = line.echo, !echo.isEmpty { write((mode.prompt?.text ?? "") + echo, to: display) }
                apply(mode.handle(.line(line.text), at: clock()))
            } else if terminal == nil, let line = reader.take() {
                apply(mode.handle(.line(line), at: clock()))
            } else {
                break
            }
            drainInputs()
        }
        guard hasInputEnded, !wasEndTold, exit == nil, terminal != nil || mode.wantsLine else { return }
        wasEndTold = true
        apply(mode.handle(terminal == nil ? .endOfInput : .leave, at: clock()))
    }

    // MARK: Waiting

    private var wantsInput: Bool {
        !hasInputEnded && exit == nil && (terminal != nil || reader.count < Self.linesAhead)
    }

    private mutating func wait(_ signals: borrowing SignalPipe) {
        // Descriptor -1 is skipped by poll. Standard output is watched even with nothing to write, to learn that its reader left.
        let blocked = output.blockedOn
        var states = [
            pollfd(fd: wantsInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: takesMail ? mailbox.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: output.isGone(STDOUT_FILENO) ? -1 : STDOUT_FILENO, events: blocked == STDOUT_FILENO ? Int16(POLLOUT) : 0,
                revents: 0),
            pollfd(fd: blocked == STDOUT_FILENO ? -1 : blocked ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        let count = poll(&states, nfds_t(states.count), timeout)
        if states[2].revents != 0 { for signal in signals.take() { received(signal) } }
        if count > 0, states[3].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { output.abandon(STDOUT_FILENO) }
        if states[1].revents != 0 { inputs.append(contentsOf: mailbox.take()) }
        if states[0].revents != 0 { readInput() } else if count == 0, decoder.isPending { press(decoder.flush()) }
        tick()
    }

    private var takesMail: Bool { output.waitingBytes < OutputQueue.soft && exit == nil }

    /// While nobody reads what is written, mail is left where it is; then nothing follows from the server's silence.
    private var sessionWake: UInt64? { takesMail ? session.nextWake : nil }

    /// In milliseconds, for poll; -1 for ever.
    private var timeout: Int32 {
        if decoder.isPending { return Self.escapePatience }
        guard exit == nil, let wake = [sessionWake, mode.nextWake].compactMap(\.self).min() else { return -1 }
        let now = clock().uptime
        if wake <= now { return 0 }
        // Rounded up, so that the deadline has passed after it.
        return Int32(min((wake - now) / 1_000_000 + 1, 3_600_000))
    }

    private mutating func tick() {
        guard exit == nil else { return }
        let now = clock()
        if let wake = sessionWake, wake <= now.uptime { inputs.append(.session(.tick)) }
        if let wake = mode.nextWake, wake <= now.uptime { apply(mode.handle(.tick, at: now)) }
    }

    private mutating func readInput() {
        let bytes = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer -> [UInt8]? in
            while true {
                let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
                if count > 0 { return Array(buffer.prefix(count)) }
                if count == 0 { return nil }
                switch errno {
                case EINTR: continue
                case EAGAIN: return []
                default: return nil
                }
            }
        }
        guard let bytes else {
            hasInputEnded = true
            reader.finish()
            return
        }
        if terminal == nil { reader.feed(bytes) } else { press(decoder.feed(bytes)) }
    }

    private mutating func received(_ signal: Int32) {
        switch signal {
        case SIGTSTP: suspend()
        case SIGCONT:
            enterTerminal()
            isDirty = true
        case SIGWINCH: isDirty = true
        default:
            if endSignal != nil {
                // Asked twice: what still waits to be written is given up.
                output.abandon(STDOUT_FILENO)
                output.abandon(STDERR_FILENO)
                exit = exit ?? .loggedOut
            }
            endSignal = signal
            if signal == SIGHUP, terminal != nil { output.abandon(STDOUT_FILENO) }
            if exit == nil { apply(mode.handle(.leave, at: clock())) }
        }
    }
}

/// What a person sees.
extension LineShell {
    private mutating func press(_ keys: [Key]) {
        for key in keys where exit == nil {
            let prompt = mode.prompt
            switch typing.press(key, at: prompt, isCommand: mode.takesCommands, time: clock().uptime) {
            case .nothing: break
            case .changed: isDirty = true
            case .line(let line, let echo):
                guard typed.count < Self.linesAhead else { break }
                if let prompt {
                    write(prompt.text + echo, to: display)
                    typed.append(TypedLine(text: line, isCommand: mode.takesCommands))
                } else {
                    typed.append(TypedLine(text: line, isCommand: true, echo: echo))
                }
                settle()
            case .interrupt: apply(mode.handle(.interrupt, at: clock()))
            case .end:
                erase()
                apply(mode.handle(.endOfInput, at: clock()))
            case .suspend: suspend()
            }
        }
    }

    private mutating func write(_ line: String, to descriptor: Int32) {
        erase()
        if descriptor >= 0 { output.write(line + "\n", to: descriptor) }
    }

    /// Takes the prompt and the half-typed text off the screen; they are drawn again before waiting.
    private mutating func erase() {
        guard drawn != nil else { return }
        show("\r\u{1B}[K")
        drawn = nil
        isDirty = true
    }

    private mutating func draw() {
        guard terminal != nil else { return }
        let prompt = exit == nil ? mode.prompt : nil
        if prompt != asked {
            let isHidden = prompt?.isHidden ?? false
            if isHidden != (asked?.isHidden ?? false) { typing.turn(toHidden: isHidden) }
            asked = prompt
            erase()
            isDirty = true
        }
        guard let prompt, isDirty else { return }
        isDirty = false
        drawn = prompt
        let room = RawTerminal.width(of: display) - prompt.text.utf8.count - 1
        let (text, column) = typing.window(width: max(1, room), isHidden: prompt.isHidden)
        show("\r\(prompt.text)\(text)\u{1B}[K\r\u{1B}[\(prompt.text.utf8.count + column)C")
    }

    /// Writes to the terminal alone.
    private mutating func show(_ text: String) {
        if display >= 0 { output.write(text, to: display) }
    }

    private func enterTerminal() {
        guard let terminal else { return }
        Rescue.remember(Rescue.line, display: display)
        terminal.enter()
        control("\u{1B}[?2004h")
    }

    private func leaveTerminal() {
        guard let terminal else { return }
        control("\u{1B}[?2004l")
        terminal.leave()
        Rescue.forget()
    }

    /// Past the queue: for the switches of the terminal, which must not wait behind text.
    private func control(_ text: String) {
        guard display >= 0 else { return }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(display, $0.baseAddress, $0.count) }
    }

    private mutating func suspend() {
        guard terminal != nil else {
            JobControl.stop()
            return
        }
        erase()
        inputs.append(contentsOf: output.flush())
        leaveTerminal()
        JobControl.stop()
        // Somebody brought us back.
        enterTerminal()
        isDirty = true
    }
}
