import ChatPeer
import ChatProtocol
import Glibc

/// What is to be written, in order, to descriptors that may not take it yet; and what the session is to hear once it was.
///
/// It never blocks for long and leaves the descriptors as they are (`O_NONBLOCK` would be shared with other programs). It has no
/// bound of its own: whoever fills it stops taking input while ``waitingBytes`` is above ``soft``.
struct OutputQueue {
    /// In bytes.
    static let soft = 256 * 1024

    private enum Entry {
        case bytes([UInt8], descriptor: Int32)
        case input(ClientInput)
    }

    private var entries: [Entry] = []
    /// How many entries are done, and how many bytes of the first that is not.
    private var done = 0
    private var written = 0
    private(set) var waitingBytes = 0
    /// Descriptors that nobody reads any more.
    private var gone: Set<Int32> = []

    /// A pipe that polls as writable takes so much at once (`PIPE_BUF`).
    private static let piece = 4096

    var isEmpty: Bool { done == entries.count }

    /// The descriptor that must become writable before anything else happens.
    var blockedOn: Int32? {
        guard done < entries.count, case .bytes(_, let descriptor) = entries[done] else { return nil }
        return descriptor
    }

    func isGone(_ descriptor: Int32) -> Bool { gone.contains(descriptor) }

    mutating func write(_ text: String, to descriptor: Int32) {
        guard !gone.contains(descriptor), !text.isEmpty else { return }
        waitingBytes += text.utf8.count
        if done < entries.count, case .bytes(var bytes, descriptor) = entries[entries.count - 1] {
            entries.removeLast()
            bytes.append(contentsOf: text.utf8)
            entries.append(.bytes(bytes, descriptor: descriptor))
        } else {
            entries.append(.bytes(Array(text.utf8), descriptor: descriptor))
        }
    }

    /// Hands `input` out after everything written so far.
    mutating func then(_ input: ClientInput) { entries.append(.input(input)) }

    /// Nobody reads `descriptor` any more: what was meant for it is dropped, and so is every word that the user saw something.
    mutating func abandon(_ descriptor: Int32) {
        guard gone.insert(descriptor).inserted else { return }
        var kept: [Entry] = []
        for (index, entry) in entries[done...].enumerated() {
            switch entry {
            case .bytes(let bytes, descriptor): waitingBytes -= bytes.count - (index == 0 ? written : 0)
            case .input(let input) where input.isAcknowledgement && descriptor == STDOUT_FILENO: break
            default: kept.append(entry)
            }
        }
        if blockedOn == descriptor { written = 0 }
        entries = kept
        done = 0
    }

    /// Writes what can be written and returns what was waiting behind it. Acknowledgements in a row become one.
    mutating func flush() -> [ClientInput] {
        var ready: [ClientInput] = []
        while done < entries.count {
            switch entries[done] {
            case .input(let input):
                done += 1
                if input.isAcknowledgement, gone.contains(STDOUT_FILENO) { continue }
                if let joined = ready.last?.joined(with: input) {
                    ready[ready.count - 1] = joined
                } else {
                    ready.append(input)
                }
            case .bytes(let bytes, let descriptor):
                guard let count = Self.write(bytes[written...], to: descriptor) else {
                    abandon(descriptor)
                    continue
                }
                if count == 0 {
                    compact()
                    return ready
                }
                written += count
                waitingBytes -= count
                if written == bytes.count {
                    written = 0
                    done += 1
                }
            }
        }
        compact()
        return ready
    }

    private mutating func compact() {
        entries.removeFirst(done)
        done = 0
    }

    /// Returns how much was written, 0 if nothing can be now, `nil` if nothing ever can.
    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int? {
        while true {
            var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&state, 1, 0) > 0 else { return 0 }
            let piece = bytes.prefix(Self.piece)
            let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: return nil
            }
        }
    }
}

extension ClientInput {
    /// Says that the user saw something.
    fileprivate var isAcknowledgement: Bool {
        switch self {
        case .session(.shown), .peer(.shown): true
        default: false
        }
    }

    /// One acknowledgement that says what this one and the `next` say; `nil` if there is none.
    fileprivate func joined(with next: ClientInput) -> ClientInput? {
        switch (self, next) {
        case (.session(.shown(let one)), .session(.shown(let other))): .session(.shown(through: max(one, other)))
        case (.peer(.shown(let user, let one)), .peer(.shown(let same, let other))) where user == same:
            .peer(.shown(user, through: max(one, other)))
        default: nil
        }
    }
}
