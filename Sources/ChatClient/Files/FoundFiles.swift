import ChatPeer

/// Files that there was news of, as they can be asked for: the last ones, of very many.
struct FoundFiles: Equatable, Sendable {
    static let bound = 200

    private(set) var designations: [FileDesignation] = []

    /// As Tab completes them, all or those that need no root to be told from others.
    func names(withRoots: Bool = true) -> [String] { designations.filter { withRoots || $0.prefix == nil }.map(\.description) }

    mutating func remove(_ file: FileDesignation) { designations.removeAll { $0 == file } }

    mutating func add(_ found: [FileDesignation]) {
        for file in found where !designations.contains(file) { designations.append(file) }
        designations.removeFirst(max(0, designations.count - Self.bound))
    }
}
