/// What the objects of `banter tail --json` hold, for the manual.
enum TailFields {
    static let entries: [(term: String, words: String)] = [
        ("message, broadcast", "from, text, and seq and time as the server gave them"),
        ("presence", "online and offline (names), list: who was there already and is no news, reset: forget what you knew"),
        ("connected", "user, resumed"),
        ("disconnected, ended", "reason, in words for people; after disconnected it goes on by itself"),
        ("all", "event: one of these names; time: milliseconds since 1970-01-01 UTC; fields may be added"),
    ]
}
