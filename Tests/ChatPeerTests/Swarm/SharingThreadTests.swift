import ChatProtocol
import Dispatch
import Foundation
import Testing

@testable import ChatPeer

/// The thread, with real clocks: everything is awaited, nothing timed.
@Suite struct SharingThreadTests {
    private let owner = name("owner")
    private let hans = name("hans")

    @Test(.timeLimit(.minutes(5))) func fileGoesFromThreadToThread() throws {
        let place = try Place()
        let file = try SampleFile(size: 20 << 20)
        let path = try place.file("sample.bin", file.bytes)
        let pair = SharingPair(owner, "\(place.path)/one", hans, "\(place.path)/two")
        pair.put(.register(path: path, UserTicket(number: 1)), to: owner)
        #expect(pair.wait(for: owner) { if case .registered = $0 { true } else { false } } != nil)
        pair.link()
        pair.put(.fetch(file.description.file, UserTicket(number: 2)), to: hans)
        let end = pair.wait(for: hans) { if case .finished = $0 { true } else { false } }
        #expect(end == .finished(1, file.description.file, path: "\(place.path)/two/sample.bin"))
        #expect(FileManager.default.contents(atPath: "\(place.path)/two/sample.bin").map { Array($0) } == file.bytes)
        pair.stop()
    }

    @Test func mailboxAsksToHoldBackByBytesAndTakesAll() {
        let mailbox = SharingMailbox()
        let leaf = SharingInput.frame(PeerLinkID(number: 1), .leaf(1, index: 0, [UInt8](repeating: 0, count: FileContent.leafSize)))
        var count = 0
        repeat { count += 1 } while mailbox.put(leaf)
        #expect((400...SharingMailbox.bound / FileContent.leafSize).contains(count))
        #expect(!mailbox.put(.tick))
        var batch: [SharingInput] = []
        #expect(mailbox.take(into: &batch, until: 0))
        #expect(batch.count == count + 1)
        #expect(!mailbox.take(into: &batch, until: 0))
        #expect(batch.isEmpty)
        #expect(mailbox.put(.tick))
    }
}

/// Two threads, and a link between them that delivers at once.
final class SharingPair: Sendable {
    private struct State {
        var threads: [UserName: SharingThread] = [:]
        var news: [UserName: [SharingNews]] = [:]
    }

    private let state = Locked(State())
    private let told = DispatchSemaphore(value: 0)
    private let names: [UserName]
    private let linkID = PeerLinkID(number: 1)

    init(_ one: UserName, _ oneFolder: String, _ two: UserName, _ twoFolder: String) {
        names = [one, two]
        for (user, folder, other) in [(one, oneFolder, two), (two, twoFolder, one)] {
            let ports = SharingThread.Ports(
                send: { [weak self] frames, _ in
                    for frame in frames { self?.put(.frame(PeerLinkID(number: 1), frame), to: other) }
                    return true
                },
                perform: { [weak self] output in self?.perform(output, of: user, to: other) }, onDrained: {})
            let thread = SharingThread(
                sharing: FileSharing(random: SystemRandomNumberGenerator()), folder: folder, ports: ports)
            state.withLock { $0.threads[user] = thread }
            // Without a server, whoever is linked is asked.
            thread.put(.online(as: user))
            thread.put(.offline)
        }
    }

    func put(_ input: SharingInput, to user: UserName) { state.withLock { $0.threads[user] }?.put(input) }

    func link() {
        put(.linkUp(linkID, names[1], pin(2), isInitiator: true), to: names[0])
        put(.linkUp(linkID, names[0], pin(1), isInitiator: false), to: names[1])
    }

    /// The first of a user's news that is like this.
    func wait(for user: UserName, _ isWanted: (SharingNews) -> Bool) -> SharingNews? {
        while true {
            if let news = state.withLock({ $0.news[user] ?? [] }).first(where: isWanted) { return news }
            if told.wait(timeout: .now() + 240) == .timedOut { return nil }
        }
    }

    func stop() {
        for name in names { state.withLock { $0.threads[name] }?.stop() }
    }

    private func perform(_ output: SharingOutput, of user: UserName, to other: UserName) {
        switch output {
        case .close: put(.linkDown(linkID, reason: "closed"), to: other)
        case .tell(let news):
            state.withLock { $0.news[user, default: []].append(news) }
            told.signal()
        default: break
        }
    }
}
