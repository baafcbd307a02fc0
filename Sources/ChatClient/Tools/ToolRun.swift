package import ChatProtocol

/// A tool from login to exit status, as a value.
package struct ToolRun: Sendable {
    package enum Input: Equatable, Sendable {
        case news(SessionNews)
        /// A line of standard input. Comes only while ``ToolRun/wantsLine``.
        case line(String)
        /// Comes only while ``ToolRun/wantsLine``, after all lines.
        case endOfInput
        /// A signal came, or nobody reads the output any more.
        case leave
        case tick
    }

    package struct Settings: Sendable {
        package var name: UserName
        package var password: String
        /// As people write it.
        package var server: String
        /// What the user would run to accept the server's certificate, up to its fingerprint.
        package var trustCommand: String
        /// How long an answer is awaited, in nanoseconds; `nil` for ever.
        package var patience: UInt64?

        package init(name: UserName, password: String, server: String, trustCommand: String, patience: UInt64?) {
            self.name = name
            self.password = password
            self.server = server
            self.trustCommand = trustCommand
            self.patience = patience
        }
    }

    private let settings: Settings
    private var tool: any Tool
    private var hasBeenOnline = false
    private var isLost = false
    /// Logging out, to end with this.
    private var leaving: ToolExit?
    private var isOver = false
    private var outputs: [ToolOutput] = []
    /// Since when an answer is awaited without progress, as uptime; and the progress then.
    private var waitingSince: UInt64?
    private var lastProgress = 0

    package init(_ settings: Settings, tool: any Tool) {
        self.settings = settings
        self.tool = tool
    }

    /// What to do before any input.
    package mutating func start(at now: Moment) -> [ToolOutput] {
        collect(at: now) { run in
            run.outputs.append(.session(.login(name: run.settings.name, password: run.settings.password)))
            run.apply(run.tool.start())
        }
    }

    package mutating func handle(_ input: Input, at now: Moment) -> [ToolOutput] {
        guard !isOver else { return [] }
        return collect(at: now) { run in
            switch input {
            case .news(.phase(let phase)): run.entered(phase, at: now)
            case .news(.complaint(let reason)), .news(.nonsense(let reason)): run.notice(ToolTexts.refused(reason))
            case .news(let news): if run.leaving == nil { run.apply(run.tool.learned(news, at: now)) }
            case .line(let line): if run.leaving == nil { run.apply(run.tool.took(line)) }
            case .endOfInput: if run.leaving == nil { run.apply(run.tool.inputEnded()) }
            case .leave: run.leave()
            case .tick: if let wake = run.nextWake, wake <= now.uptime { run.giveUp() }
            }
        }
    }

    package var wantsLine: Bool { leaving == nil && !isOver && tool.wantsLine }

    /// When a ``Input/tick`` is wanted, as uptime.
    package var nextWake: UInt64? {
        guard !isOver, leaving == nil, let patience = settings.patience else { return nil }
        return waitingSince?.later(by: patience)
    }

    // MARK: The course of things

    private mutating func entered(_ phase: SessionPhase, at now: Moment) {
        switch phase {
        case .idle, .connecting, .loggingIn: break
        case .online(let online):
            if !hasBeenOnline, case .tlsPinned(let fingerprint, isFirst: true) = online.security {
                notice(ToolTexts.firstVisit(fingerprint))
            }
            hasBeenOnline = true
            isLost = false
            apply(tool.began(online, at: now))
        case .waiting(_, let reason):
            guard !isLost else { return }
            isLost = true
            apply(tool.lost(reason, at: now))
        case .confirming(let fingerprint):
            notice(ToolTexts.unknownServer(settings.server, fingerprint, settings.trustCommand))
            exit(.unreachable)
        case .ended(let end): ended(end, at: now)
        }
    }

    private mutating func ended(_ end: SessionEnd, at now: Moment) {
        switch end {
        case .loggedOut: exit(leaving ?? .done)
        case .inactivity: dismissed(ToolTexts.inactivity, at: now)
        case .replaced: dismissed(ToolTexts.replaced, at: now)
        case .removed: dismissed(ToolTexts.removed, at: now)
        case .refused(let status):
            notice(ToolTexts.loginRefused(status, settings.name))
            exit(.loginRefused)
        case .unreachable(let reason):
            notice(ToolTexts.unreachable(settings.server, reason))
            exit(.unreachable)
        case .changedServer(let known, let presented, let remedy):
            notice(ToolTexts.changedServer(settings.server, known: known, presented: presented, remedy: remedy))
            exit(.unreachable)
        }
    }

    private mutating func dismissed(_ words: String, at now: Moment) {
        // Whoever has what it came for does not mind how the session ended.
        if let leaving { return exit(leaving) }
        apply(tool.dismissed(words, at: now))
        notice(words)
        exit(.dismissed)
    }

    private mutating func leave() {
        guard leaving == nil else { return }
        if tool.isWaiting { notice(ToolTexts.interrupted) }
        leaving = .done
        outputs.append(.session(.logout))
    }

    private mutating func giveUp() {
        notice(hasBeenOnline ? ToolTexts.timedOut : ToolTexts.noLogin)
        exit(.timedOut)
    }

    private mutating func apply(_ results: [ToolOutput]) {
        for result in results {
            guard case .finish(let status) = result else {
                outputs.append(result)
                continue
            }
            guard leaving == nil else { continue }
            leaving = status
            outputs.append(.session(.logout))
        }
    }

    private mutating func notice(_ words: String) { outputs.append(.notice(words)) }

    private mutating func exit(_ status: ToolExit) {
        isOver = true
        outputs.append(.exit(status))
    }

    private mutating func collect(at now: Moment, _ body: (inout ToolRun) -> Void) -> [ToolOutput] {
        body(&self)
        let isWaiting = !hasBeenOnline || tool.isWaiting
        if !isWaiting {
            waitingSince = nil
        } else if waitingSince == nil || tool.progress != lastProgress {
            waitingSince = now.uptime
        }
        lastProgress = tool.progress
        defer { outputs = [] }
        return outputs
    }
}
