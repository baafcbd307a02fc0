import ChatProtocol
import NIOCore

/// Frames on their way to a client of the original, which takes whatever one read brings for one object.
///
/// Such a client sends bare objects, without newlines; its frames are spaced out so that each read finds one. That is a kindness,
/// not a promise: TCP has no borders, and when too many wait they all go at once.
struct PacedFrames {
    /// Bytes to write, and the place of the last direct message among them.
    struct Piece {
        var bytes: ByteBuffer
        var mark: UInt64?
    }

    enum Step {
        case write(Piece)
        case wait(TimeAmount)
        case nothing
    }

    static let gap = TimeAmount.milliseconds(20)
    private static let most = 64

    private var frames: [Piece] = []
    private var lastWrite = NIODeadline.uptimeNanoseconds(0)
    var isEmpty: Bool { frames.isEmpty }

    mutating func add(_ bytes: ByteBuffer, _ marks: [DeliveryBatch.Mark]) {
        var rest = bytes
        var marks = marks[...]
        let start = bytes.readerIndex
        while let newline = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            guard let frame = rest.readSlice(length: newline - rest.readerIndex + 1) else { break }
            var piece = Piece(bytes: frame)
            while let mark = marks.first, mark.end <= rest.readerIndex - start {
                piece.mark = mark.sequence
                marks.removeFirst()
            }
            frames.append(piece)
        }
        if rest.readableBytes > 0 { frames.append(Piece(bytes: rest, mark: marks.last?.sequence)) }
    }

    mutating func next(at now: NIODeadline) -> Step {
        guard !frames.isEmpty else { return .nothing }
        if frames.count > Self.most, let all = takeAll() {
            lastWrite = now
            return .write(all)
        }
        let due = lastWrite + Self.gap
        guard now >= due else { return .wait(due - now) }
        lastWrite = now
        return .write(frames.removeFirst())
    }

    /// Everything that waits as one piece.
    mutating func takeAll() -> Piece? {
        guard var all = frames.first else { return nil }
        for var frame in frames.dropFirst() {
            all.bytes.writeBuffer(&frame.bytes)
            all.mark = frame.mark ?? all.mark
        }
        frames.removeAll()
        return all
    }
}
