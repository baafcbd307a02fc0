import Testing

extension Machines {
    /// From now on neither of the two hears anything of the other, and nothing tells either so. Others are not touched, nor pairs silenced
    /// before.
    func silence(_ one: String, _ other: String) throws { try separate([one, other]) }

    /// Everybody hears everybody again.
    func restore(_ some: [String]) throws { for name in some { try port(of: name, isIsolated: false) } }

    /// From now on a machine sends no more than so many kilobits a second, and what does not fit into a queue of some kilobytes is lost: a bad line,
    /// with loss and delay of its own making.
    func spoilLine(of name: String, kilobits: Int, queue: String) throws {
        func tc(_ words: String) throws { try run("tc", ["-n", namespace(name), words]) }
        try tc("qdisc add dev eth0 root handle 1: htb default 10")
        try tc("class add dev eth0 parent 1: classid 1:10 htb rate \(kilobits)kbit burst 2k cburst 2k")
        try tc("qdisc add dev eth0 parent 1:10 bfifo limit \(queue)")
    }

    func mendLine(of name: String) throws { try run("tc", ["-n", namespace(name), "qdisc del dev eth0 root"]) }

    /// Packets that a machine's line has lost.
    func lost(by name: String) throws -> Int {
        let output = try CommandRun("tc", ["-n", namespace(name), "-s", "qdisc", "show", "dev", "eth0"], folder: folder).output
        let counts = output.split(separator: "dropped ").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
        return counts.max() ?? 0
    }
}
