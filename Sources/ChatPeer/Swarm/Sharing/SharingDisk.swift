import ChatProtocol

/// Carries out what ``FileSharing`` wants done with this machine's files. Belongs to one thread.
///
/// What takes long, hashing a file that is offered or what a former run has left, goes piece by piece in ``step()``.
package final class SharingDisk {
    /// Registrations that wait.
    package static let mostRegistrations = 100
    /// Bytes between two reports of how far a registration is, unless a tenth of the file is more.
    private static let stride: UInt64 = 64 << 20

    private let store: ChunkStore
    private var registrations: [(path: String, ticket: UserTicket)] = []
    private var registration: Registration?
    private var reported: UInt64 = 0
    /// Downloads in which something may lie from a former run.
    private var checks: [FileContent] = []
    private var isCheckNext = false

    private let flush: (@escaping @Sendable () -> DiskReport) -> DiskReport?

    /// - Parameter flush: does what waits for the disk, here and now or on another thread; returns the report or passes it on later.
    package init(store: ChunkStore, flush: @escaping (@escaping @Sendable () -> DiskReport) -> DiskReport? = { $0() }) {
        self.store = store
        self.flush = flush
    }

    /// What is to be known before anything else.
    package func start() -> [DiskReport] {
        if let failure = store.folderFailure { return [.noFolder(failure)] }
        let interrupted = store.interrupted()
        return interrupted.isEmpty ? [] : [.interrupted(interrupted)]
    }

    package func close() { store.close() }

    package func perform(_ task: DiskTask) -> DiskReport? {
        switch task {
        case .write(let content, let piece, let leaf, let leaves):
            return attempt(content) { () throws(DiskFailure) in
                try store.write(leaves, from: leaf, inPiece: piece, of: content)
                return nil
            }
        case .read(let job):
            do throws(DiskFailure) {
                let (proof, leaves) = try store.read(job.place, of: job.content)
                return .read(job, BulkFrame.answer(job.number, leaves: leaves, proof: (proof.leaves, proof.uncles)))
            } catch {
                return .notRead(job, error)
            }
        case .complete(let content, let piece):
            return attempt(content) { () throws(DiskFailure) in
                try store.complete(piece, of: content)
                return .stored(content, piece: piece)
            }
        case .prepare(let description):
            let content = description.content
            return attempt(content) { () throws(DiskFailure) in
                try store.prepare(description)
                if !checks.contains(content) { checks.append(content) }
                return nil
            }
        case .flush(let content):
            return attempt(content) { () throws(DiskFailure) in
                let sync = try store.flushing(content)
                return flush { sync().map { .failed(content, $0) } ?? .flushed(content) }
            }
        case .settle(let content):
            return attempt(content) { () throws(DiskFailure) in .settled(content, path: try store.settle(content)) }
        case .look(let content):
            do throws(DiskFailure) {
                return try store.look(for: content) ? .here(content) : .notHere(content, nil)
            } catch {
                return .notHere(content, error)
            }
        case .discard(let content):
            checks.removeAll { $0 == content }
            store.discard(content)
            return nil
        case .release(let content):
            checks.removeAll { $0 == content }
            store.release(content)
            return nil
        case .register(let path, let ticket):
            guard registrations.count < Self.mostRegistrations else {
                return .notRegistered(ticket, path: path, .tooMany(Self.mostRegistrations))
            }
            registrations.append((path, ticket))
            return nil
        }
    }

    private func attempt(_ content: FileContent, _ body: () throws(DiskFailure) -> DiskReport?) -> DiskReport? {
        do throws(DiskFailure) { return try body() } catch { return .failed(content, error) }
    }

    // MARK: What takes long

    /// Whether ``step()`` has something to do.
    package var hasWork: Bool { !registrations.isEmpty || !checks.isEmpty }

    /// Hashes one piece.
    package func step() -> DiskReport? {
        // By turns, so that a large file that is offered does not hold up a download.
        isCheckNext.toggle()
        if let content = checks.first, isCheckNext || registrations.isEmpty { return check(content) }
        return registrations.isEmpty ? nil : register()
    }

    private func check(_ content: FileContent) -> DiskReport? {
        let report = attempt(content) { () throws(DiskFailure) in
            if try store.checkNext(content) { return nil }
            return .prepared(content, store.pieces(of: content) ?? PieceSet(capacity: content.pieceCount))
        }
        if report != nil { checks.removeFirst() }
        return report
    }

    private func register() -> DiskReport? {
        let (path, ticket) = registrations[0]
        do throws(DiskFailure) {
            var current: Registration
            if let registration { current = registration } else { current = try Registration(path: path) }
            // Taken out while it is changed, so that its buffer is not copied.
            registration = nil
            if let file = try current.step() {
                try store.register(file)
                endRegistration()
                return .registered(ticket, file.description)
            }
            let (done, size) = current.progress
            registration = current
            guard done >= reported + max(Self.stride, size / 10) else { return nil }
            reported = done
            return .registering(ticket, done: done, size: size)
        } catch {
            endRegistration()
            return .notRegistered(ticket, path: path, error)
        }
    }

    private func endRegistration() {
        registrations.removeFirst()
        registration = nil
        reported = 0
    }
}
