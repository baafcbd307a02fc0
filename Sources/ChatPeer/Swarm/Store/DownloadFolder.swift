import ChatProtocol
import Glibc

/// The one folder where downloads land. Unfinished ones are in `.partial` within, under names that no download can have.
///
/// Everything is reached from the folder itself, which is opened once: renaming it, or a link put in its place, leads nowhere else.
package final class DownloadFolder {
    package let path: String
    let folder: OpenFile
    let partial: OpenFile

    /// Space that stays free whatever is fetched, in bytes.
    private static let reserve: UInt64 = 16 << 20

    /// Makes the folder, and those above it, if they are not there.
    package init(_ path: String) throws(DiskFailure) {
        self.path = path
        Self.make(path)
        folder = try OpenFile.chosenFolder(path)
        if mkdirat(folder.descriptor, ".partial", 0o700) != 0, errno != EEXIST { throw .system("make \(path)/.partial", errno) }
        partial = try OpenFile.open(".partial", in: folder, flags: O_RDONLY | O_DIRECTORY)
        guard try partial.status().st_uid == geteuid() else { throw .system("use \(path)/.partial", EPERM) }
    }

    func close() {
        partial.close()
        folder.close()
    }

    /// - Parameter taken: bytes that the download holds already.
    func checkSpace(for size: UInt64, taken: UInt64) throws(DiskFailure) {
        var space = statvfs()
        guard fstatvfs(folder.descriptor, &space) == 0 else { throw .system("look at the space in \(path)", errno) }
        let free = UInt64(space.f_bavail).multipliedReportingOverflow(by: UInt64(space.f_frsize))
        let needed = size - min(size, taken)
        guard needed > 0, !free.overflow else { return }
        guard free.partialValue >= needed + Self.reserve else { throw .noSpace(needed: needed, free: free.partialValue) }
    }

    /// Names in `.partial`, at most `most`.
    func partialNames(most: Int) -> [String] {
        // fdopendir takes the descriptor over, and reading moves its place: both need one of its own.
        guard let again = try? OpenFile.open(".", in: partial, flags: O_RDONLY | O_DIRECTORY) else { return [] }
        let descriptor = dup(again.descriptor)
        guard descriptor >= 0 else { return [] }
        guard let stream = fdopendir(descriptor) else {
            _ = Glibc.close(descriptor)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < most, let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func remove(partial name: String) { unlinkat(partial.descriptor, name, 0) }

    /// Moves a finished download into the folder: under its name or, where that is taken, a numbered one. Never replaces anything.
    ///
    /// - Returns: the name that it got.
    func settle(partial part: String, as name: SafeName) throws(DiskFailure) -> String {
        for number in 1...9999 {
            let candidate = number == 1 ? name.text : name.numbered(number)
            if try move(part, to: candidate) {
                try folder.sync()
                try partial.sync()
                return candidate
            }
        }
        throw .tooMany(9999)
    }

    /// Returns `false` if the name is taken.
    private func move(_ part: String, to name: String) throws(DiskFailure) -> Bool {
        if linkat(partial.descriptor, part, folder.descriptor, name, 0) == 0 {
            remove(partial: part)
            return true
        }
        switch errno {
        case EEXIST: return false
        // A file system without hard links: claim the name with an empty file, which nobody else can have made, and replace that.
        case EPERM, EOPNOTSUPP, ENOSYS, EMLINK:
            do throws(DiskFailure) {
                try OpenFile.open(name, in: folder, flags: O_WRONLY | O_CREAT | O_EXCL).close()
            } catch {
                if case .system(_, EEXIST) = error { return false }
                throw error
            }
            guard renameat(partial.descriptor, part, folder.descriptor, name) == 0 else {
                let error = errno
                unlinkat(folder.descriptor, name, 0)
                throw .system("move the download to \(name)", error)
            }
            return true
        case let error: throw .system("move the download to \(name)", error)
        }
    }

    private static func make(_ path: String) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += part + "/"
            // What fails here fails again, with a message, when the folder is opened.
            if !part.isEmpty { mkdir(made, 0o755) }
        }
    }
}
