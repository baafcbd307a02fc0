import Foundation

/// What one case of a fault has shown, printed as one line; `Scripts/faults` gathers these lines.
struct FaultReport {
    /// Whether the long form is asked for. The short one runs in every test run and shows the same things with fewer people.
    static let isLong = ProcessInfo.processInfo.environment["BANTER_LONG_TESTS"] != nil

    /// One of two sizes.
    static func size<Value>(_ short: Value, long: Value) -> Value { isLong ? long : short }

    private let name: String
    private let start = Deadline.uptime()
    private var figures: [String] = []

    init(_ name: String) { self.name = name }

    mutating func note(_ what: String, _ value: some CustomStringConvertible) { figures.append("\(what) \(value)") }

    mutating func note(_ what: String, mebibytes bytes: Int) { note(what, "\(bytes >> 20) MiB") }

    mutating func note(_ what: String, seconds: Double) { note(what, String(format: "%.2f s", seconds)) }

    /// Called once, at the end of the case.
    func print() {
        let time = String(format: "%.1f s", Double(Deadline.uptime() - start) / 1e9)
        Swift.print("fault: \(name) | \((figures + ["time \(time)"]).joined(separator: " | "))")
    }
}

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = Deadline.uptime()
    try body()
    return Double(Deadline.uptime() - start) / 1e9
}
