package import ChatProtocol

/// Everything that this client can read for others or write for itself, and nothing else on its disk: the files that were registered, and
/// the downloads, finished or not.
///
/// Belongs to one thread: its calls wait for the disk. A single call touches at most one piece, but for ``settle(_:)``, which waits until
/// a file is on the disk.
package final class ChunkStore {
    /// Files offered, and downloads, each.
    package static let most = 100

    private enum Holder {
        case registered(RegisteredFile)
        case download(PartialFile)
    }

    private let folder: Result<DownloadFolder, DiskFailure>
    private var holders: [FileContent: Holder] = [:]
    private var cache = LeafCache()
    /// Room for a piece that is hashed, kept: new memory for each would be faulted in page by page.
    private var room: [UInt8] = []

    package init(folder: DownloadFolder) { self.folder = .success(folder) }

    /// A folder that cannot be used is no reason not to offer files; there are no downloads then.
    package init(folder path: String) { folder = Result { () throws(DiskFailure) in try DownloadFolder(path) } }

    /// Why there can be no downloads.
    package var folderFailure: DiskFailure? {
        if case .failure(let failure) = folder { failure } else { nil }
    }

    package func close() {
        for content in holders.keys { release(content) }
        try? folder.get().close()
    }

    // MARK: What is offered

    /// Offers a file; one that is there already stays as it is, but for an unfinished download, whose place it takes.
    package func register(_ file: RegisteredFile) throws(DiskFailure) {
        let content = file.description.content
        if case .registered? = holders[content] { release(content) }
        if case .download(let download)? = holders[content] {
            if download.isSettled { return }
            download.discard()
        } else {
            try checkRoom { if case .registered = $0 { true } else { false } }
        }
        cache.forget(content.root)
        holders[content] = .registered(file)
    }

    /// Offers it no longer. A download that is on its way is kept on the disk.
    package func release(_ content: FileContent) {
        switch holders.removeValue(forKey: content) {
        case .registered(let file): file.close()
        case .download(let download): download.close()
        case nil: return
        }
        cache.forget(content.root)
    }

    /// Everything that can be served, and how much of it.
    package var offers: [(file: SharedFile, pieces: PieceSet)] {
        holders.values.map {
            switch $0 {
            case .registered(let file): (file.description.file, PieceSet(all: file.description.content.pieceCount))
            case .download(let download): (download.description.file, download.pieces)
            }
        }
    }

    package func pieces(of content: FileContent) -> PieceSet? {
        switch holders[content] {
        case .registered: PieceSet(all: content.pieceCount)
        case .download(let download): download.pieces
        case nil: nil
        }
    }

    package func description(of content: FileContent) -> FileDescription? {
        switch holders[content] {
        case .registered(let file): file.description
        case .download(let download): download.description
        case nil: nil
        }
    }

    // MARK: Serving

    /// The proof of a block, and its leaves. What was changed behind our back is not served: the offer ends with ``DiskFailure/changed``.
    package func read(_ place: BlockPlace, of content: FileContent) throws(DiskFailure) -> (proof: BlockProof, leaves: [[UInt8]]) {
        guard let holder = holders[content], let description = description(of: content), !content.leaves(of: place).isEmpty,
            pieces(of: content)?.contains(place.piece) == true
        else { throw .notOffered }
        let leaves = try leafHashes(ofPiece: place.piece, description, holder)
        let range = content.leaves(of: place)
        let proof = BlockProof(of: place, in: content, pieceLeaves: leaves)
        var data: [[UInt8]] = []
        data.reserveCapacity(range.count)
        for leaf in range {
            let length = content.length(ofLeaf: leaf, inPiece: place.piece)
            var result = Result<Void, DiskFailure>.success(())
            let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                let buffer = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<length]))
                result = Result { () throws(DiskFailure) in
                    try read(into: buffer, at: content.offset(ofLeaf: leaf, inPiece: place.piece), holder)
                }
                if case .success = result { count = length }
            }
            try result.get()
            data.append(bytes)
        }
        return (proof, data)
    }

    private func leafHashes(ofPiece piece: Int, _ description: FileDescription, _ holder: Holder) throws(DiskFailure) -> [Hash256] {
        let content = description.content
        if let known = cache[content.root, piece] { return known }
        let length = content.length(ofPiece: piece)
        if room.count < length { room = [UInt8](repeating: 0, count: length) }
        let result = room.withUnsafeMutableBytes { room in
            Result { () throws(DiskFailure) -> [Hash256] in
                let buffer = UnsafeMutableRawBufferPointer(rebasing: room[..<length])
                try read(into: buffer, at: content.offset(ofLeaf: 0, inPiece: piece), holder)
                return DescriptionBuilder.leaves(of: UnsafeRawBufferPointer(buffer))
            }
        }
        let leaves = try result.get()
        guard MerkleTree.root(of: leaves, slots: content.leafSlots) == description.layer[piece] else {
            throw .changed(description.file.name.text)
        }
        cache[content.root, piece] = leaves
        return leaves
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64, _ holder: Holder) throws(DiskFailure) {
        switch holder {
        case .registered(let file): try file.read(into: buffer, at: offset)
        case .download(let download): try download.read(into: buffer, at: offset)
        }
    }

    // MARK: Fetching

    /// Descriptions of downloads that a former run left unfinished.
    package func interrupted() -> [FileDescription] {
        guard let folder = try? folder.get() else { return [] }
        return folder.partialNames(most: 4 * Self.most).filter { $0.hasSuffix(".state") }.compactMap { name in
            guard let state = PartialFile.load(name, in: folder), PartialFile.names(state.description.content.root).state == name else {
                return nil
            }
            return state.description
        }
    }

    /// Makes ready to fetch a file: space is checked and taken. What a former run left is there after ``checkNext(_:)`` has looked at it.
    package func prepare(_ description: FileDescription) throws(DiskFailure) {
        guard holders[description.content] == nil else { return }
        try checkRoom { if case .download = $0 { true } else { false } }
        holders[description.content] = .download(try PartialFile(description, in: folder.get()))
    }

    /// Hashes one piece of what a former run left; returns whether there are more.
    package func checkNext(_ content: FileContent) throws(DiskFailure) -> Bool {
        guard case .download(let download) = holders[content] else { return false }
        return try download.checkNext()
    }

    /// Writes leaves of a piece that follow each other, from `leaf` on.
    package func write(_ leaves: [[UInt8]], from leaf: Int, inPiece piece: Int, of content: FileContent) throws(DiskFailure) {
        guard case .download(let download) = holders[content] else { throw .notOffered }
        try download.write(leaves, piece: piece, from: leaf)
    }

    /// The piece is there whole, checked leaf by leaf: it may be served from now on.
    package func complete(_ piece: Int, of content: FileContent) throws(DiskFailure) {
        guard case .download(let download) = holders[content] else { throw .notOffered }
        try download.complete(piece)
    }

    /// What waits until everything written is on the disk, for another thread if need be; to be called once. ``settle(_:)`` has less to
    /// wait for after it.
    package func flushing(_ content: FileContent) throws(DiskFailure) -> @Sendable () -> DiskFailure? {
        guard case .download(let download) = holders[content] else { throw .notOffered }
        return try download.flushing()
    }

    /// Puts a whole download under its name, never in place of another file, and on the disk for good.
    ///
    /// - Returns: its path.
    package func settle(_ content: FileContent) throws(DiskFailure) -> String {
        guard case .download(let download) = holders[content] else { throw .notOffered }
        return "\(try folder.get().path)/\(try download.settle())"
    }

    /// Whether the user still has a whole file of this content where it was; throws why not, if it is gone or was changed.
    package func look(for content: FileContent) throws(DiskFailure) -> Bool {
        switch holders[content] {
        case .registered(let file):
            try file.look()
            return true
        case .download(let download): return try download.look()
        case nil: return false
        }
    }

    /// Gives a download up: what was fetched is removed.
    package func discard(_ content: FileContent) {
        guard case .download(let download) = holders[content], !download.isSettled else { return }
        download.discard()
        release(content)
    }

    private func checkRoom(_ isSame: (Holder) -> Bool) throws(DiskFailure) {
        guard holders.values.count(where: isSame) < Self.most else { throw .tooMany(Self.most) }
    }
}
