package import ChatPeer

/// What the network's side has for the user's side.
package enum ClientInput: Equatable, Sendable {
    /// From the link to the server: `linkOpened`, `linkClosed`, `received`.
    case session(SessionInput)
    /// From the links to other clients: `linkUp`, `linkFailed`, `wrongPin`, `linkDown`, `received`, `malformed`.
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
}
