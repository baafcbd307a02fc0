import ArgumentParser
import CountAllocations
import Foundation

/// Runs one hot path and prints how many allocations it took.
struct Count: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run one hot path and print its allocations.")

    @Argument(help: "\(HotPath.all.map(\.name).joined(separator: ", ")).")
    var name: String

    @Argument(help: "How often.")
    var rounds: Int

    func run() throws {
        guard let path = HotPath.all.first(where: { $0.name == name }) else { throw ValidationError("there is no such path") }
        let folder = FileManager.default.temporaryDirectory.path + "/core-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let round = try path.prepare(folder)
        // Caches fill and buffers grow.
        for _ in 0..<20 { try round() }
        let before = allocationCount()
        for _ in 0..<rounds { try round() }
        print(allocationCount() - before)
    }
}
