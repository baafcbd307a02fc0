import Foundation
import Testing

/// A program that was run to its end, and what it said.
struct CommandRun {
    var exit: ChildProcess.Exit
    var output: String
    var errors: String

    /// Runs `executable` with `input` as its whole standard input.
    init(
        _ executable: String, _ arguments: [String], input: String = "", folder: String, within seconds: Double = Deadline.patience,
        environment: [String: String]? = nil, at place: SourceLocation = #_sourceLocation
    ) throws {
        // Files rather than pipes: nothing can fill up, and there is one thing to wait for.
        let name = "\(folder)/.run-\(UInt64.random(in: 0 ... .max))"
        let paths = ["\(name).in", "\(name).out", "\(name).err"]
        defer { paths.forEach { unlink($0) } }
        try write(input, to: paths[0])
        let streams = [
            try openFile(paths[0], O_RDONLY), try openFile(paths[1], O_WRONLY | O_CREAT), try openFile(paths[2], O_WRONLY | O_CREAT),
        ]
        defer { streams.forEach { close($0) } }
        let child = try ChildProcess(
            executable, arguments, input: streams[0], output: streams[1], errors: streams[2], folder: folder,
            environment: environment ?? ChildProcess.environment(home: folder))
        defer { child.end() }
        exit = try child.wait(within: seconds, at: place)
        output = contents(of: paths[1])
        errors = contents(of: paths[2])
    }
}
