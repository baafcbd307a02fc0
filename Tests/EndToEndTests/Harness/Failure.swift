import Foundation
import Testing

/// Why a test cannot go on, in words, with the place in the test where it happened.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ words: String) { description = words }

    init(_ words: String, at place: SourceLocation) {
        description = "\(place.fileName):\(place.line): \(words)"
    }

    /// For a system call that failed: its name and what `errno` says.
    static func system(_ call: String, _ code: Int32 = errno) -> Failure {
        Failure("\(call): \(String(cString: strerror(code)))")
    }
}

/// The other side ended the connection, or there is none to be had.
struct ConnectionEnded: Error, CustomStringConvertible {
    let description: String

    init(_ words: String) { description = words }
}
