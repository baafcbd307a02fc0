import Foundation
import Testing

/// A civil clock that a test sets while a program runs, for that program alone.
///
/// A small library in front of the C library adds to what the civil clock says; the monotonic clock and the kernel's own waiting are left
/// alone. So a wait that was meant to end at a time of the civil clock ends too late by what was added, or at once if it was taken
/// away, just as when somebody sets the machine's clock.
final class FalseClock {
    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static volatile long *offset;

        __attribute__((constructor)) static void begin(void) {
            const char *path = getenv("BANTER_FALSE_CLOCK");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return;
            void *memory = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (memory != MAP_FAILED) offset = memory;
        }

        int clock_gettime(clockid_t clock, struct timespec *time) {
            long result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += *offset;
            return (int)result;
        }

        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            long result = syscall(SYS_gettimeofday, time, zone);
            if (result == 0 && offset) time->tv_sec += *offset;
            return (int)result;
        }

        time_t time(time_t *where) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (where) *where = now.tv_sec;
            return now.tv_sec;
        }

        """

    static let isPossible: Bool = (try? withTemporaryFolder { _ = try FalseClock(folder: $0) }) != nil

    /// Words before a command that is to go by this clock.
    let prefix: [String]
    private let file: String

    /// - Parameter folder: where the library and the file with the offset are made.
    init(folder: String) throws {
        let (library, source) = ("\(folder)/false-clock.so", "\(folder)/false-clock.c")
        file = "\(folder)/false-clock"
        try write(Self.source, to: source)
        let arguments = ["-shared", "-fPIC", "-O1", "-o", library, source]
        let isBuilt = ["cc", "clang", "gcc"].contains { (try? CommandRun($0, arguments, folder: folder).exit) == .status(0) }
        guard isBuilt else { throw Failure("there is no C compiler to make a false clock with") }
        prefix = ["env", "LD_PRELOAD=\(library)", "BANTER_FALSE_CLOCK=\(file)"]
        try set(0)
    }

    /// Sets the clock to so many seconds before or after the true time.
    func set(_ seconds: Int) throws {
        // Written into the file that is there: the program has it in its memory.
        let descriptor = try openFile(file, O_WRONLY | O_CREAT)
        defer { close(descriptor) }
        var offset = seconds
        guard pwrite(descriptor, &offset, MemoryLayout<Int>.size, 0) == MemoryLayout<Int>.size else { throw Failure.system("pwrite") }
    }
}
