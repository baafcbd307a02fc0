/// Something to say in several lengths, so that every width has one that is whole.
enum Wording {
    /// What separates the parts of a text, the most useful of which comes first.
    private static let separator = " · "

    /// The first that fits. If none does, as many whole parts of the last, the shortest, as fit, and at worst its first words.
    static func fitting(_ width: Int, _ versions: [String]) -> String {
        if let whole = versions.first(where: { DisplayWidth.cells($0) <= width }) { return whole }
        guard let least = versions.last else { return "" }
        return parts(of: least, width: width) ?? words(of: least, width: width)
    }

    /// As many whole parts from the beginning as fit; `nil` if not even the first does.
    private static func parts(of text: String, width: Int) -> String? {
        var fitting: String?
        var start = text.startIndex
        while let end = next(separator, in: text, from: start) {
            guard DisplayWidth.cells(text[..<end]) <= width else { break }
            fitting = String(text[..<end])
            start = text.index(end, offsetBy: separator.count)
        }
        return fitting
    }

    /// As many whole words as fit with a sign that there are more. A word that fills the line is cut.
    private static func words(of text: String, width: Int) -> String {
        let cut = DisplayWidth.truncated(text, width: width)
        guard let blank = cut.lastIndex(of: " "), cut.distance(from: cut.startIndex, to: blank) * 2 > cut.count else { return cut }
        return cut[..<blank] + "…"
    }

    private static func next(_ wanted: String, in text: String, from start: String.Index) -> String.Index? {
        var start = start
        while start < text.endIndex {
            if text[start...].hasPrefix(wanted) { return start }
            start = text.index(after: start)
        }
        return nil
    }
}
