import Foundation

/// Where the programs under test are: in `BANTER_BIN_DIR`, or beside the test bundle, as SwiftPM builds them.
enum Binaries {
    static func banterd() throws -> String { try path(of: "banterd") }

    static func banter() throws -> String { try path(of: "banter") }

    private static func path(of program: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        var folders: [String] = []
        if let given = environment["BANTER_BIN_DIR"] {
            folders.append(given)
        } else if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folders.append(URL(fileURLWithPath: executable).deletingLastPathComponent().path)
        }
        for folder in folders where isProgram("\(folder)/\(program)") { return "\(folder)/\(program)" }
        throw Failure("no \(program) beside the tests, looked in \(folders.joined(separator: ", ")); build first, or set BANTER_BIN_DIR")
    }

    private static func isProgram(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
