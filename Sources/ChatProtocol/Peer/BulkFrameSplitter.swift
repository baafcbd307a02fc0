/// Finds the frames of a bulk link in bytes that come in any portions. Frames that lie whole in one portion are read where they are.
package struct BulkFrameSplitter: Sendable {
    private static let lengthCount = 4

    /// An unfinished frame, and what was kept with ``append(_:)``; those before `start` are read.
    private var kept: [UInt8] = []
    private var start = 0

    package init() {}

    /// The next frame that is there whole, in what was kept and then in `bytes`, which begins after it then; those of unknown kinds
    /// are passed over. `nil` when all of `bytes` is read; the start of an unfinished frame is kept.
    ///
    /// - Throws: when the link cannot be understood any more and must be closed.
    package mutating func next(in bytes: inout UnsafeRawBufferPointer) throws(BadRequest) -> BulkFrame? {
        while true {
            let frame: BulkFrame?
            if start < kept.count {
                guard try completes(with: &bytes) else { return nil }
                let result = withKept { bytes in
                    var rest = bytes
                    let frame = Result { () throws(BadRequest) in try Self.take(from: &rest) }
                    return (frame: frame, count: bytes.count - rest.count)
                }
                frame = try result.frame.get()
                start += result.count
                if start == kept.count {
                    kept.removeAll(keepingCapacity: true)
                    start = 0
                }
            } else if let end = try Self.end(in: bytes), end <= bytes.count {
                frame = try Self.take(from: &bytes)
            } else {
                move(bytes.count, of: &bytes)
                return nil
            }
            if let frame { return frame }
        }
    }

    /// Completes the kept frame with no more of `bytes` than it lacks. False if that is not enough.
    private mutating func completes(with bytes: inout UnsafeRawBufferPointer) throws(BadRequest) -> Bool {
        move(Self.lengthCount - (kept.count - start), of: &bytes)
        let found = withKept { bytes in Result { () throws(BadRequest) in try Self.end(in: bytes) } }
        guard let end = try found.get() else { return false }
        move(end - (kept.count - start), of: &bytes)
        return end <= kept.count - start
    }

    private func withKept<Answer>(_ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        kept.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    private mutating func move(_ count: Int, of bytes: inout UnsafeRawBufferPointer) {
        let part = bytes.prefix(max(0, count))
        kept.append(contentsOf: part)
        bytes = UnsafeRawBufferPointer(rebasing: bytes[part.endIndex...])
    }

    /// Where the first frame ends; `nil` if its length is not there yet.
    private static func end(in bytes: UnsafeRawBufferPointer) throws(BadRequest) -> Int? {
        guard bytes.count >= lengthCount else { return nil }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        guard (1...BulkFrame.limit).contains(length) else { throw BadRequest("frame of \(length) bytes") }
        return lengthCount + length
    }

    /// The first frame, which is there whole; `nil` if its kind is unknown.
    private static func take(from bytes: inout UnsafeRawBufferPointer) throws(BadRequest) -> BulkFrame? {
        guard let end = try end(in: bytes) else { return nil }
        let frame = UnsafeRawBufferPointer(rebasing: bytes[lengthCount..<end])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[end...])
        return try BulkFrame.decoding(frame)
    }
}

extension BulkFrameSplitter {
    /// Keeps bytes for ``next()``, as many as there are: for those who have no buffer of their own.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        kept.removeFirst(start)
        start = 0
        kept.append(contentsOf: bytes)
    }

    /// The next frame in what was kept.
    package mutating func next() throws(BadRequest) -> BulkFrame? {
        var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        return try next(in: &nothing)
    }
}
