import ChatClient

/// The exit statuses of the tools, for help and manual.
enum ToolStatus {
    static let entries: [(status: Int32, words: String)] =
        ToolExit.allCases.map { ($0.rawValue, $0.words) } + [(64, "the command line is wrong")]

    static let list = "Exit status: " + entries.map { "\($0.status) \($0.words)" }.joined(separator: "; ") + "."
}
