import Foundation

/// The temporary folder of one run, and the programs that are measured.
struct Workspace {
    /// Whoever started this program removes it.
    let folder: String
    let banterd: String
    let floor: String
    /// A data folder with many accounts and messages, if one was made.
    let filled: String?

    /// A new folder for one server.
    func fresh(_ name: String) throws -> String {
        let path = folder + "/" + name
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Starts a server; as long as it runs there is a file with its pid for a name, by which it can be ended if this program dies.
    func start(_ command: [String], in folder: String, port: Int = 0, readyLine: String? = nil) throws -> Server {
        let pids = self.folder + "/pids"
        try FileManager.default.createDirectory(atPath: pids, withIntermediateDirectories: true)
        return try Server(command, in: folder, notes: pids, port: port, readyLine: readyLine)
    }
}
