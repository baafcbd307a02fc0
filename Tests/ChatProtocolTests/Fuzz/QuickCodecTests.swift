import ChatProtocol
import Fuzzing
import Testing

/// What is read and written in a quicker way than the general one is the same.
struct QuickCodecTests {
    private static let runs = 50_000
    private static let yoda = UserName("yoda")

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func theQuickWayReadsWhatTheGeneralOneDoes(seed: UInt64) {
        let frames = [
            RequestFrame(.message(to: Self.yoda, text: "hello there", key: nil)),
            RequestFrame(.message(to: Self.yoda, text: "hello there", key: MessageKey("k1")), id: RequestID(7)),
            RequestFrame(.message(to: nil, text: "", key: MessageKey(String(repeating: "k", count: 64))), id: RequestID(.string("x"))),
            RequestFrame(.broadcast(text: String(repeating: "long ", count: 30), key: MessageKey("0")), id: RequestID(1 << 53)),
            RequestFrame(.broadcast(text: "x", key: nil)), RequestFrame(.ack(through: 9)), RequestFrame(.ack(through: 0), id: RequestID(2)),
        ]
        let spaced = [
            " {\t\"user\" : \"yoda\" ,\n\"message\":\"a\", \"action\":\"message\",\"more\":1 } ",
            "{\"action\":\"ack\",\"action\":\"broadcast\",\"message\":\"one\",\"message\":\"two\",\"id\":\"i\"}",
        ]
        let samples = frames.map { $0.encoded() } + spaced.map { Array($0.utf8) }
        for sample in samples { #expect(sample.withUnsafeBytes { RequestFrame(quickly: $0) } != nil) }
        let taken = Mutations.run(Self.runs, of: samples, seed: seed) { input in
            guard let quick = input.withUnsafeBytes({ RequestFrame(quickly: $0) }) else { return false }
            if quick != input.withUnsafeBytes({ try? RequestFrame(parsing: $0) }) {
                Issue.record("\(String(decoding: input, as: UTF8.self)) became \(quick)")
            }
            return true
        }
        #expect(taken > Self.runs / 50, "hardly anything was read the quick way")
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func splittingAndReadingInOnePassFindsTheSame(seed: UInt64) {
        let frames = [
            RequestFrame(.message(to: Self.yoda, text: "hello there", key: MessageKey("k1")), id: RequestID(7)),
            RequestFrame(.broadcast(text: "x", key: nil)), RequestFrame(.ack(through: 9)), RequestFrame(.ping),
        ]
        let samples = [frames.flatMap { $0.encoded() }, Array("{\"action\":\"ack\",\"seq\":1}{\"action\":\"ack\",\"seq\":2} \n".utf8)]
        let limit = 80
        let taken = Mutations.run(Self.runs, of: samples, seed: seed) { input in
            input.withUnsafeBytes { bytes in
                var splitter = FrameSplitter(limit: limit)
                guard let plain = splitter.plainRequest(in: bytes) else { return false }
                guard case .frame(let skip, let length, let isLine) = splitter.next(in: bytes) else {
                    Issue.record("\(String(decoding: bytes, as: UTF8.self)) is no frame")
                    return true
                }
                let frame = try? RequestFrame(parsing: UnsafeRawBufferPointer(rebasing: bytes[skip..<skip + length]))
                if plain.frame != frame || plain.length != skip + length || plain.isLine != isLine {
                    Issue.record("\(String(decoding: bytes, as: UTF8.self)) became \(plain)")
                }
                return true
            }
        }
        #expect(taken > Self.runs / 50, "hardly anything was read in one pass")
    }

    @Test func whatIsLookedAtAlreadyIsNotReadAgainFromItsBeginning() {
        let bytes = RequestFrame(.broadcast(text: "hello", key: nil)).encoded()
        bytes.withUnsafeBytes { bytes in
            var splitter = FrameSplitter(limit: 80)
            #expect(splitter.next(in: UnsafeRawBufferPointer(rebasing: bytes[..<20])) == .needMore)
            #expect(splitter.plainRequest(in: bytes) == nil)
            #expect(splitter.next(in: bytes) == .frame(skip: 0, length: bytes.count - 1, isLine: true))
            #expect(splitter.plainRequest(in: bytes) != nil)
        }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func theQuickWayWritesWhatTheGeneralOneDoes(seed: UInt64) throws {
        let name = try #require(Self.yoda)
        let samples =
            (0...40).map { Array(String(repeating: "some text ", count: 10).utf8.prefix($0)) } + [Array("é\"\\\n\u{7F}\u{0}".utf8)]
        var mutations = Mutations(seed: seed)
        var quick = 0
        for run in 0..<2_000 {
            let text = String(decoding: mutations.mutation(of: samples), as: UTF8.self)
            let receipt = Reply.Receipt(sequence: mutations.next(), time: Timestamp(milliseconds: Int64(bitPattern: mutations.next())))
            let ids = [nil, RequestID(Int64(bitPattern: mutations.next())), RequestID(.string(text)), RequestID(.double(0.5))]
            let id = ids[mutations.below(ids.count)]
            let messages: [ServerMessage] = [
                .event(.message(from: name, text: text, receipt)), .event(.broadcast(from: name, text: text, receipt)),
                .event(.delivered(to: name, through: mutations.next())), .reply(.message(.success, receipt), id: id),
                .reply(.broadcast(sent: run, blocked: mutations.below(9), receipt), id: id), .reply(.message(.empty), id: id),
                .reply(.broadcast(sent: 0, blocked: 0, fault: .tooLong), id: id),
            ]
            for message in messages {
                var (one, other): ([UInt8], [UInt8]) = ([1], [1])
                guard message.encode(quicklyInto: &one) else {
                    #expect(one == [1])
                    continue
                }
                quick += 1
                message.write(into: &other)
                if one != other { Issue.record("\(String(decoding: one, as: UTF8.self))\(String(decoding: other, as: UTF8.self))") }
            }
        }
        #expect(quick > 4_000, "hardly anything was written the quick way")
    }

    @Test func aTextOfAnyLengthIsWhole() throws {
        let name = try #require(Self.yoda)
        for length in [0, 1, 15, 16, 17, 511, 512, 513, 16 * 1024] {
            let text = String(repeating: "x", count: length)
            let receipt = Reply.Receipt(sequence: .max, time: Timestamp(milliseconds: .min))
            let bytes = ServerMessage.event(.message(from: name, text: text, receipt)).encoded()
            #expect(String(decoding: bytes, as: UTF8.self).contains("\"message\":\"\(text)\","))
        }
    }

    /// Each place of a byte that ends the run, among as many as are looked at together.
    @Test(arguments: ["\"", "\\", "\u{1F}", "\u{0}"])
    func whatEndsATextIsFoundWhereverItStands(end: String) {
        for length in 0...40 {
            for place in 0...length {
                var text = Array(repeating: UInt8(ascii: "x"), count: length)
                text.insert(contentsOf: end.utf8, at: place)
                let frame = Array("{\"action\":\"broadcast\",\"message\":\"".utf8) + text + Array("\"}".utf8)
                // A quotation mark ends the text early, the others make it none, or one with an escape.
                #expect(frame.withUnsafeBytes { RequestFrame(quickly: $0) } == nil)
            }
        }
    }
}
