/// Finds the frames of a bulk link in bytes that come in any portions. Holds at most one unfinished frame and what came with its end.
package struct BulkFrameSplitter: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    package init() {}

    package mutating func append(_ bytes: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next frame that is there whole; those of unknown kinds are passed over.
    ///
    /// - Throws: when the link cannot be understood any more and must be closed.
    package mutating func next() throws(BadRequest) -> BulkFrame? {
        while buffer.count - start >= 4 {
            let length = buffer[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard (1...BulkFrame.limit).contains(length) else { throw BadRequest("frame of \(length) bytes") }
            let end = start + 4 + length
            guard end <= buffer.count else { return nil }
            let range = start + 4..<end
            start = end
            let result = buffer.withUnsafeBytes { bytes -> Result<BulkFrame?, BadRequest> in
                do throws(BadRequest) {
                    return .success(try BulkFrame.decoding(UnsafeRawBufferPointer(rebasing: bytes[range])))
                } catch {
                    return .failure(error)
                }
            }
            if let frame = try result.get() { return frame }
        }
        return nil
    }
}
