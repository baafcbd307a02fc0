package import Glibc

/// A thread for work that waits for the disk, which the shared pool of Swift's concurrency is not made for.
package enum PlainThread {
    private final class Life: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// To be joined or detached.
    package static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        var id = pthread_t()
        let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            // Linux has this for each thread (setpriority(2)): whoever types, and a chat beside it, goes before files.
            setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
            if let argument { Unmanaged<Life>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }
        let result = pthread_create(&id, nil, main, Unmanaged.passRetained(Life(body)).toOpaque())
        precondition(result == 0, "no thread for the disk: error \(result)")
        return id
    }
}
