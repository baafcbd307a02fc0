package import ChatPeer

/// What goes into a ``Model``.
package enum Input: Equatable, Sendable {
    case key(Key)
    /// From the network's side: `linkOpened`, `linkClosed`, `received`, `malformed`.
    case link(SessionInput)
    /// From the links to other clients.
    case peer(PeerInput)
    /// From the files' side: `ask`, `introduce` and `tell`.
    case sharing(SharingOutput)
    /// Something of this machine failed, in words.
    case trouble(String)
    /// The text of the settings file.
    case settings(String)
    /// From the local history.
    case history(HistoryNews)
    /// What a folder holds of what was typed.
    case names(FolderNames)
    /// The editor is closed.
    case edited(EditedDraft)
    case resize(width: Int, height: Int)
    /// The time of ``Model/nextWake`` has come; early or late does no harm.
    case tick
    /// A signal asks the program to end.
    case terminate

    package init(_ input: ClientInput) {
        switch input {
        case .session(let input): self = .link(input)
        case .peer(let input): self = .peer(input)
        case .sharing(let output): self = .sharing(output)
        case .trouble(let words): self = .trouble(words)
        case .settings(let text): self = .settings(text)
        case .history(let news): self = .history(news)
        case .names(let names): self = .names(names)
        }
    }
}

/// What a ``Model`` wants done, in order.
package enum ClientEffect: Equatable, Sendable {
    /// `connect`, `trustAndConnect`, `disconnect` or `transmit`; news never.
    case link(SessionOutput)
    /// For the links to other clients, and for what is kept of people; `ask` and `tell` never.
    case peer(PeerOutput)
    /// For the files' side.
    case sharing(SharingInput)
    /// Restore the terminal and end with this status.
    case quit(status: Int32)
    case bell
    /// Stop as Ctrl-Z does, with the terminal restored meanwhile.
    case suspend
    /// Draw everything again, whatever the terminal shows.
    case redraw
    /// Have the mouse reported from now on, or leave it to the terminal.
    case mouse(Bool)
    /// Tell the terminal something beside what is drawn.
    case report(TerminalReport)
    case settings(SettingsDeed)
    /// For the local history.
    case history(HistoryDeed)
    /// Look up names in a folder; what is found is an ``Input/names(_:)``.
    case list(FolderQuery)
    /// Give the terminal to the user's editor with this draft; what comes of it is an ``Input/edited(_:)``.
    case edit(String)
}
