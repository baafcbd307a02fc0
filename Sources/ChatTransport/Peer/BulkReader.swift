import ChatProtocol
import NIOCore

/// Takes the frames of a bulk link out of what TLS has decrypted, from the newline on that ends the hello.
struct BulkReader {
    private var splitter = BulkFrameSplitter()
    private var isAfterHello = false

    /// The next frame; what was read of `bytes` is taken from it. `nil` when all of it is read.
    mutating func next(in bytes: inout ByteBuffer) throws(BadRequest) -> BulkFrame? {
        if !isAfterHello {
            guard let byte: UInt8 = bytes.readInteger() else { return nil }
            guard byte == UInt8(ascii: "\n") else { throw BadRequest("no newline after hello") }
            isAfterHello = true
        }
        let result = bytes.readWithUnsafeReadableBytes { all in
            var rest = all
            let frame = Result { () throws(BadRequest) in try splitter.next(in: &rest) }
            return (all.count - rest.count, frame)
        }
        return try result.get()
    }
}

extension ByteBuffer {
    /// Frames as they are sent, one after the other.
    init(_ frames: [BulkFrame]) {
        self.init()
        writeWithUnsafeMutableBytes(minimumWritableBytes: frames.reduce(0) { $0 + $1.encodedCount }) { room in
            frames.reduce(0) { $0 + $1.encode(into: UnsafeMutableRawBufferPointer(rebasing: room[$0...])) }
        }
    }
}
