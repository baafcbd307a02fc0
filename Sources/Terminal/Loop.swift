package import ChatClient
package import ChatProtocol
import Glibc

/// Runs the full screen until the model wants to quit, and returns the exit status that it names.
///
/// Keys, the network's inputs, signals and the model's own timers wake it; whatever there is goes into the model, then there is one draw.
/// ``DrawPace`` says when it draws. A flood is taken in slices, with keys looked at between them, and between two of its draws only keys and
/// signals wake the loop.
///
/// - Parameters:
///   - mailbox: where the network's side puts `linkOpened`, `linkClosed`, `received`, `malformed`.
///   - perform: carries out an effect on the link; the loop does all others itself.
///   - clock: both clocks, now.
package func runLoop(
    model: inout Model, mailbox: ClientMailbox, perform: (ClientEffect) -> Void, clock: () -> Moment
) throws -> Int32 {
    try withTerminal { terminal in
        SignalFlags.install(wake: mailbox.signalDescriptor)
        defer { SignalFlags.remove() }
        var loop = Loop(terminal: terminal, mailbox: mailbox)
        let status = loop.run(&model, perform: perform, clock: clock)
        loop.endEditor()
        return status
    }
}

private struct Loop {
    /// How long an ESC may stand alone before it is the key.
    private static let escapeTime: UInt64 = 25_000_000
    /// How long inputs are applied between two looks at the keyboard, and how many between two at the clock.
    private static let sliceTime: UInt64 = 75_000
    private static let slice = 4
    /// How long what comes waits for a pause between keys.
    private static let patience = Moment.second / 10
    /// After so many inputs, and so long without one, memory is given back.
    private static let flood = 4096
    private static let quiet = Moment.second / 4

    let terminal: Terminal
    let mailbox: ClientMailbox
    private var decoder = KeyDecoder()
    private var escapeDeadline: UInt64?
    /// What may be shown of the next key before it is given to the model.
    private var echo: Echo?
    private var backlog: ArraySlice<ClientInput> = []
    /// Inputs since memory was given back.
    private var taken = 0
    private var tidying: UInt64?
    private var isDirty = true
    /// When the first of what came by itself came that is not drawn.
    private var newsSince: UInt64?
    /// The user pressed a key since the last draw.
    private var isAwaited = false
    private var pace = DrawPace()
    private var status: Int32?
    /// -1 once the terminal is gone.
    private var keyboard = STDIN_FILENO
    /// Has the terminal while it runs.
    private var editor: DraftEditor?
    /// What came of it, for the model.
    private var edited: EditedDraft?
    private var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    /// The keyboard and the mailbox; kept, for between a key and its echo every step counts.
    private var watched = [pollfd](repeating: pollfd(), count: 2)

    init(terminal: Terminal, mailbox: ClientMailbox) {
        self.terminal = terminal
        self.mailbox = mailbox
    }

    mutating func run(_ model: inout Model, perform: (ClientEffect) -> Void, clock: () -> Moment) -> Int32 {
        let noColor = getenv("NO_COLOR").map { String(cString: $0) } ?? ""
        model.adopt(Theme.suited(colors: terminal.colors, environment: ["NO_COLOR": noColor]))
        var now = clock()
        draw(&model, at: now)
        carryOut(model.start(at: now), perform)
        isDirty = true

        while true {
            now = clock()
            // First what empties the pipe: a signal that comes after it wakes the loop again.
            takeInputs(&model, at: now, perform, clock: clock)
            takeSignals(&model, at: now, perform)
            takeEdited(&model, at: now, perform)
            if let wake = model.nextWake, wake <= now.uptime { apply(.tick, to: &model, at: now, perform) }
            if let status { return status }
            drawIfDue(&model, at: now, perform)
            tidyIfDue(at: now)
            if !model.takesLetters { echo = nil }
            if wait(until: deadline(model), clock: clock) { readKeys(&model, perform, clock: clock) }
            flushEscape(&model, at: clock(), perform)
            if let status { return status }
            // What a key did is shown before what else there is is taken.
            if isAwaited { drawIfDue(&model, at: clock(), perform) }
        }
    }

    // MARK: Taking in

    private mutating func apply(_ input: Input, to model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void) {
        isDirty = true
        carryOut(model.update(input, at: now), perform)
    }

    private mutating func takeSignals(_ model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void) {
        if SignalFlags.takeEnded() { apply(.terminate, to: &model, at: now, perform) }
        if SignalFlags.takeStopped() { carryOut([.suspend], perform) }
        if SignalFlags.takeContinued(), editor == nil {
            terminal.resume()
            isDirty = true
            isAwaited = true
        }
        if SignalFlags.takeResized() {
            let size = terminal.size
            apply(.resize(width: size.width, height: size.height), to: &model, at: now, perform)
            isAwaited = true
        }
    }

    /// Looks after the editor: when it has ended, the terminal is taken back.
    private mutating func takeEdited(_ model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void) {
        if let result = editor?.poll() {
            editor = nil
            terminal.resume()
            edited = result
        }
        guard let result = edited else { return }
        edited = nil
        isAwaited = true
        apply(.edited(result), to: &model, at: now, perform)
    }

    /// The program ends although the editor is open.
    mutating func endEditor() {
        guard editor != nil else { return }
        editor?.end()
        editor = nil
        terminal.resume()
    }

    private mutating func takeInputs(
        _ model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void, clock: () -> Moment
    ) {
        // While a draw waits for its time, what comes waits with it: the loop wakes once for many.
        if backlog.isEmpty, !waitsToDraw || now.uptime >= pace.next(isAwaited: isAwaited) {
            backlog = mailbox.take()[...]
            if !backlog.isEmpty { newsSince = newsSince ?? now.uptime }
            taken += backlog.count
            if taken >= Self.flood { tidying = now.uptime + Self.quiet }
        }
        repeat {
            for input in backlog.prefix(Self.slice) { apply(Input(input), to: &model, at: now, perform) }
            backlog = backlog.dropFirst(Self.slice)
        } while !backlog.isEmpty && clock().uptime < now.uptime + Self.sliceTime
        if backlog.isEmpty { backlog = [] }
    }

    private mutating func tidyIfDue(at now: Moment) {
        guard let tidying, now.uptime >= tidying else { return }
        self.tidying = nil
        taken = 0
        Heap.giveBack()
    }

    private mutating func readKeys(_ model: inout Model, _ perform: (ClientEffect) -> Void, clock: () -> Moment) {
        // The descriptor is left blocking: the terminal is the same file for output, which must not be cut short. After poll(2) one
        // read does not block.
        let count = read(keyboard, &buffer, buffer.count)
        guard count > 0 else {
            if count < 0, errno == EINTR || errno == EAGAIN { return }
            keyboard = -1
            apply(.terminate, to: &model, at: clock(), perform)
            return
        }
        let bytes = buffer[..<count]
        if decoder.isAtRest, let letter = echo?.take(bytes) { terminal.echo(letter, bytes) } else { echo = nil }
        let now = clock()
        for key in decoder.feed(Array(bytes)) { apply(.key(key), to: &model, at: now, perform) }
        isAwaited = true
        escapeDeadline = decoder.isPending ? now.uptime + Self.escapeTime : nil
    }

    private mutating func flushEscape(_ model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void) {
        guard let deadline = escapeDeadline, now.uptime >= deadline else { return }
        escapeDeadline = nil
        for key in decoder.flush() { apply(.key(key), to: &model, at: now, perform) }
        isAwaited = true
    }

    // MARK: Giving out

    /// While an editor has the terminal there is nothing to draw on.
    private var waitsToDraw: Bool { isDirty && editor == nil }

    private mutating func drawIfDue(_ model: inout Model, at now: Moment, _ perform: (ClientEffect) -> Void) {
        guard waitsToDraw, now.uptime >= pace.next(isAwaited: isAwaited) else { return }
        draw(&model, at: now)
        // What is not on the screen yet has not been shown.
        if !isDirty { carryOut(model.acknowledge(at: now), perform) }
    }

    private mutating func draw(_ model: inout Model, at now: Moment) {
        let size = terminal.size
        // A letter does not wait for the drawing of what has come, which has a draw of its own in a moment.
        let isDraftFirst = isAwaited && newsSince.map { now.uptime < $0 + Self.patience } ?? false
        let frame = model.render(width: size.width, height: size.height, now: now, isDraftFirst: isDraftFirst)
        terminal.draw(frame)
        echo = model.echo(on: frame)
        isDirty = model.isPictureOutdated
        isAwaited = false
        pace.noteDraw(at: now.uptime, ofNews: newsSince != nil && !isDirty)
        if !isDirty { newsSince = backlog.isEmpty ? nil : now.uptime }
    }

    private mutating func carryOut(_ effects: [ClientEffect], _ perform: (ClientEffect) -> Void) {
        for effect in effects {
            switch effect {
            case .link, .peer, .sharing, .settings, .history, .list: perform(effect)
            // These would land in the middle of what the editor writes.
            case .report, .bell, .redraw, .mouse:
                if editor == nil { tellTerminal(effect) }
            case .quit(let code): status = status ?? code
            case .edit(let draft): edit(draft)
            case .suspend where editor != nil: JobControl.stop()
            case .suspend:
                terminal.suspend()
                JobControl.stop()
                terminal.resume()
                isDirty = true
            }
        }
    }

    private func tellTerminal(_ effect: ClientEffect) {
        switch effect {
        case .report(let report): terminal.send(report)
        case .bell: beep()
        case .redraw: terminal.invalidate()
        case .mouse(let isOn): terminal.reportMouse(isOn)
        default: break
        }
    }

    private mutating func edit(_ draft: String) {
        terminal.suspend()
        do throws(DraftEditor.Failure) {
            editor = try DraftEditor(draft)
        } catch {
            terminal.resume()
            edited = .failed(error.words)
        }
    }

    private func beep() {
        var bell: UInt8 = 7
        _ = write(STDOUT_FILENO, &bell, 1)
    }

    // MARK: Waiting

    /// When something is to be done whether or not anything comes; `nil` for never.
    private func deadline(_ model: Model) -> UInt64? {
        if !backlog.isEmpty { return 0 }
        var times: [UInt64] = []
        if edited != nil { return 0 }
        if waitsToDraw { times.append(pace.next(isAwaited: isAwaited)) }
        if let escapeDeadline { times.append(escapeDeadline) }
        if let tidying { times.append(tidying) }
        if let wake = model.nextWake { times.append(wake) }
        return times.min()
    }

    /// Waits; `true` when the keyboard has something. The mailbox wakes it only when what was taken from it has been drawn; a signal that
    /// comes before that ends the wait by itself, or waits for the draw.
    private mutating func wait(until deadline: UInt64?, clock: () -> Moment) -> Bool {
        var timeout: Int32 = -1
        if let deadline {
            let now = clock().uptime
            // Rounded up, so as not to come back a little early and wait again for nothing.
            timeout = deadline <= now ? 0 : Int32(clamping: (deadline - now + 999_999) / 1_000_000)
        }
        watched[0] = pollfd(fd: editor == nil ? keyboard : -1, events: Int16(POLLIN), revents: 0)
        watched[1] = pollfd(fd: waitsToDraw ? -1 : mailbox.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 2, timeout) > 0 else { return false }
        return keyboard >= 0 && editor == nil && watched[0].revents != 0
    }
}
