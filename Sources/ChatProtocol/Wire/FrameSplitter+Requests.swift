extension FrameSplitter {
    /// A request at the beginning of what has come, with the bytes that it takes.
    package struct PlainRequest: Equatable, Sendable {
        package let frame: RequestFrame
        /// With the white space before it.
        package let length: Int
        /// Whether white space follows it already.
        package let isLine: Bool
    }

    /// Splits and reads in one pass, where a whole request comes next that is as plain as those that come in numbers; `nil` otherwise, and
    /// then nothing has changed and ``next(in:)`` says what is there.
    ///
    /// A frame is tried once, when its first bytes have come, so that one that comes in pieces costs no more.
    package func plainRequest(in bytes: UnsafeRawBufferPointer) -> PlainRequest? {
        guard isAtBorder else { return nil }
        var object = FlatObject(bytes)
        // White space before it is part of the length, but of no frame: at the limit the general way decides.
        guard object.read(), object.length <= limit, let frame = RequestFrame(object) else { return nil }
        let length = object.length
        return PlainRequest(frame: frame, length: length, isLine: length < bytes.count && JSONParser.isSpace(bytes[length]))
    }
}
