import Foundation

extension ServerProcess {
    /// Processor time used so far, user and system, in clock ticks of 10 ms (`proc(5)`: fields 14 and 15 of `stat`).
    func processorTicks() throws -> Int {
        // The name in field 2 may hold spaces; what follows its closing parenthesis begins with field 3.
        let fields = contents(of: "/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw Failure("no processor time for process \(pid)")
        }
        return user + system
    }

    /// Memory in use that is not on disk, in bytes.
    func residentBytes() throws -> Int { try memory("VmRSS") }

    /// The most of it since the server started.
    func peakResidentBytes() throws -> Int { try memory("VmHWM") }

    private func memory(_ figure: String) throws -> Int {
        let line = contents(of: "/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("\(figure):") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure("no memory figure for process \(pid)")
        }
        return kilobytes * 1024
    }
}
