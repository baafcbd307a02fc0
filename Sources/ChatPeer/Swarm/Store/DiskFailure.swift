package import ChatProtocol
import Glibc

/// Why something could not be done with a file of this machine, in words for its user.
package enum DiskFailure: Error, Equatable, Sendable {
    case noSuchFile(String)
    case isFolder(String)
    case isLink(String)
    /// A device, a pipe, a socket.
    case notAFile(String)
    case tooLarge(String)
    case badName(SafeName.Fault)
    /// Bytes.
    case noSpace(needed: UInt64, free: UInt64)
    /// The file is not what it was when it was offered.
    case changed(String)
    /// Another program of the same user is fetching the same file.
    case busy
    case tooMany(Int)
    /// This client has offered nothing of that kind.
    case notOffered
    /// Bytes that do not belong to the file as described.
    case outOfPlace
    /// The system refuses; what was tried, and its error number.
    case system(String, Int32)

    package var words: String {
        switch self {
        case .noSuchFile(let path): "there is no file \(path)"
        case .isFolder(let path): "\(path) is a folder"
        case .isLink(let path): "\(path) is a symbolic link"
        case .notAFile(let path): "\(path) is not a plain file"
        case .tooLarge(let path): "\(path) is larger than 256 GiB"
        case .badName(let fault): fault.words
        case .noSpace(let needed, let free): "not enough space: \(needed) bytes are needed, \(free) are free"
        case .changed(let path): "\(path) has changed since it was offered"
        case .busy: "another client is already fetching this file into the same folder"
        case .tooMany(let most): "no more than \(most) files at a time"
        case .notOffered: "not offered"
        case .outOfPlace: "data that is not part of the file"
        case .system(let deed, let error): "cannot \(deed): \(String(cString: strerror(error)))"
        }
    }
}
