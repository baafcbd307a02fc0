/// All figures of a run: for each work, contender and metric one for each round.
struct Results {
    private struct Key: Hashable {
        let work: String
        let contender: String
        let metric: Metric
    }

    private var samples: [Key: [Double]] = [:]

    mutating func add(_ figures: [Metric: Double], _ work: Work, _ contender: Contender) {
        for (metric, value) in figures { samples[Key(work: work.id, contender: contender.id, metric: metric), default: []].append(value) }
    }

    func samples(_ work: String, _ contender: Contender, _ metric: Metric) -> [Double] {
        samples[Key(work: work, contender: contender.id, metric: metric)] ?? []
    }

    func median(_ work: String, _ contender: Contender, _ metric: Metric) -> Double? {
        Self.median(samples(work, contender, metric))
    }

    /// The median over the rounds of how many times `other`'s figure the contender's is: what changed between rounds did so for both.
    func ratio(_ work: String, _ contender: Contender, to other: Contender, _ metric: Metric) -> Double? {
        let pairs = zip(samples(work, contender, metric), samples(work, other, metric))
        return Self.median(pairs.compactMap { $1 > 0 ? $0 / $1 : nil })
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
