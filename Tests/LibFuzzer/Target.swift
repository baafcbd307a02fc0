import Glibc

/// One thing that takes bytes from strangers, and what must hold of it whatever they are. Chosen by BANTER_FUZZ; `Scripts/fuzz` builds
/// and runs it with libFuzzer and the address sanitizer.
enum Target: String {
    /// The frame splitter: how a stream is cut into portions decides nothing.
    case frames
    /// What clients send: refused, or the same again after it was encoded.
    case requests
    /// What the server sends.
    case messages
    /// What a peer says, in a private session and over a link for files.
    case peer
    /// Text on its way to the screen.
    case text

    static let chosen: Target = {
        let name = getenv("BANTER_FUZZ").map { String(cString: $0) } ?? ""
        guard let target = Target(rawValue: name) else { fatalError("BANTER_FUZZ names no target: '\(name)'") }
        return target
    }()

    func check(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .frames: checkFrames(bytes)
        case .requests: checkRepetition(of: bytes) { (try? RequestFrame(decoding: $0))?.encoded() }
        case .messages: checkRepetition(of: bytes) { (try? ServerMessage.decoding($0))?.encoded() }
        case .peer:
            checkRepetition(of: bytes) { (try? PeerMessage.decoding($0))?.encoded() }
            checkRepetition(of: bytes) { (try? BulkFrame.decoding($0)).map { Array($0.encoded().dropFirst(4)) } }
            checkBulkStream(bytes)
        case .text: checkText(String(decoding: bytes, as: UTF8.self))
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.chosen.check(UnsafeRawBufferPointer(start: data, count: count))
    return 0
}

/// What is understood is understood the same when it is passed on.
private func checkRepetition(of bytes: UnsafeRawBufferPointer, _ reencoded: (UnsafeRawBufferPointer) -> [UInt8]?) {
    guard let once = reencoded(bytes) else { return }
    precondition(once.withUnsafeBytes(reencoded) == once, "encoded again it is something else")
}

// MARK: - Streams

/// The portions' lengths come from the input's first bytes, so that the fuzzer chooses them.
private struct Portions {
    private let lengths: [Int]
    private var index = 0

    init(_ seed: some Collection<UInt8>) { lengths = seed.isEmpty ? [1] : seed.map { 1 + Int($0) } }

    mutating func next() -> Int {
        defer { index += 1 }
        return lengths[index % lengths.count]
    }
}

private func checkFrames(_ bytes: UnsafeRawBufferPointer) {
    let seed = bytes.prefix(4)
    let stream = Array(bytes.dropFirst(4))
    var portions = Portions(seed)
    let whole = split(stream, mostAtOnce: stream.count) { max(1, stream.count) }
    let parts = split(stream, mostAtOnce: 256) { portions.next() }
    precondition(whole.frames == parts.frames && whole.fault == parts.fault, "portions decide what is read")
    // A line of garbage that is too long may have been told, or not, before it was.
    precondition(whole.garbage == parts.garbage || whole.fault != nil, "portions decide how often garbage is told")
}

private struct Outcome {
    var frames: [[UInt8]] = []
    var garbage = 0
    var fault: FrameSplitter.Fault?
}

private func split(_ stream: [UInt8], mostAtOnce: Int, inPortions portion: () -> Int) -> Outcome {
    var splitter = FrameSplitter(limit: 64)
    var outcome = Outcome()
    var waiting: [UInt8] = []
    var rest = stream[...]
    while !rest.isEmpty {
        let part = rest.prefix(portion())
        rest = rest.dropFirst(part.count)
        waiting += part
        steps: while true {
            switch waiting.withUnsafeBytes({ splitter.next(in: $0) }) {
            case .needMore: break steps
            case .frame(let skip, let length, _):
                outcome.frames.append(Array(waiting[skip..<skip + length]))
                waiting.removeFirst(skip + length)
            case .space(let count): waiting.removeFirst(count)
            case .garbage(let count):
                precondition(count > 0)
                outcome.garbage += 1
                waiting.removeFirst(count)
            case .fatal(let fault):
                outcome.fault = fault
                return outcome
            }
        }
        // White space before an unfinished frame is kept with it.
        precondition(waiting.count <= splitter.limit + mostAtOnce, "more is kept than a frame may have")
    }
    return outcome
}

private func checkBulkStream(_ bytes: UnsafeRawBufferPointer) {
    var portions = Portions(bytes.prefix(4))
    let stream = Array(bytes.dropFirst(4))
    let whole = bulkFrames(stream) { max(1, stream.count) }
    let parts = bulkFrames(stream) { portions.next() }
    precondition(whole.frames == parts.frames && whole.isBroken == parts.isBroken, "portions decide what is read")
}

private func bulkFrames(_ stream: [UInt8], inPortions portion: () -> Int) -> (frames: [BulkFrame], isBroken: Bool) {
    var splitter = BulkFrameSplitter()
    var frames: [BulkFrame] = []
    var rest = stream[...]
    while !rest.isEmpty {
        let part = rest.prefix(portion())
        rest = rest.dropFirst(part.count)
        splitter.append(part)
        do throws(BadRequest) {
            while let frame = try splitter.next() { frames.append(frame) }
        } catch {
            return (frames, true)
        }
    }
    return (frames, false)
}

// MARK: - Text

private func checkText(_ text: String) {
    for (clean, isBody) in [(Sanitizer.line(text), false), (Sanitizer.body(text), true)] {
        precondition((isBody ? Sanitizer.body(clean) : Sanitizer.line(clean)) == clean, "cleaned twice it is something else")
        var marks = 0
        for scalar in clean.unicodeScalars {
            let category = scalar.properties.generalCategory
            precondition(category != .control || (isBody && scalar == "\n"), "a control character")
            precondition(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value), "turns the text around")
            marks = [.nonspacingMark, .enclosingMark, .spacingMark].contains(category) ? marks + 1 : 0
            precondition(marks <= Sanitizer.marks, "marks pile up")
        }
        for character in clean {
            let parts = DisplayWidth.drawable(character)
            precondition(parts.reduce(0) { $0 + $1.width } == DisplayWidth.cells(character), "drawn otherwise than reckoned")
            precondition(parts.allSatisfy { (1...2).contains($0.width) }, "a cell of no width")
            precondition(parts.allSatisfy { $0.text.unicodeScalars.count <= DisplayWidth.scalarsPerCell }, "more than a cell holds")
        }
        let cut = DisplayWidth.prefix(clean, width: 7)
        precondition(clean.hasPrefix(cut) && DisplayWidth.cells(cut) <= 7, "cut too late")
    }
}
