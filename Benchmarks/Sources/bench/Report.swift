import Foundation

/// What a run found, as Markdown: first the bars, then all figures.
struct Report {
    let results: Results
    let works: [Work]
    let machine: Machine
    let rounds: Int
    let seconds: Double
    /// The file that the page shows, if there is one.
    var picture: String?

    var text: String {
        var parts = [
            """
            # Results

            \(machine.date), \(machine.description). Made by `Benchmarks/run`, which measures anew and writes this page.

            """
        ]
        if let picture { parts.append("![CPU of the server for each delivery](\(picture))\n") }
        parts += [bars, method] + works.map(table)
        return parts.joined(separator: "\n")
    }

    private var bars: String {
        var lines = ["## Bars", "", "CPU of the server for each delivery, unless a unit is named. Bold is missed.", ""]
        lines += ["| work | Banter | must | aim |", "|---|---|---|---|"]
        for bar in Bar.all {
            guard let value = results.median(bar.work, bar.contender, bar.metric) else { continue }
            lines.append(
                "| \(bar.title) | \(figure(value)) \(bar.metric.unit) | \(verdicts(bar.must, on: bar)) | \(verdicts(bar.aim, on: bar)) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func verdicts(_ limits: [Bar.Limit], on bar: Bar) -> String {
        limits.compactMap { $0.verdict(on: bar, results) }.map { $0.isMet ? "\($0.words)" : "**\($0.words)**" }.joined(separator: "; ")
    }

    private var method: String {
        """
        ## Method

        One machine, loopback, the load generator on the same cores. For each round, work and server: the server is started afresh, the
        clients log in, 0.3 s of load warm it up, and it is measured for \(figure(seconds)) s (5 s at a fixed rate); the servers take turns,
        \(rounds) rounds. Messages have 100 bytes. Every client checks that it receives every message once and in order, and every
        sender that each of its messages was confirmed where the server confirms; a run in which anything is missing is an error. The CPU is
        that of the server's process, all its threads, user and system, from the kernel's clock for the process.

        A window is how many messages a sender may be ahead of what was received. Floods are limited nowhere: Banter runs with
        `--no-flood-limit` and, since its password hash is slow on purpose, `--password-cost 4`; the peers' settings are in
        `Sources/bench/PeerConfiguration.swift`. "floor" is a program that does one write for each receiver and turn, and nothing else. Banter's
        clients are the original's unless "its own" are named; those send keys and ids, and acknowledge what they receive. None of the peers
        but Prosody keeps a message on disk; Banter with SQLite does before it confirms or delivers it.

        Figures are medians of the rounds with the least and the greatest in brackets; what has none was measured once. Ratios are medians of the rounds' ratios.

        """
    }

    private func table(_ work: Work) -> String {
        let metrics = Metric.allCases.filter { metric in work.contenders.contains { !results.samples(work.id, $0, metric).isEmpty } }
        let main = work.contenders.first { $0.isOurs }
        let compares = metrics.contains(.cpu)
        var lines = ["## \(work.title)", ""]
        lines.append("| server | \(metrics.map(\.rawValue).joined(separator: " | ")) |\(compares ? " Banter / this |" : "")")
        lines.append("|---|" + metrics.map { _ in "---|" }.joined() + (compares ? "---|" : ""))
        for contender in work.contenders where !results.samples(work.id, contender, metrics.first ?? .cpu).isEmpty {
            var line = "| \(contender.title) |"
            for metric in metrics { line += " \(cell(results.samples(work.id, contender, metric), work, contender, metric)) |" }
            if compares, let main {
                let ratio = contender.isOurs ? nil : results.ratio(work.id, main, to: contender, .cpu)
                line += " \(ratio.map(figure) ?? "") |"
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func cell(_ samples: [Double], _ work: Work, _ contender: Contender, _ metric: Metric) -> String {
        guard let median = results.median(work.id, contender, metric), let least = samples.min(), let most = samples.max() else {
            return ""
        }
        return samples.count == 1 ? figure(median) : "\(figure(median)) (\(figure(least))–\(figure(most)))"
    }
}
