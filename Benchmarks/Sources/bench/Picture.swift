/// The CPU of every server on every work as a picture in SVG: a bar for the median, a line from the least to the greatest.
struct Picture {
    let results: Results
    let works: [Work]

    private static let width = 860.0
    private static let left = 220.0
    private static let row = 20.0

    var svg: String {
        var y = 8.0
        var shapes: [String] = []
        for work in works {
            let measured = work.contenders.filter { !results.samples(work.id, $0, .cpu).isEmpty }
            // One server may be so slow that the others could not be told apart.
            let sorted = measured.compactMap { results.median(work.id, $0, .cpu) }.sorted()
            guard let most = sorted.last(where: { $0 <= 6 * sorted[sorted.count / 2] }) else { continue }
            y += 22
            shapes.append(Self.text(work.title + ", CPU µs for each delivery", x: 8, y: y, "t"))
            y += 8
            for contender in measured {
                shapes += bar(work, contender, y: y, scale: (Self.width - Self.left - 110) / most)
                y += Self.row
            }
            y += 12
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(y))" font-family="sans-serif" font-size="13">
            <style>.t { font-weight: bold } .us { fill: #2a6fdb } .peer { fill: #a3acb8 } text { fill: #1f2328 } line { stroke: #1f2328 }</style>
            <rect width="100%" height="100%" fill="#ffffff"/>
            \(shapes.joined(separator: "\n"))
            </svg>

            """
    }

    private func bar(_ work: Work, _ contender: Contender, y: Double, scale: Double) -> [String] {
        let samples = results.samples(work.id, contender, .cpu)
        guard let median = results.median(work.id, contender, .cpu), let least = samples.min(), let most = samples.max() else { return [] }
        let room = Self.width - Self.left - 100
        let length = min(median * scale, room)
        let (from, to) = (Self.left + min(least * scale, room), Self.left + min(most * scale, room))
        let middle = y + Self.row / 2 - 2
        let label = figure(median) + (median * scale > room ? " →" : "")
        return [
            Self.text(contender.title, x: Self.left - 8, y: y + 13, "n", anchor: "end"),
            "<rect class=\"\(contender.isOurs ? "us" : "peer")\" x=\"\(Self.left)\" y=\"\(y)\" width=\"\(Self.short(length))\" height=\"\(Self.row - 4)\"/>",
            "<line x1=\"\(Self.short(from))\" x2=\"\(Self.short(to))\" y1=\"\(middle)\" y2=\"\(middle)\"/>",
            Self.text(label, x: max(Self.left + length, to) + 6, y: y + 13, "n"),
        ]
    }

    private static func text(_ words: String, x: Double, y: Double, _ style: String, anchor: String = "start") -> String {
        "<text class=\"\(style)\" x=\"\(short(x))\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(words)</text>"
    }

    private static func short(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
