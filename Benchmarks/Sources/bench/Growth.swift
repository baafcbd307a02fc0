import Foundation
import Glibc
import NIOCore

/// What the same work costs while something else grows: users online, stored messages, accounts.
///
/// Five pairs talk, with the window of the pairs' work, beside as many others as the size says, who only are there.
struct Growth {
    enum Curve: CaseIterable {
        case online, messages, accounts

        var sizes: [Int] {
            switch self {
            case .online: [10, 100, 1_000, 10_000]
            case .messages: [1, 100, 10_000, 1_000_000]
            case .accounts: [10, 1_000, 100_000]
            }
        }

        var title: String {
            switch self {
            case .online: "users online"
            case .messages: "messages stored"
            case .accounts: "accounts"
            }
        }

        fileprivate var columns: [Column] {
            switch self {
            case .online: [.message, .login, .session]
            case .messages, .accounts: [.message, .start]
            }
        }
    }

    fileprivate enum Column: String {
        case message = "CPU µs/message"
        case login = "CPU µs/login"
        case session = "KiB/session"
        case start = "s to ready"
    }

    private static let pairs = 5
    private static let heading = "## Growth"

    let workspace: Workspace
    /// The program that fills databases.
    let coreBench: String
    let seconds: Double
    let loop: any EventLoop

    /// Measures all curves and returns them as Markdown; `say` is told of each point.
    func page(_ say: (String) -> Void) throws -> String {
        var lines = [
            Self.heading, "",
            """
            What a message between two of \(Self.pairs) pairs costs (SQLite, Banter's own clients, window 16) while something else grows, measured
            once for \(figure(seconds)) s each. "CPU µs/login" is all of a login with presence, whose list names everybody online: \
            its bytes grow with their number, and nothing else does.
            """,
        ]
        for curve in Curve.allCases {
            lines += ["", "| \(curve.title) | \(curve.columns.map(\.rawValue).joined(separator: " | ")) |"]
            lines.append("|---|" + curve.columns.map { _ in "---|" }.joined())
            for size in curve.sizes {
                let figures = try measure(curve, size)
                let cells = curve.columns.map { figures[$0].map(figure) ?? "" }
                lines.append("| \(size) | \(cells.joined(separator: " | ")) |")
                say("\(size) \(curve.title): \(zip(curve.columns, cells).map { "\($1) \($0.rawValue)" }.joined(separator: ", "))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func measure(_ curve: Curve, _ size: Int) throws -> [Column: Double] {
        let clients = curve == .online ? size : 2 * Self.pairs
        let server = try Contender.own.start(clients: clients, in: workspace) { folder in
            switch curve {
            case .online: break
            case .messages: try fill(folder, accounts: min(size, 100), messages: size)
            case .accounts: try fill(folder, accounts: size, messages: size)
            }
        }
        defer { server.end() }
        let before = (memory: server.memory, cpu: server.cpu)
        let crowd = try Crowd(loop: loop, dialect: .extended(presence: true), port: server.port, tls: false)
        defer { try? crowd.end() }
        try crowd.logIn(clients)
        try crowd.settle()
        let after = (memory: server.memory, cpu: server.cpu)
        let load = Pairs(crowd, pairs: Self.pairs, window: 16, meter: Meter(server, seconds: seconds))
        try crowd.carry(load)
        return [
            .message: load.meter.cpuPerUnit, .start: server.secondsToReady,
            .login: (after.cpu - before.cpu) * 1e6 / Double(clients), .session: (after.memory - before.memory) / Double(clients),
        ]
    }

    private func fill(_ folder: String, accounts: Int, messages: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: coreBench)
        process.arguments = ["fill", folder, "--accounts", "\(accounts)", "--messages", "\(messages)"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure("\(coreBench) could not fill \(folder)") }
    }

    /// What a page of results says about growth, to its end; nothing if it says nothing.
    static func section(of page: String) -> String {
        page.range(of: "\n" + heading).map { String(page[$0.lowerBound...]) } ?? ""
    }

    /// `page` with this in place of what it said about growth.
    static func replace(in page: String, with section: String) -> String {
        let rest = page.range(of: "\n" + heading).map { page[..<$0.lowerBound] } ?? page[...]
        return rest + (rest.isEmpty ? "" : "\n") + section
    }
}
