import ChatProtocol
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

extension LinkFailure {
    /// What went wrong with a connection, for people.
    static func words(for error: any Error, host: String, port: Int) -> String {
        switch error {
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                return error.dnsAError != nil || error.dnsAAAAError != nil ? "no such host: \(host)" : "cannot connect to \(host)"
            }
            return words(for: first.error, host: host, port: port)
        case let error as IOError:
            switch error.errnoCode {
            case ECONNREFUSED: return "nobody answers at \(host) port \(port)"
            case ECONNRESET, EPIPE: return "the connection was reset"
            case ETIMEDOUT: return "the connection timed out"
            case EHOSTUNREACH, ENETUNREACH: return "\(host) cannot be reached"
            default: return String(cString: strerror(error.errnoCode))
            }
        case ChannelError.connectTimeout: return "\(host) port \(port) does not answer"
        case is NIOSSLError, is BoringSSLError: return "the connection was lost"
        default: return "the connection failed"
        }
    }
}
