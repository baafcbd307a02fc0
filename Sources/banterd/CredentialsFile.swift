import ChatCore
import Foundation
import Glibc

/// The credentials file on disk.
struct CredentialsFile {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let credentials: Credentials
    /// Changes whenever the file does, and says nothing of what is in it.
    let stamp: String

    init(path: String) throws(Failure) {
        do {
            var status = stat()
            guard stat(path, &status) == 0 else { throw Failure(description: String(cString: strerror(errno))) }
            stamp = [
                Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ].map(String.init).joined(separator: ":")
            guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(description: "not a file") }
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard let text = String(validating: data, as: UTF8.self) else { throw Failure(description: "not UTF-8 text") }
            credentials = try Credentials(parsing: text)
        } catch let fault as Credentials.Fault {
            throw Failure(description: "credentials file \(path), \(fault); correct the line")
        } catch let failure as Failure {
            throw Failure(description: "cannot read the credentials file \(path): \(failure)")
        } catch {
            throw Failure(description: "cannot read the credentials file \(path): \(error.localizedDescription)")
        }
    }
}
