import Foundation

/// Just enough of SQLite to spoil a database as a newer version or a bad disk would. Found at run time: no target links it for this.
struct SQLite {
    private typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
    private typealias Execute =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
        ) -> Int32
    private typealias Close = @convention(c) (OpaquePointer?) -> Int32

    private let open: Open
    private let execute: Execute
    private let close: Close

    init() throws {
        guard let library = dlopen("libsqlite3.so.0", RTLD_NOW) else { throw Failure("no libsqlite3.so.0") }
        func function<Function>(_ name: String, as type: Function.Type) throws -> Function {
            guard let symbol = dlsym(library, name) else { throw Failure("no \(name) in libsqlite3.so.0") }
            return unsafeBitCast(symbol, to: type)
        }
        open = try function("sqlite3_open", as: Open.self)
        execute = try function("sqlite3_exec", as: Execute.self)
        close = try function("sqlite3_close", as: Close.self)
    }

    func run(_ sql: String, on path: String) throws {
        var database: OpaquePointer?
        defer { _ = close(database) }
        guard open(path, &database) == 0 else { throw Failure("cannot open \(path)") }
        let code = execute(database, sql, nil, nil, nil)
        guard code == 0 else { throw Failure("sqlite error \(code) for \(sql)") }
    }

    /// The databases in a folder, told by how they begin.
    static func databases(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }.filter { path in
            FileManager.default.contents(atPath: path)?.starts(with: Array("SQLite format 3\0".utf8)) ?? false
        }
    }
}
