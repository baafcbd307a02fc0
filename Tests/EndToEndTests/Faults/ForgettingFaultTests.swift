import ChatClient
import ChatProtocol
import Foundation
import Testing

@testable import ChatHistory

/// What was to be forgotten, and the disk does not play along.
extension EndToEnd {
    @Suite struct ForgettingFaultTests {
        /// - Parameter rest: bytes that are free on the disk, so that it is full at once, or only when some of it is done.
        @Test(.enabled(if: PrivateDisk.isPossible, "needs root and mount namespaces"), arguments: [0, 200 << 10])
        func onAFullDiskNothingIsForgottenByHalf(_ rest: Int) throws {
            try withServer { server in
                let disk = try PrivateDisk(mebibytes: 16, folder: server.folder)
                defer { disk.end() }
                let hans = try #require(UserName("hans"))
                func path(_ folder: String) -> String {
                    HistoryFile.path(in: folder, server: "127.0.0.1:\(server.port)", account: "yoda")
                }
                let folder = (path(disk.seen("client")) as NSString).deletingLastPathComponent
                let now = Moment.now().wall
                func makeHistory() throws {
                    let store = try HistoryStore(path: path(server.folder))
                    let lines = (1...4000).map { number -> HistoryDeed in
                        let time = now.advanced(bySeconds: Double(number - 5000))
                        return .write(
                            StoredLine(
                                channel: number % 2 == 0 ? .direct(hans) : .everyone, sender: hans, text: "seagull number\(number)",
                                time: time, receipt: .init(sequence: UInt64(number), time: time)))
                    }
                    try store.write(lines)
                }
                try makeHistory()
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: path(server.folder), toPath: "\(folder)/yoda.db")

                let client = try PipeClient(port: server.port, folder: disk.path, on: disk.prefix)
                try client.write("yoda", "wise")
                try client.expectWelcome()
                try disk.fill()
                if rest > 0 {
                    let ballast = disk.seen("ballast")
                    let size = try #require(FileManager.default.attributesOfItem(atPath: ballast)[.size] as? Int)
                    #expect(truncate(ballast, off_t(size - rest)) == 0)
                }
                try client.write("forget hans yes")
                try client.expect("that it is not removed") { $0.hasPrefix("Error. Not removed from the disk: ") }

                // All is there still, as another program would find it.
                let copy = "\(server.folder)/copy"
                try copyWhileAtRest(folder, to: copy)
                let store = try HistoryStore(path: "\(copy)/yoda.db")
                #expect(try store.page(HistoryPageRequest(.direct(hans), .before, .max, limit: 5000)).lines.count == 2000)
                #expect(try store.search(HistorySearch(1, "number4000", in: .direct(hans))).lines.count == 1)

                try disk.free()
                try client.write("forget hans yes")
                try client.expect("2000 stored lines are removed from this machine")
                _ = try client.finish()
                let data = try Data(contentsOf: URL(filePath: "\(folder)/yoda.db"))
                #expect(data.range(of: Data("number4000".utf8)) == nil && data.range(of: Data("number3999".utf8)) != nil)
            }
        }

        /// Copies a folder as it was at one moment: the client may be about to close its database, which removes the log.
        private func copyWhileAtRest(_ folder: String, to copy: String) throws {
            func files() throws -> [String: [FileAttributeKey: AnyHashable]] {
                try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) { files, name in
                    let all = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
                    files[name] = [.size: all[.size] as? UInt64, .modificationDate: all[.modificationDate] as? Date]
                }
            }
            try eventually("nobody writes in \(folder)") {
                try? FileManager.default.removeItem(atPath: copy)
                guard let before = try? files(), (try? FileManager.default.copyItem(atPath: folder, toPath: copy)) != nil else {
                    return false
                }
                return (try? files()) == before
            }
        }
    }
}
