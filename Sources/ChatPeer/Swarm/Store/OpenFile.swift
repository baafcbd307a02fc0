import Glibc

/// A file or folder that is open. Closed with ``close()``, or at the latest when nobody holds it any more.
package final class OpenFile {
    private(set) var descriptor: Int32

    /// What tells whether a file is still what it was.
    package struct Identity: Equatable, Sendable {
        let device: UInt64
        let inode: UInt64
        let size: UInt64
        let seconds: Int
        let nanoseconds: Int
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    /// Opens `name` in `folder`, or by its path when there is no folder. A symbolic link is never followed at the last step, and a pipe
    /// never waited for.
    static func open(
        _ name: String, in folder: OpenFile? = nil, flags: Int32, mode: mode_t = 0o600
    ) throws(DiskFailure) -> OpenFile {
        guard !name.utf8.contains(0) else { throw .noSuchFile(name) }
        let all = flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let descriptor = retrying { openat(folder?.descriptor ?? AT_FDCWD, name, all, mode) }
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw flags & O_DIRECTORY == 0 ? .noSuchFile(name) : .system("open the folder \(name)", errno)
            case ELOOP: throw .isLink(name)
            case EISDIR: throw .isFolder(name)
            case let error: throw .system("open \(name)", error)
            }
        }
        return OpenFile(descriptor: descriptor)
    }

    /// Opens the folder that the user chose; that path alone may lead through symbolic links.
    static func chosenFolder(_ path: String) throws(DiskFailure) -> OpenFile {
        let descriptor = retrying { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw .system("open the folder \(path)", errno) }
        return OpenFile(descriptor: descriptor)
    }

    func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    func status() throws(DiskFailure) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("look at a file", errno) }
        return status
    }

    func identity() throws(DiskFailure) -> Identity {
        let status = try status()
        return Identity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: UInt64(max(0, status.st_size)),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// Whether a path still leads to the file of this identity, unchanged.
    static func check(_ name: String, in folder: OpenFile? = nil, is identity: Identity) throws(DiskFailure) {
        let file = try open(name, in: folder, flags: O_RDONLY)
        defer { file.close() }
        guard try file.identity() == identity else { throw .changed(name) }
    }

    /// Reads exactly as many bytes as `buffer` has; a file that ends earlier is `nil`.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(DiskFailure) -> Void? {
        var done = 0
        while done < buffer.count {
            let count = Self.retrying {
                pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset) + done)
            }
            if count < 0 { throw .system("read", errno) }
            if count == 0 { return nil }
            done += count
        }
        return ()
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(DiskFailure) {
        var done = 0
        while done < bytes.count {
            let count = Self.retrying {
                pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + done)
            }
            if count <= 0 { throw .system("write", count < 0 ? errno : EIO) }
            done += count
        }
    }

    func write(_ bytes: [UInt8], at offset: UInt64) throws(DiskFailure) {
        // A closure would lose the type of what it throws.
        let result = bytes.withUnsafeBytes { buffer in Result { () throws(DiskFailure) in try write(buffer, at: offset) } }
        try result.get()
    }

    /// Writes several arrays one after the other, in one call where the system takes them at once.
    func write(_ arrays: [[UInt8]], at offset: UInt64) throws(DiskFailure) {
        let size = arrays.reduce(0) { $0 + $1.count }
        var vectors: [iovec] = []
        vectors.reserveCapacity(arrays.count)
        let count = Self.withVectors(arrays[...], &vectors) { vectors in
            Self.retrying { pwritev(descriptor, vectors, Int32(vectors.count), off_t(offset)) }
        }
        guard count != size else { return }
        if count < 0, errno != EINVAL { throw .system("write", errno) }
        // It took less, or not so many: one by one. What was written is written again.
        var place = offset
        for array in arrays {
            try write(array, at: place)
            place += UInt64(array.count)
        }
    }

    private static func withVectors<Result>(
        _ arrays: ArraySlice<[UInt8]>, _ vectors: inout [iovec], _ body: ([iovec]) -> Result
    ) -> Result {
        guard let first = arrays.first else { return body(vectors) }
        return first.withUnsafeBytes { bytes in
            vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
            return withVectors(arrays.dropFirst(), &vectors, body)
        }
    }

    /// Everything written is on the disk when this returns.
    func sync() throws(DiskFailure) {
        guard Self.retrying({ fsync(descriptor) }) == 0 else { throw .system("write to the disk", errno) }
    }

    /// ``sync()`` for another thread; to be called once. The file may be closed meanwhile.
    func syncing() throws(DiskFailure) -> @Sendable () -> DiskFailure? {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .system("write to the disk", errno) }
        return {
            let file = OpenFile(descriptor: copy)
            defer { file.close() }
            do throws(DiskFailure) { try file.sync() } catch { return error }
            return nil
        }
    }

    /// Takes the space for `size` bytes from the start of the file.
    func allocate(_ size: UInt64) throws(DiskFailure) {
        guard size > 0 else { return }
        var error: Int32
        repeat { error = posix_fallocate(descriptor, 0, off_t(size)) } while error == EINTR
        guard error == 0 else { throw .system("take the space", error) }
    }

    /// Holds the file against other programs that ask in the same way.
    func lock() throws(DiskFailure) {
        guard Self.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
            throw errno == EWOULDBLOCK ? .busy : .system("lock", errno)
        }
    }

    private static func retrying<Number: FixedWidthInteger>(_ call: () -> Number) -> Number {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
