import ChatProtocol
import Glibc

/// A download on its way: `ROOT.part` with the data, `ROOT.state` with what is known of it.
final class PartialFile {
    private(set) var state: PartialState
    /// Pieces that are there and have been checked since the file was opened.
    private(set) var pieces: PieceSet
    private let folder: DownloadFolder
    private let data: OpenFile
    private let record: OpenFile
    /// Pieces that a former run claims, not looked at yet; the last first.
    private var unchecked: [Int]
    /// The name that it got in the folder, and what it was then.
    private var settled: (name: String, identity: OpenFile.Identity)?
    var isSettled: Bool { settled != nil }

    var description: FileDescription { state.description }
    var content: FileContent { state.description.content }
    private var partName: String { Self.names(content.root).part }

    static func names(_ root: Hash256) -> (part: String, state: String) { ("\(root).part", "\(root).state") }

    /// Takes a download up where it was left, or begins it; the space for all of it is taken at once.
    init(_ description: FileDescription, in folder: DownloadFolder) throws(DiskFailure) {
        let names = Self.names(description.content.root)
        let size = description.content.size
        data = try Self.openData(names.part, in: folder)
        let status = try data.status()
        let isWhole = UInt64(max(0, status.st_size)) == size
        try folder.checkSpace(for: size, taken: UInt64(max(0, status.st_blocks)) * 512)
        if isWhole, let known = Self.load(names.state, in: folder), known.description.content == description.content {
            state = known
            // The name that is asked for now counts.
            state.description = description
        } else {
            state = PartialState(description: description)
        }
        guard ftruncate(data.descriptor, off_t(size)) == 0 else { throw .system("take the space", errno) }
        try data.allocate(size)
        // Written whole under another name first: a state is never half a state.
        let fresh = "\(names.state).new"
        folder.remove(partial: fresh)
        record = try OpenFile.open(fresh, in: folder.partial, flags: O_RDWR | O_CREAT | O_EXCL)
        try record.write(state.encoded(), at: 0)
        try record.sync()
        guard renameat(folder.partial.descriptor, fresh, folder.partial.descriptor, names.state) == 0 else {
            throw .system("keep the state of a download", errno)
        }
        self.folder = folder
        pieces = PieceSet(capacity: description.content.pieceCount)
        unchecked = state.claimed.reversed()
    }

    /// The data, held against other programs, and surely the file that has that name and no other.
    private static func openData(_ name: String, in folder: DownloadFolder) throws(DiskFailure) -> OpenFile {
        for _ in 0..<3 {
            let file = try OpenFile.open(name, in: folder.partial, flags: O_RDWR | O_CREAT)
            guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .notAFile(name) }
            try file.lock()
            var named = stat()
            let opened = try file.status()
            guard fstatat(folder.partial.descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0, named.st_ino == opened.st_ino else {
                // Somebody else finished it, or gave it up, before the lock was ours.
                continue
            }
            if opened.st_nlink == 1 { return file }
            // A run ended between giving the file its own name and taking this one away: what has two names is finished.
            folder.remove(partial: name)
        }
        throw .busy
    }

    /// The state in a file, if it is one.
    static func load(_ name: String, in folder: DownloadFolder) -> PartialState? {
        guard let file = try? OpenFile.open(name, in: folder.partial, flags: O_RDONLY), let status = try? file.status(),
            status.st_mode & S_IFMT == S_IFREG, (1...PartialState.most).contains(status.st_size)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: status.st_size)
        let result = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(DiskFailure) -> Void? in try file.read(into: buffer, at: 0) }
        }
        guard case .success(.some) = result else { return nil }
        return PartialState(bytes)
    }

    func close() {
        data.close()
        record.close()
    }

    /// Hashes one of the pieces that a former run claims; returns whether there are more.
    func checkNext() throws(DiskFailure) -> Bool {
        guard let piece = unchecked.popLast() else { return false }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: content.length(ofPiece: piece), alignment: 16)
        defer { buffer.deallocate() }
        let isThere = try data.read(into: buffer, at: content.offset(ofLeaf: 0, inPiece: piece)) != nil
        let leaves = DescriptionBuilder.leaves(of: UnsafeRawBufferPointer(buffer))
        if isThere, MerkleTree.root(of: leaves, slots: content.leafSlots) == description.layer[piece] {
            pieces.insert(piece)
        } else {
            state.claimed.remove(piece)
            try keepMap(around: piece)
        }
        return !unchecked.isEmpty
    }

    func write(_ leaves: [[UInt8]], piece: Int, from leaf: Int) throws(DiskFailure) {
        guard !isSettled, leaf >= 0, !pieces.contains(piece), !leaves.isEmpty else { throw .outOfPlace }
        for (index, bytes) in leaves.enumerated() {
            guard !bytes.isEmpty, bytes.count == content.length(ofLeaf: leaf + index, inPiece: piece) else { throw .outOfPlace }
        }
        try data.write(leaves, at: content.offset(ofLeaf: leaf, inPiece: piece))
    }

    /// All leaves of the piece were checked and written.
    func complete(_ piece: Int) throws(DiskFailure) {
        guard !isSettled, piece >= 0, piece < content.pieceCount else { throw .outOfPlace }
        pieces.insert(piece)
        state.claimed.insert(piece)
        try keepMap(around: piece)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(DiskFailure) {
        guard try data.read(into: buffer, at: offset) != nil else { throw .changed(description.file.name.text) }
    }

    func flushing() throws(DiskFailure) -> @Sendable () -> DiskFailure? { try data.syncing() }

    /// Puts the whole file under its own name, on the disk for good. It can still be read.
    ///
    /// - Returns: the name that it got in the folder.
    func settle() throws(DiskFailure) -> String {
        guard pieces.isFull, !isSettled else { throw .outOfPlace }
        try data.sync()
        let name = try folder.settle(partial: partName, as: description.file.name)
        settled = (name, try data.identity())
        folder.remove(partial: Self.names(content.root).state)
        return name
    }

    /// Returns whether it has its name; throws if that leads to it no longer, or it has changed.
    func look() throws(DiskFailure) -> Bool {
        guard let (name, identity) = settled else { return false }
        try OpenFile.check(name, in: folder.folder, is: identity)
        return true
    }

    func discard() {
        guard !isSettled else { return }
        let names = Self.names(content.root)
        folder.remove(partial: names.state)
        folder.remove(partial: names.part)
        close()
    }

    private func keepMap(around piece: Int) throws(DiskFailure) {
        let byte = piece / 8
        var value: UInt8 = 0
        for bit in 0..<8 where state.claimed.contains(byte * 8 + bit) { value |= 0x80 >> UInt8(bit) }
        try record.write([value], at: UInt64(state.mapOffset + byte))
    }
}
