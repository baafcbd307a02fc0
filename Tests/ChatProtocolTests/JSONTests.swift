import ChatProtocol
import Testing

/// The codec takes what RFC 8259 allows, refuses the rest, and writes what it would take.
struct JSONTests {
    private func parse(_ text: String) throws -> JSONObject { try JSONParser.object(in: Array(text.utf8)) }

    private func write(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func valuesOfEveryKind() throws {
        let object = try parse(#" { "a" : 1 , "b":-2.5e3,"c":"x","d":[true,false,null,[]],"e":{} } "#)
        #expect(
            object == [
                "a": .int(1), "b": .double(-2500), "c": .string("x"), "d": .array([.bool(true), .bool(false), .null, .array([])]),
                "e": .object([:]),
            ])
    }

    @Test(arguments: [
        (#""\u0041\n\t\"\\\/\b\f\r""#, "A\n\t\"\\/\u{8}\u{c}\r"), (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"),
        (#""\ude00\ud83dx""#, "\u{FFFD}\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\u0000""#, "\0"),
    ])
    func escapes(_ json: String, _ text: String) throws {
        #expect(try parse(#"{"a":\#(json)}"#)["a"] == .string(text))
    }

    @Test(arguments: [
        "", "{", "}", "{}}", "{}{}", "[]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#,
        #"{"a":+1}"#,
        #"{"a":1e}"#, #"{"a":--1}"#, #"{"a":tru}"#, #"{"a":nul}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12g4"}"#, "{\"a\":\"\n\"}",
        "{\"a\":\"\0\"}", #"{"a":"x}"#, #"{"a":1e999}"#, #"{"a":[1,]}"#, #"{"a":[1 2]}"#, "nul", "{\u{FEFF}}",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONParser.Failure.self) { try parse(text) }
    }

    @Test func invalidUTF8IsRefused() {
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] {
            let frame = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
            #expect(throws: JSONParser.Failure.badUTF8(at: 6)) { try JSONParser.object(in: frame) }
        }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }
        _ = try parse(nested(WireLimits.depth))
        #expect(throws: JSONParser.Failure.tooDeep) { try parse(nested(WireLimits.depth + 1)) }
    }

    @Test func ofARepeatedKeyTheLastCounts() throws {
        #expect(try parse(#"{"a":1,"a":2}"#)["a"] == .int(2))
    }

    @Test func numbersKeepTheirValue() throws {
        for number in [0, 9, 10, -1, -10, Int64.max, .min, 1_234_567_890] {
            #expect(try parse(#"{"a":\#(number)}"#)["a"] == .int(number))
            #expect(write(.int(number)) == "\(number)")
        }
        #expect(try parse(#"{"a":9223372036854775808}"#)["a"] == .double(9223372036854775808))
    }

    @Test func whateverIsWrittenReadsTheSame() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x10FFFF), using: &random))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let object: JSONObject = ["k": .array([.string(text), .int(.random(in: .min ... .max, using: &random))])]
            #expect(try parse(write(.object(object))) == object)
        }
    }

    @Test func noNewlineIsEverWrittenInside() {
        #expect(!write(.string("a\nb\r\u{2028}\u{7F}\u{1B}")).utf8.contains { $0 < 0x20 || $0 == 0x7F })
    }

    /// Runs are looked at eight bytes at a time: what ends one must be found at each place in the eight.
    @Test(arguments: ["\"", "\\", "\n", "\u{1F}", "\u{7F}", "é", "😀", "\u{0}"])
    func aSpecialCharacterIsFoundWhereverItStands(_ special: String) throws {
        for length in 0..<20 {
            for place in 0...length {
                var text = String(repeating: "x", count: length)
                text.insert(contentsOf: special, at: text.index(text.startIndex, offsetBy: place))
                #expect(try parse(write(.object(["k": .string(text), "l": .int(1)]))) == ["k": .string(text), "l": .int(1)])
            }
        }
    }

    @Test(arguments: [UInt8(0), 0x1F, 0x0A, 0xFF, 0xC0])
    func aByteThatMustNotBeInAStringIsFoundWhereverItStands(_ byte: UInt8) {
        for length in 0..<20 {
            for place in 0...length {
                var text = Array(repeating: UInt8(ascii: "x"), count: length)
                text.insert(byte, at: place)
                #expect(throws: JSONParser.Failure.self) { try JSONParser.object(in: Array(#"{"k":""#.utf8) + text + Array(#""}"#.utf8)) }
            }
        }
    }
}
