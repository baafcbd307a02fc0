import ArgumentParser
import Foundation

/// Holds what the hot paths cost against what they cost when somebody last looked.
///
/// Instructions are counted by valgrind, which counts the same on every machine; a run is counted with few rounds and with many,
/// so that the start does not matter. Every count is taken in a process of its own, with the same hashes each time.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Compare allocations and instructions of the hot paths with a file.")

    @Argument(help: "A line for each path: its name, allocations and instructions for each message.")
    var file: String

    @Flag(help: "Write the file instead.")
    var record = false

    /// How much more than recorded is let pass.
    private static let slack = 1.1

    private struct Cost {
        var allocations: Double
        /// `nil` without valgrind.
        var instructions: Double?
    }

    func run() throws {
        let recorded = record ? [:] : try read()
        var lines: [String] = []
        var worse: [String] = []
        for path in HotPath.all {
            let cost = try measure(path)
            let instructions = cost.instructions.map { String(format: "%.0f", $0) } ?? "-"
            let line = "\(path.name) \(String(format: "%.2f", cost.allocations)) \(instructions)"
            lines.append(line)
            print(line)
            guard !record else { continue }
            guard let limit = recorded[path.name] else {
                worse.append("\(path.name) is not in \(file)")
                continue
            }
            // A fraction of an allocation is what a buffer costs that grows now and then.
            if cost.allocations > limit.allocations * Self.slack + 0.05 {
                worse.append("\(path.name): \(cost.allocations) allocations, not \(limit.allocations)")
            }
            if let now = cost.instructions, let then = limit.instructions, now > then * Self.slack {
                worse.append("\(path.name): \(Int(now)) instructions, not \(Int(then))")
            }
        }
        if record {
            let head = "# path, allocations and instructions for each message; made by Benchmarks/run --record"
            return try ([head] + lines).joined(separator: "\n").appending("\n").write(toFile: file, atomically: true, encoding: .utf8)
        }
        guard worse.isEmpty else {
            for words in worse { print("worse: \(words)") }
            throw ExitCode.failure
        }
    }

    private func read() throws -> [String: Cost] {
        var costs: [String: Cost] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 3, let allocations = Double(words[1]) else { throw ValidationError("not understood: \(line)") }
            costs[String(words[0])] = Cost(allocations: allocations, instructions: Double(words[2]))
        }
        return costs
    }

    private func measure(_ path: HotPath) throws -> Cost {
        let rounds = 100
        let units = Double(rounds * path.unit)
        let output = try run([], path, rounds)
        guard let allocations = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ValidationError("\(path.name) did not run: \(output)")
        }
        var cost = Cost(allocations: allocations / units)
        if let few = try instructions(path, 20), let many = try instructions(path, 20 + rounds) { cost.instructions = (many - few) / units }
        return cost
    }

    /// All instructions of a run with so many rounds.
    private func instructions(_ path: HotPath, _ rounds: Int) throws -> Double? {
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard let valgrind = places.map({ $0 + "/valgrind" }).first(where: FileManager.default.isExecutableFile) else { return nil }
        let output = try run([valgrind, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"], path, rounds)
        guard let line = output.split(separator: "\n").first(where: { $0.contains("I") && $0.contains("refs:") }) else {
            throw ValidationError("valgrind said: \(output)")
        }
        return Double(line.split(separator: ":").last?.filter(\.isNumber) ?? "")
    }

    private func run(_ wrapper: [String], _ path: HotPath, _ rounds: Int) throws -> String {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let command = wrapper + [program, "count", path.name, "\(rounds)"]
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
