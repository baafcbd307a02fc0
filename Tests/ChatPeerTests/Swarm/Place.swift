import ChatPeer
import Foundation

/// A folder that is there for one test.
final class Place {
    let path: String

    init(in base: String = FileManager.default.temporaryDirectory.path) throws {
        path = "\(base)/banter-store-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ bytes: [UInt8], in folder: String = "") throws -> String {
        try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        let path = "\(path)/\(folder.isEmpty ? "" : folder + "/")\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    func store(_ name: String = "down") throws -> ChunkStore { ChunkStore(folder: try DownloadFolder("\(path)/\(name)")) }
    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }
}
