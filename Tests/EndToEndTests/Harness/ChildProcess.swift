import Foundation
import Testing

/// A program that this process started and whose end it awaits. Whoever starts one ends it with ``end()``.
final class ChildProcess {
    /// How a program ended.
    enum Exit: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    let pid: pid_t
    private(set) var exit: Exit?

    /// Starts `executable` in `folder` with three open descriptors as its standard streams. The caller keeps and closes its own,
    /// all of which are marked not to be inherited.
    init(
        _ executable: String, _ arguments: [String], input: Int32, output: Int32, errors: Int32, folder: String,
        environment: [String: String]
    ) throws {
        _ = Self.pipesAreSafe
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, stream) in [(input, 0), (output, 1), (errors, 2)] {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(stream))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // env(1) changes the folder and then becomes the program; posix_spawn's own way to do so is not visible from Swift.
        let argumentList = (["env", "-C", folder, executable] + arguments).map { strdup($0) } + [nil]
        let environmentList = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argumentList + environmentList).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "env", &actions, &attributes, argumentList, environmentList)
        guard code == 0 else { throw Failure.system("cannot start \(executable)", code) }
        self.pid = pid
    }

    func send(_ signal: Int32) {
        guard exit == nil else { return }
        kill(pid, signal)
    }

    /// Looks whether the program has ended, without waiting.
    func poll() -> Exit? {
        guard exit == nil else { return exit }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        exit = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
        return exit
    }

    func wait(within seconds: Double = Deadline.patience, at place: SourceLocation = #_sourceLocation) throws -> Exit {
        let deadline = Deadline.after(seconds)
        while true {
            if let exit = poll() { return exit }
            if deadline.hasPassed { throw Failure("process \(pid) has not ended within \(seconds) s", at: place) }
            usleep(2_000)
        }
    }

    /// Kills the program if it still runs and waits until it is gone.
    func end() {
        send(SIGKILL)
        while poll() == nil { usleep(1_000) }
    }

    /// The environment that programs under test are started with: nothing of the developer's but the search path.
    static func environment(home: String) -> [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        var environment = ["PATH": path, "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "UTC", "SWIFT_BACKTRACE": "enable=no"]
        // Sanitizers and toolchains outside the system's folders are found through these.
        for name in ["LD_LIBRARY_PATH", "TSAN_OPTIONS", "ASAN_OPTIONS", "LLVM_PROFILE_FILE", "TMPDIR"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        return environment
    }

    /// A pipe's reader may be gone before the writer notices; that is an error to handle, not the end of all tests.
    private static let pipesAreSafe: Void = { _ = signal(SIGPIPE, SIG_IGN) }()
}
