import ArgumentParser
import Foundation
import Glibc
import NIOCore
import NIOPosix

/// Measures Banter's server and its peers on the same work. `Benchmarks/run` builds what it needs and starts it.
@main
struct Bench: ParsableCommand {
    @Option(help: "How often each server is measured on each work.")
    var rounds = 5

    @Option(help: "How long each measurement takes, in seconds.")
    var seconds = 2.0

    @Option(parsing: .upToNextOption, help: "Only these works: \(Work.all.map(\.id).joined(separator: ", ")).")
    var only: [String] = []

    @Option(parsing: .upToNextOption, help: "Only these servers.")
    var servers: [String] = []

    @Option(help: "The program banterd.")
    var banterd: String

    @Option(help: "The program floor.")
    var floor: String

    @Option(help: "A temporary folder, which somebody else removes.")
    var folder: String

    @Option(help: "A data folder with many accounts and messages.")
    var filled: String?

    @Flag(help: "Measure only how the cost of a message grows, and put that into the report.")
    var growth = false

    @Option(help: "The program core-bench, which fills databases for that.")
    var coreBench: String?

    @Option(help: "A package whose version the report names; may be repeated.")
    var package: [String] = []

    @Option(help: "Folder for RESULTS.md and results.svg; without it the report goes to standard output.")
    var report: String?

    func run() throws {
        Self.raiseFileLimit()
        let workspace = Workspace(folder: folder, banterd: banterd, floor: floor, filled: filled)
        let works = Work.all.filter { only.isEmpty || only.contains($0.id) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        if growth { return try measureGrowth(on: group.any(), in: workspace) }
        var results = Results()
        for round in 1...max(1, rounds) {
            for work in works where round <= work.mostRounds {
                for contender in work.contenders where servers.isEmpty || servers.contains(contender.id) {
                    let figures = try measure(work, contender, on: group, in: workspace)
                    results.add(figures, work, contender)
                    let words = Metric.allCases.compactMap { metric in figures[metric].map { "\(figure($0)) \(metric.rawValue)" } }
                    Self.say("\(round)/\(rounds) \(work.id) \(contender.id): \(words.joined(separator: ", "))")
                }
            }
        }
        try write(results, works)
    }

    private func measureGrowth(on loop: any EventLoop, in workspace: Workspace) throws {
        guard let coreBench else { throw ValidationError("--growth needs --core-bench.") }
        let section = try Growth(workspace: workspace, coreBench: coreBench, seconds: seconds, loop: loop).page(Self.say)
        guard let report else { return print(section) }
        let file = report + "/RESULTS.md"
        let page = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        try Growth.replace(in: page, with: section).write(toFile: file, atomically: true, encoding: .utf8)
    }

    private func measure(
        _ work: Work, _ contender: Contender, on group: MultiThreadedEventLoopGroup, in workspace: Workspace
    ) throws -> [Metric: Double] {
        do {
            return try work.measure(contender, seconds: seconds, on: group.any(), in: workspace)
        } catch {
            throw Failure("\(work.title), \(contender.title): \(error)")
        }
    }

    private func write(_ results: Results, _ works: [Work]) throws {
        var page = Report(
            results: results, works: works, machine: Machine(packages: package), rounds: rounds, seconds: seconds, picture: nil)
        guard let report else { return print(page.text) }
        page.picture = "results.svg"
        let file = report + "/RESULTS.md"
        let growth = Growth.section(of: (try? String(contentsOfFile: file, encoding: .utf8)) ?? "")
        try (page.text + growth).write(toFile: file, atomically: true, encoding: .utf8)
        try Picture(results: results, works: works).svg.write(toFile: report + "/results.svg", atomically: true, encoding: .utf8)
    }

    private static func say(_ words: String) { FileHandle.standardError.write(Data((words + "\n").utf8)) }

    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
