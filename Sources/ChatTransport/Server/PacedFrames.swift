import NIOCore

/// Frames on their way to a client of the original, which takes whatever one read brings for one object.
///
/// Such a client sends bare objects, without newlines; its frames are spaced out so that each read finds one. That is a kindness,
/// not a promise: TCP has no borders, and when too many wait they all go at once.
struct PacedFrames {
    static let gap = TimeAmount.milliseconds(20)
    private static let most = 64

    private var frames: [ByteBuffer] = []
    private var lastWrite = NIODeadline.uptimeNanoseconds(0)
    var isEmpty: Bool { frames.isEmpty }

    enum Step {
        case write(ByteBuffer)
        case wait(TimeAmount)
        case nothing
    }

    mutating func add(_ bytes: ByteBuffer) {
        var rest = bytes
        while let newline = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            guard let frame = rest.readSlice(length: newline - rest.readerIndex + 1) else { break }
            frames.append(frame)
        }
        if rest.readableBytes > 0 { frames.append(rest) }
    }

    mutating func next(at now: NIODeadline) -> Step {
        guard !frames.isEmpty else { return .nothing }
        if frames.count > Self.most {
            var all = frames.removeFirst()
            for var frame in frames { all.writeBuffer(&frame) }
            frames.removeAll()
            lastWrite = now
            return .write(all)
        }
        let due = lastWrite + Self.gap
        guard now >= due else { return .wait(due - now) }
        lastWrite = now
        return .write(frames.removeFirst())
    }
}
