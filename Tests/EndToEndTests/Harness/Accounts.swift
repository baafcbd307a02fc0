/// The accounts of the sample file, and how to make more.
enum Accounts {
    static let sample = [
        "hans": "falcon", "yoda": "wise", "vader": "sithlord", "r2d2": "socute", "c3p0": "droid", "leia": "blasterpistol",
        "obiwan": "jedimaster", "luke": "lightsaber", "chewy": "wookie", "palpatine": "darkside",
    ]

    /// Text of a credentials file with the sample accounts.
    static let sampleFile = sample.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()

    /// Text of a credentials file with `count` accounts `user0`, `user1`, … whose password is `secret`.
    static func numbered(_ count: Int) -> String {
        (0..<count).map { "user\($0) secret\n" }.joined()
    }

    static func password(of name: String) -> String { sample[name] ?? "secret" }
}
