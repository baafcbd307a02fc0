import Foundation

/// Where and when something was measured.
struct Machine {
    let date: String
    let description: String

    init(packages: [String]) {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withFullDate]
        date = formatter.string(from: Date())
        let cpu = Self.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown processor"
        let memory = Self.value(of: "MemTotal", in: "/proc/meminfo").flatMap { Int($0.prefix(while: \.isNumber)) } ?? 0
        let system = Self.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")?.trimmingCharacters(in: ["\""]) ?? "Linux"
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))?.trimmingCharacters(in: .newlines) ?? ""
        description =
            "\(ProcessInfo.processInfo.activeProcessorCount) cores of \(cpu), \(memory >> 20) GiB, \(system), Linux \(kernel); "
            + packages.joined(separator: ", ")
    }

    private static func value(of key: String, in file: String, separator: Character = ":") -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.split(separator: separator, maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
