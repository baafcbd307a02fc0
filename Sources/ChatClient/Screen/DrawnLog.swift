/// The rows of a log as they were drawn, and what they depended on: most draws are for something else on the screen.
struct DrawnLog: Sendable {
    /// All that rows depend on besides the entries.
    struct Key: Equatable, Sendable {
        let height: Int
        let metrics: LogMetrics
        let anchor: Log.Anchor?
        let newLine: Log.Number?
        let hiddenThrough: Log.Number?
    }

    let key: Key
    /// That of the log when all was looked up that its entries remember.
    let revision: UInt64
    let rows: [LogRow]
}
