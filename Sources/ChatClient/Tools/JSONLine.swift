import ChatProtocol

/// One JSON object as a line that does no harm on a terminal either: beyond ASCII, whatever controls or hides is escaped.
enum JSONLine {
    static func text(_ members: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        json.beginObject()
        members(&json)
        json.endObject()
        return escaped(String(decoding: json.bytes, as: UTF8.self))
    }

    /// Characters beyond ASCII stand in strings alone, so each can become an escape where it is.
    static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: mustEscape) else { return json }
        var out = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            guard mustEscape(scalar) else {
                out.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                out.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            }
        }
        return String(out)
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
