import ChatProtocol
import Glibc

/// A file of the user's own that is offered to others. Kept open, so that it stays what was offered when its path leads elsewhere;
/// a change of size or of time ends the offer.
package final class RegisteredFile {
    package let path: String
    package let description: FileDescription
    private let file: OpenFile
    private let identity: OpenFile.Identity

    fileprivate init(path: String, description: FileDescription, file: OpenFile, identity: OpenFile.Identity) {
        self.path = path
        self.description = description
        self.file = file
        self.identity = identity
    }

    func close() { file.close() }

    /// Throws if its path leads to it no longer, or it has changed.
    func look() throws(DiskFailure) { try OpenFile.check(path, is: identity) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(DiskFailure) {
        guard try file.identity() == identity, try file.read(into: buffer, at: offset) != nil else { throw .changed(path) }
    }
}

/// Makes a ``RegisteredFile``, a piece at a time: a large file takes seconds, in which other things go on.
package struct Registration {
    private let path: String
    private let name: SafeName
    private let file: OpenFile
    private let identity: OpenFile.Identity
    private var builder: DescriptionBuilder
    private var buffer: [UInt8]

    /// Refuses symbolic links, folders, devices, files that cannot be read, and names that others would refuse.
    package init(path: String) throws(DiskFailure) {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        guard let name = SafeName(composing: last) else { throw .badName(SafeName.fault(in: SafeName.composed(last)) ?? .empty) }
        file = try OpenFile.open(path, flags: O_RDONLY)
        let mode = try file.status().st_mode & S_IFMT
        guard mode == S_IFREG else { throw mode == S_IFDIR ? .isFolder(path) : .notAFile(path) }
        identity = try file.identity()
        guard let builder = DescriptionBuilder(size: identity.size) else { throw .tooLarge(path) }
        self.path = path
        self.name = name
        self.builder = builder
        buffer = Array(repeating: 0, count: builder.wanted)
    }

    /// Bytes hashed, and of how many.
    package var progress: (done: UInt64, size: UInt64) { (builder.progress, builder.size) }

    /// Hashes one more piece; returns the file when that was the last.
    package mutating func step() throws(DiskFailure) -> RegisteredFile? {
        let wanted = builder.wanted
        if wanted > 0 {
            let offset = builder.progress
            let file = file
            let builder = builder
            let result = buffer.withUnsafeMutableBytes { buffer in
                Result { () throws(DiskFailure) -> DescriptionBuilder? in
                    let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
                    guard try file.read(into: piece, at: offset) != nil else { return nil }
                    var builder = builder
                    builder.append(piece: UnsafeRawBufferPointer(piece))
                    return builder
                }
            }
            guard let next = try result.get() else { throw .changed(path) }
            self.builder = next
            guard next.wanted == 0 else { return nil }
        }
        guard try file.identity() == identity else { throw .changed(path) }
        return RegisteredFile(path: path, description: builder.finished(name: name), file: file, identity: identity)
    }
}
