import Glibc

/// Lets the write-ahead log grow in steps, ahead of what is written to it.
///
/// A commit into a file that has grown must store its new length as well: a second write to the disk, and a second wait. Behind
/// its last frame SQLite takes what it finds in the log for what an earlier use left there, and zeros for nothing.
struct LogRoom {
    private static let step = 1 << 20
    /// The log is used from its beginning again before it is much longer.
    private static let most = 20 << 20

    private let path: String
    private var file: CInt = -1
    /// How far the log is known to reach.
    private var length = 0
    private var isGivenUp = false

    init(path: String) { self.path = path }

    /// Called while nobody else can write the log. Whatever fails, commits only take a little longer.
    mutating func makeRoom() {
        guard !isGivenUp, length < Self.most else { return }
        if file < 0 { file = open(path, O_WRONLY | O_CLOEXEC) }
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0 else { return giveUp() }
        // As long as it has not grown by itself, there is room left.
        guard status.st_size != length else { return }
        let end = min(status.st_size + Self.step, Self.most)
        guard end > status.st_size else {
            length = status.st_size
            return
        }
        let zeros = [UInt8](repeating: 0, count: end - status.st_size)
        guard pwrite(file, zeros, zeros.count, status.st_size) == zeros.count else { return giveUp() }
        length = end
    }

    /// It makes no more room from now on.
    mutating func giveUp() {
        if file >= 0 { close(file) }
        file = -1
        isGivenUp = true
    }
}
