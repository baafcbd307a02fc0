package import ChatPeer

/// How the user wants the full screen, as read from the settings file or changed in the program.
package struct Settings: Equatable, Sendable {
    /// By which sequence a terminal is asked to notify the user.
    package enum Notifications: String, Sendable, CaseIterable { case off, osc9, osc777 }

    /// Whether addresses are links: where the terminal is known to understand them, always, never.
    package enum Links: String, Sendable, CaseIterable { case auto, on, off }

    package var theme = Theme.Choice.auto
    package var links = Links.auto
    /// Whether the mouse is this program's; otherwise the terminal selects with it.
    package var mouse = true
    /// Whether a message that nobody is looking at rings.
    package var bell = true
    package var notifications = Notifications.off
    /// Whose private sessions are accepted.
    package var privates = ConsentRule.everyone
    package var serve = ServeSetting.everyone
    /// `nil` for the usual folder.
    package var downloads: String?
    package var clock = ClockFormat.hours24
    /// Whether the bottom border shows the most useful keys.
    package var footer = true
    /// One column, and words in place of signs, for whoever has the screen read aloud.
    package var accessible = false
    /// Whether what is said is kept on this machine.
    package var history = true
    /// Whether what goes from client to client is kept too.
    package var historyPrivate = false
    /// Keys that do something else than usual; `nil` is for nothing.
    private(set) var bindings: [Key: UserAction?] = [:]

    package init() {}

    package mutating func apply(_ change: SettingChange) {
        switch change {
        case .binding(let key, let action): bindings[key] = .some(action)
        case .value(let key, let value):
            switch key {
            case .theme: theme = Theme.Choice(rawValue: value) ?? theme
            case .mouse: mouse = value == "on"
            case .bell: bell = value == "on"
            case .notifications: notifications = Notifications(rawValue: value) ?? notifications
            case .private: privates = ConsentRule(rawValue: value) ?? privates
            case .serve: serve = ServeSetting(rawValue: value) ?? serve
            case .downloads: downloads = value
            case .time: clock = ClockFormat(rawValue: value) ?? clock
            case .footer: footer = value == "on"
            case .accessible: accessible = value == "on"
            case .links: links = Links(rawValue: value) ?? links
            case .history: history = value == "on"
            case .historyPrivate: historyPrivate = value == "on"
            }
        }
    }

    /// A setting as the file writes it.
    package subscript(key: SettingKey) -> String {
        switch key {
        case .theme: theme.rawValue
        case .mouse: mouse ? "on" : "off"
        case .bell: bell ? "on" : "off"
        case .notifications: notifications.rawValue
        case .private: privates.rawValue
        case .serve: serve.rawValue
        case .downloads: downloads ?? "~/Downloads/banter"
        case .time: clock.rawValue
        case .footer: footer ? "on" : "off"
        case .accessible: accessible ? "on" : "off"
        case .links: links.rawValue
        case .history: history ? "on" : "off"
        case .historyPrivate: historyPrivate ? "on" : "off"
        }
    }
}

/// What can be set, by its name in the file.
package enum SettingKey: String, Sendable, CaseIterable {
    case theme, mouse, bell, notifications, `private`, serve, downloads, time, footer, accessible, links, history
    case historyPrivate = "history-private"

    /// What it may be; `nil` for any text.
    var values: [String]? {
        switch self {
        case .theme: Theme.Choice.allCases.map(\.rawValue)
        case .mouse, .bell, .footer, .accessible, .history, .historyPrivate: ["on", "off"]
        case .notifications: Settings.Notifications.allCases.map(\.rawValue)
        case .private: ConsentRule.allCases.map(\.rawValue)
        case .serve: ServeSetting.allCases.map(\.rawValue)
        case .downloads: nil
        case .links: Settings.Links.allCases.map(\.rawValue)
        case .time: ClockFormat.allCases.map(\.rawValue)
        }
    }

    /// Everything else follows at once.
    var holdsFromNextStart: Bool { self == .downloads }

    /// For the comment in the file and for the list of settings.
    var words: String {
        switch self {
        case .theme:
            "Colours for a dark or a light background (auto: as the terminal tells), strong contrasts, or none; of as many as it has (256 to 0)."
        case .mouse: "Whether the mouse clicks and scrolls here; off, the terminal selects with it."
        case .bell: "Whether messages that you are not looking at ring the bell."
        case .notifications: "Notifications while the terminal is not looked at, by the sequence that yours understands."
        case .private: "Whose private sessions are accepted."
        case .serve: "Who may fetch the files that you offer or have fetched."
        case .downloads: "The folder for downloads; a change holds from the next start on."
        case .time: "How times are written."
        case .footer: "Whether the bottom border shows the most useful keys."
        case .links: "Whether addresses of pages and people can be clicked; auto: where the terminal is known for it."
        case .accessible: "One column without frames, words in place of signs, the cursor on what is chosen: for screen readers."
        case .history: "Whether what is said is kept on this machine; /forget removes what is kept."
        case .historyPrivate: "Whether private sessions are kept on this machine, too."
        }
    }
}

/// How times are written in the panes.
package enum ClockFormat: String, Sendable, CaseIterable {
    case hours24 = "24h"
    case hours12 = "12h"
    case off

    /// In cells; 0 for none.
    var width: Int {
        switch self {
        case .hours24: 5
        case .hours12: 7
        case .off: 0
        }
    }

    func text(_ time: CivilTime) -> String {
        guard self == .hours12 else { return time.clock }
        let hour = time.hour % 12 == 0 ? 12 : time.hour % 12
        return (hour < 10 ? " " : "") + "\(hour)" + time.clock.dropFirst(2) + (time.hour < 12 ? "am" : "pm")
    }
}
