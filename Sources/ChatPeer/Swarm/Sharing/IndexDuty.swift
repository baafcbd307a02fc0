import ChatProtocol

/// What the server's index has still to be told: files to register, and the pieces that came since.
struct IndexDuty: Sendable {
    /// Registrations on their way: the server need not hear of a hundred files at once.
    private static let mostUnderWay = 8
    private static let pause = Moment.second
    private static let retry = 10 * Moment.second
    /// Failures in a row after which nothing is tried before the next login.
    private static let mostFailures = 5

    private var unregistered: [FileContent] = []
    private var underWay: Set<FileContent> = []
    /// What the index does not take: nothing more is said of it before the next login.
    private var refused: Set<FileContent> = []
    private var news: [FileContent: [Int]] = [:]
    private var nextNews: UInt64 = 0
    private var retryAt: UInt64 = 0
    private var failures = 0

    /// Everything is to be told anew.
    mutating func restart(_ contents: [FileContent]) {
        self = IndexDuty()
        unregistered = contents
    }

    mutating func offered(_ content: FileContent) {
        if !unregistered.contains(content) { unregistered.append(content) }
    }

    mutating func gained(_ piece: Int, of content: FileContent) {
        // What is not registered yet is told whole.
        if !unregistered.contains(content), !refused.contains(content) { news[content, default: []].append(piece) }
    }

    mutating func withdrew(_ content: FileContent) {
        unregistered.removeAll { $0 == content }
        refused.remove(content)
        news[content] = nil
    }

    /// A registration, or news, was answered; `false`: not as it should have been, and it is tried again.
    mutating func answered(_ content: FileContent, _ isDone: Bool, isRefused: Bool = false, at now: UInt64) {
        underWay.remove(content)
        if isRefused {
            refused.insert(content)
            news[content] = nil
        }
        failures = isDone ? 0 : failures + 1
        guard !isDone else { return }
        retryAt = now + Self.retry
        if failures < Self.mostFailures { offered(content) }
    }

    /// The next file to register.
    mutating func next(at now: UInt64) -> FileContent? {
        guard underWay.count < Self.mostUnderWay, now >= retryAt, !unregistered.isEmpty else { return nil }
        let content = unregistered.removeFirst()
        underWay.insert(content)
        news[content] = nil
        return content
    }

    /// The pieces that came, once in a while.
    mutating func takeNews(at now: UInt64) -> [(FileContent, [Int])] {
        guard now >= nextNews, !news.isEmpty else { return [] }
        defer { news = [:] }
        nextNews = now + Self.pause
        return news.sorted { $0.key.root.description < $1.key.root.description }.flatMap { content, pieces in
            stride(from: 0, to: pieces.count, by: SwarmRequest.mostNews).map {
                (content, Array(pieces[$0..<min($0 + SwarmRequest.mostNews, pieces.count)]))
            }
        }
    }

    var nextWake: UInt64? {
        let news = news.isEmpty ? nil : nextNews
        let files = unregistered.isEmpty || underWay.count >= Self.mostUnderWay ? nil : retryAt
        return [news, files].compactMap(\.self).min()
    }
}
