import ChatClient
import ChatProtocol
import Foundation

@testable import ChatHistory

/// A folder for histories that is removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "banter-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// The history of hans in this folder.
func path(_ folder: String) -> String { HistoryFile.path(in: folder, server: "localhost:12346", account: "hans") }

let noon = Timestamp(milliseconds: 1_700_056_920_000)

extension Channel {
    static func with(_ name: String) -> Channel { UserName(name).map { .direct($0) } ?? .everyone }
}

/// A line with its number in its stream, so many seconds after noon.
func line(
    _ text: String, _ sequence: UInt64? = nil, from sender: String? = "yoda", in channel: Channel = .everyone, seconds: Double = 0,
    delivery: StoredLine.Delivery? = nil
) -> StoredLine {
    let time = noon.advanced(bySeconds: seconds)
    return StoredLine(
        channel: channel, sender: sender.flatMap { UserName($0) }, text: text, time: time,
        receipt: sequence.map { .init(sequence: $0, time: time) }, delivery: delivery)
}

extension HistoryStore {
    func write(_ lines: StoredLine...) throws { try write(lines.map { .write($0) }) }

    func texts(_ channel: Channel = .everyone) throws -> [String] {
        try page(HistoryPageRequest(channel, .before, .max)).lines.map(\.text)
    }

    func found(_ words: String, in channel: Channel? = nil) throws -> [String] {
        try search(HistorySearch(1, words, in: channel)).lines.map(\.text)
    }
}

/// Whether a text is anywhere in the files of a folder.
func holds(_ folder: String, _ text: String) throws -> Bool {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return try files.contains { file in
        var isFolder: ObjCBool = false
        let path = "\(folder)/\(file)"
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { return false }
        return try Data(contentsOf: URL(filePath: path)).range(of: Data(text.utf8)) != nil
    }
}

/// What everyone said, as a program that starts now would see it.
func texts(in path: String) throws -> [String] { try HistoryStore(path: path).texts() }
