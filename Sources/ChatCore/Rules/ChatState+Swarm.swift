import ChatProtocol
import HashTreeCollections

extension ChatState {
    /// Carries out what a client asks of the index of files.
    ///
    /// Offers belong to a connection: when it ends, or the session goes on over another, they are gone, and the client registers
    /// its files again. So nobody is sent to an owner who is not there. What `name` finds is what `whoelse` would show it.
    mutating func answer(_ request: SwarmRequest, from session: Boxed<Session>) -> SwarmReply {
        let name = session.name
        let hidden = accounts[name]?.blockedBy ?? []
        func isVisible(_ owner: UserName) -> Bool { owner != name && !hidden.contains(owner) }
        switch request {
        case .register(let file, let pieces): return .register(session.canServe ? swarm.register(file, pieces, of: name) : .unsupported)
        case .have(let content, let pieces): return .have(swarm.have(content, pieces, of: name))
        case .withdraw(let content): return .withdraw(swarm.withdraw(content, of: name))
        case .searchfile(let file):
            let found = file.map { swarm.search($0, isVisible: isVisible) } ?? []
            return .searchfile(found.isEmpty ? .unknownFile : .success, found)
        case .searchchunk(let file, let pieces):
            guard let found = file.flatMap({ swarm.search($0, pieces: pieces, isVisible: isVisible) }) else {
                return .searchchunk(.unknownFile, [])
            }
            return .searchchunk(found.isEmpty ? .unknownChunk : .success, found)
        }
    }
}
